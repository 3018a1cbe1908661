import { version } from '../package.json'
import type { Clock } from './base/clock'
import { examine } from './client/doctor'
import { readOnly } from './client/read-only'
import { pinned } from './cluster-pin'
import { clusterSettings } from './cluster-settings'
import { readConnections } from './connections/import/read'
import type { ConnectionKeeper } from './connections/keeper'
import type { ConnectionDraft } from './contract/connections'
import type { ConnectionSource } from './desk/source/connections'
import { resolve } from './own-doctor'

/** The stored connections for pages: kept by `keeper`, tried from this process. */
export function connectionSource(keeper: ConnectionKeeper, clock: Clock): ConnectionSource {
  return {
    changed: keeper.changed,
    view: () => keeper.view(),
    save: (draft) => keeper.save(draft),
    duplicate: (id) => keeper.duplicate(id),
    remove: (id) => keeper.remove(id),
    open: (id, view) => keeper.open(id, view),
    unpin: (id) => keeper.pin(id, null),
    test: (draft) => testOf(keeper, draft, clock),
    read: async ({ text, fileName }) =>
      readConnections(text, fileName).map(({ name, kind, rows }) => ({ name, kind, rows })),
    async import({ text, fileName, chosen, storesSecrets }) {
      const found = readConnections(text, fileName)
      const ids: string[] = []
      for (const { index, name } of chosen) {
        const one = found[index]
        // What is a secret among them is told apart where it is stored.
        const settings = Object.fromEntries(one?.settings ?? [])
        const draft = { id: null, name, color: null, stage: one?.stage ?? null, settings, secrets: {}, storesSecrets }
        ids.push(await keeper.save(draft))
      }
      return ids
    },
  }
}

/** Clusters that stored connections mark as production, by their ids. `end` stops hearing of changes. */
export async function productionClusters(
  keeper: ConnectionKeeper,
  onError: (error: unknown) => void,
): Promise<{ readonly nameOf: (clusterId: string) => string | undefined; readonly end: () => void }> {
  let names: ReadonlyMap<string | null, string> = new Map()
  const look = async () => {
    const { connections } = await keeper.view()
    names = new Map(
      connections.flatMap(({ clusterId, stage, name }) => (stage === 'production' ? [[clusterId, name] as const] : [])),
    )
  }
  await look()
  return { nameOf: (clusterId) => names.get(clusterId), end: keeper.changed(() => void look().catch(onError)) }
}

async function* testOf(keeper: ConnectionKeeper, draft: ConnectionDraft, clock: Clock) {
  const properties = new Map(Object.entries(await keeper.dialSettingsOfDraft(draft)))
  const { connections } = await keeper.view()
  const known = connections.find(({ id }) => id === draft.id)?.clusterId ?? null
  const label = { name: draft.name, stage: draft.stage, color: draft.color }
  const unknown: string[] = []
  const { settings } = clusterSettings({ properties, origin: 'The form', label }, version, (text) => unknown.push(text))
  const forbids = readOnly('A test writes nothing.')
  const refusesCluster = pinned(known)
  for (const text of unknown) yield { step: 'settings', at: draft.name, passed: true, text, advice: null }
  yield* examine({ ...settings, clientId: 'ottla-test', forbids, refusesCluster }, { clock, resolve })
}
