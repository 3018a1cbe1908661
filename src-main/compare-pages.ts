import { version } from '../package.json'
import type { Clock } from './base/clock'
import { UserError } from './base/user-error'
import { KafkaClient } from './client/client'
import type { Dial } from './client/dial'
import { readOnly } from './client/read-only'
import { RegistryCallError } from './client/registry-client'
import { pinned } from './cluster-pin'
import { clusterSettings } from './cluster-settings'
import { clientCluster } from './compare/client-cluster'
import type { ComparedCluster } from './compare/cluster'
import { compareClusters } from './compare/compare'
import type { RegistryReader } from './compare/registry-subjects'
import type { ConnectionKeeper } from './connections/keeper'
import type { ComparedSide } from './contract/comparison'
import { decodingRegistryFrom } from './decoding-registry'
import type { RegistryAccess } from './desk/chosen-registry/access'
import { askRegistry } from './desk/chosen-registry/http'
import { refusal } from './desk/chosen-registry/remote-schemas'
import type { ComparisonSource } from './desk/source/comparison'
import { keptCluster } from './stored-connections'

export interface ComparedPages {
  /** What the pages show. */
  readonly here: ComparedCluster
  readonly keeper: ConnectionKeeper
  readonly clock: Clock
  /** By default TCP. */
  readonly dial?: Dial
}

/** Comparisons for pages: of what they show and of stored connections. */
export function comparisonSource(parts: ComparedPages): ComparisonSource {
  return {
    async compare(a, b, give, signal) {
      const clients: KafkaClient[] = []
      const dispose = () => {
        for (const client of clients) client.dispose()
      }
      signal.addEventListener('abort', dispose)
      const open = async (id: string | null, side: ComparedSide): Promise<ComparedCluster | null> => {
        if (id === null) return parts.here
        try {
          return await stored(id, parts, clients)
        } catch (error) {
          if (!(error instanceof UserError)) throw error
          give({ type: 'untold', side, part: null, isAll: true, why: error.message })
          return null
        }
      }
      try {
        const [one, other] = await Promise.all([open(a, 'a'), open(b, 'b')])
        if (one && other && !signal.aborted) await compareClusters({ a: one, b: other }, give, signal)
      } finally {
        dispose()
      }
    },
  }
}

async function stored(
  id: string,
  { keeper, clock, dial }: ComparedPages,
  clients: KafkaClient[],
): Promise<ComparedCluster> {
  const named = await keptCluster(keeper, id)
  // Settings that are not understood are named where the connection is tried.
  const { settings } = clusterSettings(named, version, () => {})
  const registry = await decodingRegistryFrom(named.properties, named.origin)
  const client = new KafkaClient(
    {
      ...settings,
      clientId: 'ottla-compare',
      forbids: readOnly('A comparison writes nothing.'),
      refusesCluster: pinned(named.pin?.known ?? null),
    },
    dial ? { clock, dial } : { clock },
  )
  clients.push(client)
  return clientCluster(client, registry && registryReader(registry))
}

/** A schema registry that is reached as the one that values are read with. */
export function registryReader(access: RegistryAccess): RegistryReader {
  return {
    async get(path) {
      const where = `The registry at ${access.url}`
      const answer = await askRegistry(access, path).catch((error: unknown) => {
        throw new RegistryCallError(
          `${where} cannot be reached: ${error instanceof Error ? error.message : String(error)}.`,
        )
      })
      if (answer.status === 200) return answer.body
      throw new RegistryCallError(`${refusal(where, answer)}.`, answer.status)
    },
  }
}
