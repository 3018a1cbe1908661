import { join } from 'node:path'
import { version } from '../package.json'
import type { App } from './app'
import { auditLog } from './audit-log'
import { KafkaClient } from './client/client'
import { readOnly } from './client/read-only'
import { type ClientSettings, nameOf } from './client/settings'
import { clusterSettings } from './cluster-settings'
import { serve } from './contract/server'
import type { Wire } from './contract/wire'
import type { ClusterLabel } from './contract/workspace'
import { decodingRegistryOf } from './decoding-registry'
import { createDesk, type Desk } from './desk/desk'
import { readOnlyRule, remoteSource } from './desk/remote/remote'
import { type ServeOptions, UsageError } from './options/serve'
import type { MachineParts } from './pages'
import { newToken } from './web/access'
import { startPageServer } from './web/page-server'
import { socketWire } from './wires/web-socket'

/** The pages over a cluster elsewhere: no broker, no file. */
export type RemoteApp = Pick<App, 'kafka' | 'registry' | 'ui' | 'file' | 'stop'>

/**
 * Connects to a cluster and serves the pages for it. While no page is open, nothing is asked of the cluster.
 *
 * @throws UsageError, SettingsError, ClientError, KafkaError and PagePortError, whose messages are sentences for the user
 */
export async function startRemoteApp(
  cluster: NonNullable<ServeOptions['cluster']>,
  { uiPort, decodingRegistry }: Pick<ServeOptions, 'uiPort' | 'decodingRegistry'>,
  { clock, logOf, entriesFolder }: MachineParts,
): Promise<RemoteApp> {
  if (uiPort === null) throw new UsageError('--cluster serves pages: leave --no-ui out.')
  const log = logOf('client')
  const onError = (error: unknown) => log.error(error instanceof Error ? error.message : String(error))
  const { settings, label } = clusterSettings(cluster.file, version, (text) => log.warn(text))
  const rule = cluster.isWritable ? { forbids: writingRule(label, cluster.unlocked, clock) } : { forbids: readOnlyRule }
  const audit = auditLog(cluster.auditFile, label.name, () => clock.now())
  const client = new KafkaClient({ ...settings, ...rule, audit }, { clock })
  const wires = new Set<Wire>()
  let desk: Desk | undefined
  try {
    const registry = decodingRegistryOf(decodingRegistry ?? cluster.file)
    const source = await remoteSource({ client, registry, clock, isReadOnly: !cluster.isWritable, label, onError })
    const addresses = settings.bootstrap.map(nameOf)
    const onPage = (wire: Wire) => {
      wires.add(wire)
      desk ??= createDesk({ source, clock, version, addresses, listeners: [], registryUrl: null, onError })
      serve(wire, desk.handlers, onError)
      wire.onClose(() => {
        wires.delete(wire)
        if (wires.size > 0) return
        desk?.dispose()
        desk = undefined
      })
    }
    const pages = await startPageServer({
      folder: join(entriesFolder, '../renderer'),
      port: uiPort,
      token: newToken(),
      onPage: (socket) => onPage(socketWire(socket)),
      log: logOf('web'),
    })
    return {
      kafka: addresses,
      registry: null,
      ui: pages.url,
      file: null,
      async stop() {
        for (const wire of wires) wire.close()
        await pages.stop()
        desk?.dispose()
        client.dispose()
      },
    }
  } catch (error) {
    client.dispose()
    throw error
  }
}

/** Time for which a cluster in production may be changed. */
const unlockedMs = 15 * 60_000

/** A cluster in production is changed only by those who type its name, and only for a while. @throws UsageError */
function writingRule(
  { name, stage }: Omit<ClusterLabel, 'isReadOnly'>,
  unlocked: string | null,
  clock: MachineParts['clock'],
): ClientSettings['forbids'] {
  if (stage !== 'production') return () => undefined
  if (unlocked !== name) {
    throw new UsageError(
      `${name} is in production: to change it for 15 minutes, add --unlock with its name: --unlock "${name}".`,
    )
  }
  const until = clock.now() + unlockedMs
  const over = readOnly('The 15 minutes in which this cluster could be changed are over. Start again to unlock it.')
  return (api) => (clock.now() < until ? undefined : over(api))
}
