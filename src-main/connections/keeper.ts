import { Emitter, type Listen } from '../base/emitter'
import { UserError } from '../base/user-error'
import type { ConnectionDraft, ConnectionsView } from '../contract/connections'
import type { Connections } from './connections'

/** The process that keeps the connections, as the threads that serve pages see it. */
export interface ConnectionKeeper {
  readonly changed: Listen<void>
  view(): Promise<ConnectionsView>
  save(draft: ConnectionDraft): Promise<string>
  duplicate(id: string): Promise<string>
  remove(id: string): Promise<void>
  pin(id: string, clusterId: string | null): Promise<void>
  /** Opens a window of its own, at a view or, with null, where it was. @throws UserError where there are no windows */
  open(id: string, view: string | null): Promise<void>
  /** Name, stage and all settings with their secrets, to dial with. @throws UserError when a secret is missing */
  dialSettings(id: string): Promise<DialledConnection>
  /** All settings with their secrets, of a form that is tried. */
  dialSettingsOfDraft(draft: ConnectionDraft): Promise<Readonly<Record<string, string>>>
}

/** What is needed to dial. It never goes to a page. */
interface DialledConnection extends Pick<ConnectionsView['connections'][number], 'name' | 'color' | 'stage'> {
  readonly settings: Readonly<Record<string, string>>
  readonly clusterId: string | null
}

/** The connections of this process. @param open opens a window; null: this process has none */
export function keeperOf(
  connections: Connections,
  open: ((id: string, view: string | null) => void) | null,
): ConnectionKeeper {
  return {
    changed: connections.changed,
    view: async () => ({
      connections: connections.lines(),
      secretStorage: connections.secretStorage,
      problem: connections.problem,
      opensWindows: open !== null,
    }),
    save: async (draft) => connections.save(draft),
    duplicate: async (id) => connections.duplicate(id, connections.secretStorage === 'keyring'),
    remove: async (id) => connections.remove(id),
    pin: async (id, clusterId) => connections.pin(id, clusterId),
    async open(id, view) {
      if (!open) throw new UserError('Only the desktop app has windows.')
      open(connections.byId(id).id, view)
    },
    async dialSettings(id) {
      const { name, color, stage, clusterId } = connections.byId(id)
      const { settings, missing } = connections.settings(id)
      if (missing.length > 0) {
        throw new UserError(`${name} needs ${missing.join(', ')}. Enter it on the Connections page.`)
      }
      return { name, color, stage, clusterId, settings: Object.fromEntries(settings) }
    },
    dialSettingsOfDraft: async (draft) => Object.fromEntries(connections.settingsOfDraft(draft)),
  }
}

type Method = Exclude<keyof ConnectionKeeper, 'changed'>

/** What a thread asks of the process that keeps the connections. */
export interface KeeperCall {
  readonly type: 'keeper'
  readonly call: number
  readonly method: Method
  readonly input: readonly unknown[]
}

/** Its answer, and the news that something changed. */
export type KeeperNews =
  | { readonly type: 'kept'; readonly call: number; readonly value: unknown; readonly error: string | null }
  | { readonly type: 'connectionsChanged' }

/** Answers a call of a thread. */
export async function answerKeeperCall(
  keeper: ConnectionKeeper,
  { call, method, input }: KeeperCall,
): Promise<KeeperNews> {
  const run = keeper[method] as (...input: readonly unknown[]) => Promise<unknown>
  try {
    return { type: 'kept', call, value: (await run(...input)) ?? null, error: null }
  } catch (error) {
    return { type: 'kept', call, value: null, error: error instanceof Error ? error.message : String(error) }
  }
}

/** The keeper of another thread. `heard` takes what that one says. */
export function distantKeeper(
  say: (call: KeeperCall) => void,
  onError: (error: unknown) => void,
): { readonly keeper: ConnectionKeeper; readonly heard: (news: KeeperNews) => void } {
  const changes = new Emitter<void>(onError)
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>()
  let calls = 0
  const ask =
    <T>(method: Method) =>
    (...input: readonly unknown[]) =>
      new Promise<T>((resolve, reject) => {
        const call = ++calls
        waiting.set(call, { resolve, reject })
        say({ type: 'keeper', call, method, input })
      })
  return {
    keeper: {
      changed: changes.listen,
      view: ask('view'),
      save: ask('save'),
      duplicate: ask('duplicate'),
      remove: ask('remove'),
      pin: ask('pin'),
      open: ask('open'),
      dialSettings: ask('dialSettings'),
      dialSettingsOfDraft: ask('dialSettingsOfDraft'),
    },
    heard(news) {
      if (news.type === 'connectionsChanged') {
        changes.emit()
        return
      }
      const asked = waiting.get(news.call)
      waiting.delete(news.call)
      if (news.error !== null) asked?.reject(new UserError(news.error))
      else asked?.resolve(news.value as never)
    },
  }
}
