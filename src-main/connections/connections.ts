import { randomUUID } from 'node:crypto'
import { Emitter } from '../base/emitter'
import { UserError } from '../base/user-error'
import { readBootstrap } from '../client/config/client-config'
import { type Checked, list, map, oneOf, orNull, record, text } from '../contract/check'
import type { ConnectionDraft, ConnectionLine } from '../contract/connections'
import { clusterColors, clusterStages } from '../contract/workspace'
import { JsonFile } from './json-file'
import { isSecret } from './secret-settings'
import type { SecretStore } from './secrets'

const maxConnections = 500

/** A connection as it is stored. Its secrets are elsewhere: here are only their names. */
const stored = record({
  id: text(64),
  name: text(100),
  color: orNull(oneOf(...clusterColors)),
  stage: orNull(oneOf(...clusterStages)),
  settings: map(text(100_000), 100),
  secrets: list(text(200), 100),
  clusterId: orNull(text(200)),
})
export type Connection = Checked<typeof stored>

const content = record({ connections: list(stored, maxConnections) })

export interface ConnectionsParts {
  /** `connections.json` in the app's folder. */
  readonly path: string
  readonly secrets: SecretStore
  readonly now: () => number
  readonly onError: (error: unknown) => void
}

/** The connections that this user has stored, with their secrets. */
export class Connections {
  readonly #file: JsonFile<Checked<typeof content>>
  readonly #secrets: SecretStore
  readonly #changes: Emitter<void>
  readonly #edits: Emitter<string>

  constructor({ path, secrets, now, onError }: ConnectionsParts) {
    this.#file = new JsonFile(path, { check: content, empty: { connections: [] }, now })
    this.#secrets = secrets
    this.#changes = new Emitter(onError)
    this.#edits = new Emitter(onError)
  }

  get changed() {
    return this.#changes.listen
  }

  /** Tells the id of a connection that is dialled or shown otherwise from now on, or that was deleted. */
  get edited() {
    return this.#edits.listen
  }

  get problem(): string | null {
    return this.#file.problem ?? this.#secrets.problem
  }

  get secretStorage(): SecretStore['storage'] {
    return this.#secrets.storage
  }

  all(): readonly Connection[] {
    return this.#file.read().connections
  }

  /** What pages see. */
  lines(): ConnectionLine[] {
    return this.all().map((one) => ({
      ...one,
      secrets: one.secrets.map((setting) => ({ setting, isSet: this.#secrets.get(one.id, setting) !== undefined })),
    }))
  }

  /** @throws UserError when there is no such connection */
  byId(id: string): Connection {
    const found = this.all().find((one) => one.id === id)
    if (!found) throw new UserError('This connection was deleted.')
    return found
  }

  named(name: string): Connection | undefined {
    return this.all().find((one) => isSameName(one.name, name))
  }

  /** Returns the id. @throws UserError for what cannot be saved */
  save(draft: ConnectionDraft): string {
    const all = this.all()
    const id = draft.id ?? randomUUID()
    const before = draft.id === null ? undefined : this.byId(id)
    const name = nameOf(draft.name, all, id)
    if (!before && all.length >= maxConnections) throw new UserError(`There are ${maxConnections} connections already.`)
    const { settings, secrets } = separated(draft)
    const looked = before && this.#lookOf(id)
    readBootstrap(settings['bootstrap.servers'] ?? '')
    this.#secrets.set(id, secrets, draft.storesSecrets)
    const kept = [...new Set([...(before?.secrets ?? []), ...Object.keys(secrets)])]
    const next: Connection = {
      id,
      name,
      color: draft.color,
      stage: draft.stage,
      settings,
      secrets: kept.filter((setting) => secrets[setting] !== null && !Object.hasOwn(settings, setting)),
      clusterId: before?.clusterId ?? null,
    }
    this.#write(before ? all.map((one) => (one.id === id ? next : one)) : [...all, next])
    if (before && this.#lookOf(id) !== looked) this.#edits.emit(id)
    return id
  }

  /** Copies a connection with its secrets. Returns the id of the copy. @throws UserError */
  duplicate(id: string, storesSecrets: boolean): string {
    const { name, color, stage, settings, secrets } = this.byId(id)
    const held = secrets.flatMap((setting) => {
      const value = this.#secrets.get(id, setting)
      return value === undefined ? [] : [[setting, value] as const]
    })
    const copy = { id: null, name: this.freeName(`${name} copy`), color, stage, settings, storesSecrets }
    return this.save({ ...copy, secrets: Object.fromEntries(held) })
  }

  /** @throws UserError */
  remove(id: string): void {
    this.#write(this.all().filter((one) => one.id !== id))
    this.#secrets.remove(id)
    this.#edits.emit(id)
  }

  /** Notes the id of the cluster; null: at the next connect. @throws UserError */
  pin(id: string, clusterId: string | null): void {
    this.byId(id)
    this.#write(this.all().map((one) => (one.id === id ? { ...one, clusterId } : one)))
  }

  /** `name`, or that with a number behind it when there is such a connection. */
  freeName(name: string): string {
    let free = name.trim() || 'cluster'
    for (let i = 2; this.named(free) !== undefined; i++) free = `${name.trim() || 'cluster'} ${i}`
    return free
  }

  /**
   * All settings of a connection with its secrets: for the one who dials, never for a page.
   *
   * @returns what is missing, too: secrets that are not set
   */
  settings(id: string): { readonly settings: Map<string, string>; readonly missing: readonly string[] } {
    const { settings, secrets } = this.byId(id)
    const all = new Map(Object.entries(settings))
    const missing = secrets.filter((setting) => {
      const value = this.#secrets.get(id, setting)
      if (value !== undefined) all.set(setting, value)
      return value === undefined
    })
    return { settings: all, missing }
  }

  /** As `settings`, of what a form has now: what it does not name is as stored. */
  settingsOfDraft(draft: ConnectionDraft): Map<string, string> {
    const { settings, secrets } = separated(draft)
    const all = new Map(Object.entries(settings))
    const kept = draft.id === null ? [] : this.byId(draft.id).secrets
    for (const setting of kept) {
      const value = this.#secrets.get(draft.id ?? '', setting)
      if (value !== undefined && !Object.hasOwn(secrets, setting)) all.set(setting, value)
    }
    for (const [setting, value] of Object.entries(secrets)) if (value !== null) all.set(setting, value)
    return all
  }

  /** Everything of a connection that its pages depend on. */
  #lookOf(id: string): string {
    const { name, stage, color } = this.byId(id)
    const { settings, missing } = this.settings(id)
    return JSON.stringify([name, stage, color, [...settings].sort(), missing])
  }

  #write(connections: readonly Connection[]): void {
    this.#file.write({ connections })
    this.#changes.emit()
  }
}

/** Secrets among the settings go where secrets are kept, however they came. Empty settings are none. */
function separated({ settings, secrets }: ConnectionDraft) {
  const given = Object.entries(settings).filter(([name, value]) => value !== '' && name !== '')
  return {
    settings: Object.fromEntries(given.filter(([name, value]) => !isSecret(name, value))),
    secrets: { ...Object.fromEntries(given.filter(([name, value]) => isSecret(name, value))), ...secrets },
  }
}

/** @throws UserError for a name that cannot be used */
function nameOf(given: string, all: readonly Connection[], id: string): string {
  const name = given.trim()
  if (name === '') throw new UserError('Give the connection a name.')
  const isPath = [...name].some((letter) => letter === '/' || letter === '\\' || letter < ' ')
  if (isPath) throw new UserError('The name of a connection cannot have slashes or line breaks in it.')
  if (/:\d+$/.test(name)) throw new UserError(`The name "${name}" looks like an address. Choose another name.`)
  if (all.some((one) => one.id !== id && isSameName(one.name, name))) {
    throw new UserError(`There is a connection with the name ${name} already. Choose another name.`)
  }
  return name
}

function isSameName(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase()
}
