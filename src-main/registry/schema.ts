/** The languages of schemas that a registry knows. */
export const schemaTypes = ['JSON', 'PROTOBUF', 'AVRO'] as const
export type SchemaType = (typeof schemaTypes)[number]

/** What a schema takes from another one. `version` -1 is the latest. */
export interface Reference {
  /** Avro: the full name of a type; Protobuf: the path of the import; JSON Schema: the URL of the `$ref`. */
  readonly name: string
  readonly subject: string
  readonly version: number
}

/** JSON that is stored and given back unchanged: metadata, rule sets. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain }
export type PlainObject = { readonly [key: string]: Plain }

/** A schema with all that makes it the same or another one. */
export interface Schema {
  readonly type: SchemaType
  readonly text: string
  readonly references: readonly Reference[]
  readonly metadata: PlainObject | null
  readonly ruleSet: PlainObject | null
}

/** Whether two schemas have one id: text, references in their order, metadata and rules are equal. */
export function sameSchema(a: Schema, b: Schema): boolean {
  if (a === b) return true
  const same = ({ name, subject, version }: Reference, other: Reference | undefined) =>
    name === other?.name && subject === other.subject && version === other.version
  return (
    a.type === b.type &&
    a.text === b.text &&
    a.references.length === b.references.length &&
    a.references.every((reference, i) => same(reference, b.references[i])) &&
    sortedText(a.metadata) === sortedText(b.metadata) &&
    sortedText(a.ruleSet) === sortedText(b.ruleSet)
  )
}

/** JSON with the keys of every object in order. */
export function sortedText(value: Plain): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${(value as readonly Plain[]).map(sortedText).join(',')}]`
  const entries = Object.entries(value as PlainObject).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${sortedText(item)}`).join(',')}}`
}

/** A version of a subject. */
export interface Version {
  /** Qualified by its context unless that is the default one: `orders-value`, `:.eu:orders-value`. */
  readonly subject: string
  readonly version: number
  readonly id: number
  readonly guid: string
  readonly schema: Schema
  /** Deleted softly: found by its id, not listed. */
  readonly deleted: boolean
  /** When it was stored, in ms; null when its record does not say. */
  readonly at: number | null
}

/** Confluent's codes; the HTTP status is their first three digits. */
export class RegistryError extends Error {
  override name = 'RegistryError'
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

/** The text of a schema cannot be understood: `message` says why. */
export class SchemaError extends Error {
  override name = 'SchemaError'
}
