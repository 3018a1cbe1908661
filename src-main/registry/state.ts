import type { RegistryRecord } from './records'
import { type Schema, sameSchema, type Version } from './schema'
import type { Config, Mode } from './settings'
import { defaultContext, qualify, splitSubject } from './subject-name'

/** A schema of a context, with the versions of subjects that have it. */
export interface Entry {
  readonly id: number
  readonly guid: string
  readonly schema: Schema
  /** Soft-deleted ones too. Never empty. */
  readonly versions: readonly Version[]
}

type OwnEntry = Entry & { readonly versions: Version[] }

interface Subject {
  readonly byNumber: Map<number, Version>
  /** In the order of their numbers; absent until somebody asks. A list is replaced and never changed. */
  inOrder?: readonly Version[] | undefined
}

interface Context {
  /** No id is given twice, also when its schema is gone. */
  maxId: number
  readonly byId: Map<number, OwnEntry>
  /** Schemas of one text may still differ: in their language, references, metadata. */
  readonly byText: Map<string, readonly OwnEntry[]>
  readonly byGuid: Map<string, OwnEntry>
}

/** All that a registry knows: what the records of `_schemas` say when they are replayed in order. */
export class RegistryState {
  readonly #subjects = new Map<string, Subject>()
  /** The names in order, until there is another one. */
  #names: readonly string[] | undefined
  readonly #contexts = new Map<string, Context>()
  readonly #configs = new Map<string, Config>()
  readonly #modes = new Map<string, Mode>()
  #settingsChanges = 0
  /** Versions that refer to a version, by its subject and number. */
  readonly #referrers = new Map<string, Set<Version>>()

  apply(record: RegistryRecord): void {
    switch (record.kind) {
      case 'schema':
        this.#put(record.subject, record.number, record.version)
        return
      case 'config':
        this.#settingsChanges++
        put(this.#configs, scopeOf(record.subject), record.config)
        return
      case 'mode':
        this.#settingsChanges++
        put(this.#modes, scopeOf(record.subject), record.mode)
        return
      case 'deleteSubject':
        for (const version of this.versions(record.subject, 'live')) {
          if (version.version > record.version) continue
          this.#put(record.subject, version.version, { ...version, deleted: true })
        }
        return
      case 'clearSubject':
        for (const version of this.versions(record.subject, 'all')) {
          if (version.deleted) this.#put(record.subject, version.version, null)
        }
        return
      case 'noop':
        return
    }
  }

  /** Ids up to this one have been given: the records of some are gone by now. */
  reserveIds(context: string, maxId: number): void {
    const known = this.#context(context)
    known.maxId = Math.max(known.maxId, maxId)
  }

  maxId(context: string): number {
    return this.#contexts.get(context)?.maxId ?? 0
  }

  /** Qualified names of all subjects with a version, soft-deleted ones too; in order. */
  subjects(): readonly string[] {
    this.#names ??= [...this.#subjects.keys()].sort()
    return this.#names
  }

  /** In the order of their numbers. The list of all is the same one until a version changes. */
  versions(subject: string, which: 'live' | 'all'): readonly Version[] {
    const known = this.#subjects.get(subject)
    if (!known) return []
    known.inOrder ??= [...known.byNumber.values()].sort((a, b) => a.version - b.version)
    return which === 'all' ? known.inOrder : known.inOrder.filter(({ deleted }) => !deleted)
  }

  version(subject: string, number: number): Version | undefined {
    return this.#subjects.get(subject)?.byNumber.get(number)
  }

  entry(context: string, id: number): Entry | undefined {
    return this.#contexts.get(context)?.byId.get(id)
  }

  /** The id of a context that a schema has already. */
  entryOf(context: string, schema: Schema): Entry | undefined {
    const sameText = this.#contexts.get(context)?.byText.get(schema.text)
    return sameText?.find((entry) => sameSchema(entry.schema, schema))
  }

  entriesByGuid(guid: string): { readonly context: string; readonly entry: Entry }[] {
    return [...this.#contexts].flatMap(([context, { byGuid }]) => {
      const entry = byGuid.get(guid)
      return entry ? [{ context, entry }] : []
    })
  }

  /** Contexts with a subject, the default one always; in order. */
  contexts(): string[] {
    const names = new Set([defaultContext, ...this.#contexts.keys()])
    return [...names].sort()
  }

  referrers(subject: string, number: number): Version[] {
    return [...(this.#referrers.get(placeOf(subject, number)) ?? [])]
  }

  /** Set for this scope itself: a qualified subject, a context (`:.eu:`), or `null` for all. */
  config(subject: string | null): Config | undefined {
    return this.#configs.get(scopeOf(subject))
  }

  /** Every scope that has a config of its own, with it. */
  configs(): IterableIterator<[string, Config]> {
    return this.#configs.entries()
  }

  mode(subject: string | null): Mode | undefined {
    return this.#modes.get(scopeOf(subject))
  }

  /** How often a config or a mode was set: what was derived from them is still right while this stays. */
  get settingsChanges(): number {
    return this.#settingsChanges
  }

  #put(subject: string, number: number, version: Version | null): void {
    const known = this.#subjects.get(subject)
    const context = this.#context(splitSubject(subject).context)
    const before = known?.byNumber.get(number)
    if (before) this.#forget(context, before)
    if (known) known.inOrder = undefined
    if (version === null) {
      known?.byNumber.delete(number)
      if (known?.byNumber.size === 0 && this.#subjects.delete(subject)) this.#names = undefined
      return
    }
    if (known) known.byNumber.set(number, version)
    else {
      this.#subjects.set(subject, { byNumber: new Map([[number, version]]) })
      this.#names = undefined
    }
    this.#remember(context, version)
  }

  #remember(context: Context, version: Version): void {
    const { id, guid, schema } = version
    const known = context.byId.get(id)
    if (known) known.versions.push(version)
    else {
      const entry: OwnEntry = { id, guid, schema, versions: [version] }
      context.byId.set(id, entry)
      context.byGuid.set(guid, entry)
      context.byText.set(schema.text, [...(context.byText.get(schema.text) ?? []), entry])
      context.maxId = Math.max(context.maxId, id)
    }
    for (const { subject, version: number } of schema.references) {
      const place = placeOf(referredSubject(version.subject, subject), number)
      const referrers = this.#referrers.get(place) ?? new Set()
      referrers.add(version)
      this.#referrers.set(place, referrers)
    }
  }

  #forget(context: Context, version: Version): void {
    const entry = context.byId.get(version.id)
    if (entry) {
      const at = entry.versions.indexOf(version)
      if (at >= 0) entry.versions.splice(at, 1)
      if (entry.versions.length === 0) forgetEntry(context, entry)
    }
    for (const { subject, version: number } of version.schema.references) {
      this.#referrers.get(placeOf(referredSubject(version.subject, subject), number))?.delete(version)
    }
  }

  #context(name: string): Context {
    const known = this.#contexts.get(name)
    if (known) return known
    const context: Context = { maxId: 0, byId: new Map(), byText: new Map(), byGuid: new Map() }
    this.#contexts.set(name, context)
    return context
  }
}

function forgetEntry({ byId, byText, byGuid }: Context, entry: OwnEntry): void {
  byId.delete(entry.id)
  if (byGuid.get(entry.guid) === entry) byGuid.delete(entry.guid)
  const { text } = entry.schema
  const others = (byText.get(text) ?? []).filter((other) => other !== entry)
  if (others.length > 0) byText.set(text, others)
  else byText.delete(text)
}

function put<T>(map: Map<string, T>, key: string, value: T | null): void {
  if (value === null) map.delete(key)
  else map.set(key, value)
}

/** Settings of all have the key ''. */
function scopeOf(subject: string | null): string {
  return subject ?? ''
}

function placeOf(subject: string, number: number): string {
  return `${number}:${subject}`
}

function referredSubject(from: string, to: string): string {
  return to.startsWith(':.') ? to : qualify({ context: splitSubject(from).context, subject: to })
}
