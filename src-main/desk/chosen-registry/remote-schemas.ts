import type { Clock } from '../../base/clock'
import { entryOfId } from '../../registry/find'
import { guidOf } from '../../registry/guid'
import { plainObject, readReferences, typeOf } from '../../registry/records'
import { Registry } from '../../registry/registry'
import type { Plain, PlainObject, Schema } from '../../registry/schema'
import { relativeTo } from '../../registry/subject-name'
import type { FoundSchema, SchemaName, SchemaSource } from '../decoders/framing'
import { schemasOf } from '../decoders/registry-schemas'
import type { RegistryAccess } from './access'
import { askRegistry, type RegistryAnswer } from './http'

/** Schemas that are kept; with more of them all are asked for again. */
const keptSchemas = 5000
/** Ids that the registry does not know; while there are so many, no others are asked for: the values are probably not framed. */
const keptMissing = 1000
/** What was not found, or could not be asked, is asked for again after this. */
const retryMs = 30_000
const atOnce = 8
/** Schemas that one schema refers to, directly or not. */
const maxReferences = 500

type Ask = (access: RegistryAccess, path: string) => Promise<RegistryAnswer>

/** The registry cannot be asked now, whatever the id is. */
class Unreachable extends Error {}

/**
 * The schemas of a registry elsewhere. Records are decoded one after the other and at once, so what they name is fetched before, by
 * `prepare`; it is kept in a registry of our own, which resolves references and parses.
 */
export class RemoteSchemas implements SchemaSource {
  readonly where: string
  readonly #access: RegistryAccess
  readonly #clock: Pick<Clock, 'now'>
  readonly #ask: Ask
  readonly #underWay = new Map<string, Promise<void>>()
  /** Until when, and why; `null`: the registry does not have it. */
  readonly #missing = new Map<string, { readonly until: number; readonly problem: string | null }>()
  #registry = new Registry()
  #schemas = schemasOf(() => this.#registry)
  #kept = 0
  #down: { readonly until: number; readonly problem: string } | undefined

  constructor(access: RegistryAccess, clock: Pick<Clock, 'now'>, ask: Ask = askRegistry) {
    this.where = `the registry at ${access.url}`
    this.#access = access
    this.#clock = clock
    this.#ask = ask
  }

  byId(id: number, subject: string): FoundSchema | undefined {
    return this.#schemas.byId(id, subject) ?? this.#absent({ id, subject })
  }

  byGuid(guid: string): FoundSchema | undefined {
    return this.#schemas.byGuid(guid) ?? this.#absent({ guid, subject: '' })
  }

  async prepare(names: readonly SchemaName[]): Promise<void> {
    const now = this.#clock.now()
    const { problem } = this.#access
    if (problem !== undefined) this.#down = { until: now + retryMs, problem }
    if (this.#down && this.#down.until > now) return
    this.#down = undefined
    for (const [key, { until }] of this.#missing) if (until <= now) this.#missing.delete(key)
    const wanted = new Map(
      names.filter((name) => !this.#knows(name) && !this.#missing.has(keyOf(name))).map((name) => [keyOf(name), name]),
    )
    const left = [...wanted.values()].slice(0, keptMissing - this.#missing.size)
    while (left.length > 0 && !this.#down) {
      await Promise.all(left.splice(0, atOnce).map((name) => this.#fetchOnce(name)))
    }
  }

  #absent(name: SchemaName): undefined {
    const problem = this.#missing.get(keyOf(name))?.problem ?? this.#down?.problem
    if (problem !== undefined) throw new Error(problem)
  }

  #knows(name: SchemaName): boolean {
    const { state } = this.#registry
    return 'id' in name
      ? entryOfId(state, name.id, name.subject) !== undefined
      : state.entriesByGuid(name.guid).length > 0
  }

  /** Two scans that meet the same id ask once. */
  async #fetchOnce(name: SchemaName): Promise<void> {
    const key = keyOf(name)
    const running = this.#underWay.get(key) ?? this.#fetch(name)
    this.#underWay.set(key, running)
    try {
      await running
    } finally {
      this.#underWay.delete(key)
    }
  }

  async #fetch(name: SchemaName): Promise<void> {
    const until = this.#clock.now() + retryMs
    try {
      const found = 'id' in name ? await this.#fetchId(name.id, name.subject, null) : await this.#fetchGuid(name.guid)
      if (!found) this.#missing.set(keyOf(name), { until, problem: null })
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error)
      if (error instanceof Unreachable) this.#down = { until, problem }
      else this.#missing.set(keyOf(name), { until, problem })
    }
  }

  async #fetchGuid(guid: string): Promise<boolean> {
    const ids = await this.#get(`/schemas/guids/${encodeURIComponent(guid)}/ids`)
    const first = Array.isArray(ids) ? plainObject((ids as readonly Plain[])[0]) : null
    if (typeof first?.id !== 'number') return false
    const context = typeof first.context === 'string' && first.context !== '.' ? `:${first.context}:` : ''
    return await this.#fetchId(first.id, context, guid)
  }

  async #fetchId(id: number, subject: string, guid: string | null): Promise<boolean> {
    const query = subject === '' ? '' : `?subject=${encodeURIComponent(subject)}`
    const body = plainObject(await this.#get(`/schemas/ids/${id}${query}`))
    if (!body) return false
    const owner = ownerIn(body) ?? (await this.#ownerOf(id, subject))
    await this.#keep({ ...body, id, ...owner, ...(guid === null ? {} : { guid }) })
    return true
  }

  /** Registries before Confluent's 7.x do not say with the schema who has it. */
  async #ownerOf(id: number, subject: string): Promise<{ readonly subject: string; readonly version: number }> {
    const given = await this.#get(`/schemas/ids/${id}/versions`)
    const owners = (Array.isArray(given) ? (given as readonly Plain[]) : []).flatMap((one) => {
      const owner = ownerIn(plainObject(one) ?? {})
      return owner ? [owner] : []
    })
    return owners.find((owner) => owner.subject === subject) ?? owners[0] ?? { subject: `id ${id}`, version: 1 }
  }

  /** A schema and what it refers to, the last first: what is kept can always be parsed. */
  async #keep(first: PlainObject): Promise<void> {
    const found: PlainObject[] = []
    const open = [first]
    const seen = new Set<string>()
    for (let body = open.pop(); body; body = open.pop()) {
      found.push(body)
      if (found.length > maxReferences) throw new Error(`it refers to more than ${maxReferences} schemas`)
      for (const reference of readReferences(body.references ?? null)) {
        const subject = relativeTo(String(body.subject), reference.subject)
        const version = reference.version === -1 ? 'latest' : String(reference.version)
        const path = `/subjects/${encodeURIComponent(subject)}/versions/${version}`
        if (seen.has(path)) continue
        seen.add(path)
        const referred = plainObject(await this.#get(`${path}?deleted=true`))
        if (!referred) throw new Error(`it refers to ${subject} version ${version}, which ${this.where} does not have`)
        open.push({ ...referred, subject, ...(typeof referred.id === 'number' ? {} : { id: 0 }) })
      }
    }
    if (this.#kept + found.length > keptSchemas) {
      this.#registry = new Registry()
      this.#kept = 0
    }
    for (const body of found.reverse()) this.#apply(body)
  }

  #apply({ subject, version, id, guid, schema: text, schemaType, references, metadata, ruleSet }: PlainObject): void {
    const type = schemaType === undefined ? 'AVRO' : typeOf(schemaType)
    if (typeof text !== 'string' || !type) throw new Error(`${this.where} gave no schema that is known here`)
    const schema: Schema = {
      type,
      text,
      references: readReferences(references ?? null),
      metadata: plainObject(metadata),
      ruleSet: plainObject(ruleSet),
    }
    const owner = { subject: String(subject), version: Number(version), id: Number(id) }
    const known = { ...owner, guid: typeof guid === 'string' ? guid : guidOf(schema), schema, deleted: false, at: null }
    this.#registry.state.apply({ kind: 'schema', subject: owner.subject, number: owner.version, version: known })
    this.#kept++
  }

  /** null: there is no such thing. @throws Unreachable */
  async #get(path: string): Promise<Plain> {
    let answer: RegistryAnswer
    try {
      answer = await this.#ask(this.#access, path)
    } catch (error) {
      throw new Unreachable(
        `${this.where} cannot be reached: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
    const { status, body } = answer
    if (status === 404) return null
    if (status === 200 && body !== undefined) return body as Plain
    throw new Unreachable(refusal(this.where, answer))
  }
}

/** Why a registry gave nothing, in a sentence without a period. */
export function refusal(where: string, { status, body }: RegistryAnswer): string {
  if (status === 401 || status === 403) return `${where} refuses the credentials (HTTP ${status})`
  const { message } = plainObject(body as Plain) ?? {}
  return typeof message === 'string'
    ? `${where} answered: ${message} (HTTP ${status})`
    : `${where} answers, but not as a schema registry does (HTTP ${status})`
}

function ownerIn({ subject, version }: PlainObject) {
  return typeof subject === 'string' && typeof version === 'number' ? { subject, version } : undefined
}

function keyOf(name: SchemaName): string {
  return 'id' in name ? `${name.id} ${name.subject}` : name.guid
}
