import { comparedVersions, incompatibilities } from './compatibility'
import { checkRuleSet, hasDefaults, withDefaults } from './contracts'
import { guidOf } from './guid'
import { sameVersion } from './lookup'
import type { RegistryRecord } from './records'
import { type Outcome, parseNew, type Registry } from './registry'
import { type PlainObject, type Reference, RegistryError, type Schema, type SchemaType, type Version } from './schema'
import { configInScope, modeInScope } from './scope'
import { checkSubject, defaultContext, splitSubject } from './subject-name'

/** The body of a registration. */
export interface Registration {
  readonly type: SchemaType
  /** null or blank: that of the latest version, so that only metadata or rules change. */
  readonly text: string | null
  readonly references: readonly Reference[]
  readonly metadata: PlainObject | null
  readonly ruleSet: PlainObject | null
  /** Given by who imports. */
  readonly id: number | null
  readonly version: number | null
}

export interface RegisterOptions {
  /** null: as the config says. */
  readonly normalize: boolean | null
  readonly force: boolean
  /** Now, in ms. */
  readonly at: number
}

/** `POST /subjects/S/versions`. @throws RegistryError 409, 42201, 42205, 42207, 42208, 42210 */
export function register(
  registry: Registry,
  subject: string,
  given: Registration,
  { normalize: asked, force, at }: RegisterOptions,
): Outcome<Version> {
  const { state } = registry
  checkRuleSet(given.ruleSet)
  checkSubject(subject)
  const config = configInScope(state, subject)
  const normalize = asked ?? config.normalize ?? false
  const live = state.versions(subject, 'live')
  const plain = withTextOf(given, live.at(-1))
  if (plain && given.id === null && given.version === null && !hasDefaults(config)) {
    const parsed = parseNew(registry, plain, subject, { isNew: false, normalize })
    const same = sameVersion(registry, subject, plain, parsed, false)
    if (same) return { records: [], answer: same }
  }
  checkMode(registry, subject, given)
  if (!plain) throw new RegistryError(42201, 'Empty schema')
  const schema = { ...plain, ...withDefaults(inherited(plain, live.at(-1)), config) }
  const parsed = parseNew(registry, schema, subject, { isNew: true, normalize })
  const stored: Schema = { ...schema, text: parsed.text }
  const same = sameVersion(registry, subject, stored, parsed, false)
  if (same && given.version === null && (given.id === null || given.id === same.id))
    return { records: [], answer: same }
  const imports = isImporting(registry, subject)
  if (!imports && !force) {
    const messages = incompatibilities(
      registry,
      parsed,
      stored.metadata,
      comparedVersions(live, stored, config),
      config,
    )
    if (messages.length > 0) throw incompatible(subject, messages)
  }
  const number = numberOf(registry, subject, given.version, imports)
  const { context } = splitSubject(subject)
  const known = state.entryOf(context, stored)
  const id = given.id ?? known?.id ?? state.maxId(context) + 1
  const taken = state.entry(context, id)
  if (taken && taken !== known) {
    throw new RegistryError(42205, `Overwrite new schema with id ${id} is not permitted.`)
  }
  // The text of an id is the one that was first given it.
  const version: Version = {
    subject,
    version: number,
    id,
    guid: known?.guid ?? guidOf(stored),
    schema: taken?.schema ?? stored,
    deleted: false,
    at,
  }
  return { records: [...removals(registry, version), recordOf(version)], answer: version }
}

function recordOf(version: Version): RegistryRecord {
  return { kind: 'schema', subject: version.subject, number: version.version, version }
}

/** Soft-deleted versions of the same schema go for good when it is registered again, unless something refers to them. */
function removals({ state }: Registry, version: Version): RegistryRecord[] {
  return state
    .versions(version.subject, 'all')
    .filter((other) => other.deleted && other.id === version.id && other.version < version.version)
    .filter((other) => state.referrers(other.subject, other.version).length === 0)
    .map((other) => ({ kind: 'schema', subject: other.subject, number: other.version, version: null }))
}

function withTextOf(given: Registration, latest: Version | undefined): Schema | undefined {
  const { metadata, ruleSet } = given
  if (given.text !== null && given.text.trim() !== '') {
    return { type: given.type, text: given.text, references: given.references, metadata, ruleSet }
  }
  return latest && { ...latest.schema, metadata, ruleSet }
}

/** Metadata and rules that are not given are those of the latest version. */
function inherited(schema: Schema, latest: Version | undefined) {
  return {
    metadata: schema.metadata ?? latest?.schema.metadata ?? null,
    ruleSet: schema.ruleSet ?? latest?.schema.ruleSet ?? null,
  }
}

function isImporting({ state }: Registry, subject: string): boolean {
  const mode = modeInScope(state, subject)
  return mode === 'IMPORT' || mode === 'FORWARD'
}

function checkMode(registry: Registry, subject: string, { id }: Registration): void {
  checkWritable(registry, subject)
  const imports = isImporting(registry, subject)
  if (id !== null && !imports) throw wrongMode(subject, 'is not in import mode')
  if (id === null && imports) throw wrongMode(subject, 'is not in read-write mode')
}

/** @throws RegistryError 42205 */
export function checkWritable({ state }: Registry, subject: string): void {
  const mode = modeInScope(state, subject)
  if (mode === 'READONLY' || mode === 'READONLY_OVERRIDE') throw wrongMode(subject, 'is in read-only mode')
}

function wrongMode(subject: string, what: string): RegistryError {
  const { context, subject: name } = splitSubject(subject)
  const place = context === defaultContext ? '' : ` in context ${context}`
  return new RegistryError(42205, `Subject ${name}${place} ${what}`)
}

function numberOf({ state }: Registry, subject: string, given: number | null, imports: boolean): number {
  const next = (state.versions(subject, 'all').at(-1)?.version ?? 0) + 1
  if (given === null || given === -1 || given === 0 || given === next) return next
  if (!imports) throw new RegistryError(42201, 'Version is not one more than previous version')
  if (state.version(subject, given)) {
    throw new RegistryError(42205, `Overwrite of version ${given} of subject ${subject} is not permitted.`)
  }
  return given
}

function incompatible(subject: string, messages: readonly string[]): RegistryError {
  return new RegistryError(
    409,
    `Schema being registered is incompatible with an earlier schema for subject "${subject}", details: [${messages.join(', ')}]`,
  )
}
