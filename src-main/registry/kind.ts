import type { SchemaType } from './schema'

/** A difference between two schemas that breaks a reader. */
export interface Difference {
  /** Confluent's name of it: `READER_FIELD_MISSING_DEFAULT_VALUE`, `PACKAGE_CHANGED`. */
  readonly type: string
  /** Where: `/fields/1`, `#/properties/name`. */
  readonly path: string
  /** What is so, in a sentence, with the words `new` and `old` as the caller means them. */
  readonly description: string
  /** Further facts; '' when there are none. */
  readonly detail: string
}

/** Which of the two schemas reads: the new one (BACKWARD) or the old one (FORWARD). */
export type Direction = 'backward' | 'forward'

/** A schema that another one refers to by `name`. */
export interface Dependency {
  readonly name: string
  readonly parsed: ParsedSchema
}

export interface ParseOptions {
  /** It is to be registered, so it is checked strictly; what is stored already is read as it is. */
  readonly isNew: boolean
  readonly normalize: boolean
}

/** A schema that was read, of whichever language. */
export interface ParsedSchema {
  readonly type: SchemaType
  /** Its text as it is stored. */
  readonly text: string
  /** The name that RecordNameStrategy uses; null when it has none. */
  readonly name: string | null
  readonly dependencies: readonly Dependency[]
  /** Equal texts may be unequal schemas and the reverse: what Confluent's `equals` says. */
  isEqual(other: ParsedSchema): boolean
  /** What a reader of this schema cannot read of what `writer` wrote. `other` must be of the same type. */
  differences(writer: ParsedSchema, policy: CompatibilityPolicy): Difference[]
  /** The text with all references put in; the text itself where the language has no such form. */
  resolved(): string
}

/** Tags that stand in the text of a schema, with what has them. */
export interface InlineTags {
  /** As Confluent's SchemaEntity names it: `shop.Order.card`; of JSON Schema `object.card`. */
  readonly path: string
  readonly type: 'sr_record' | 'sr_field'
  readonly tags: readonly string[]
}

export type CompatibilityPolicy = 'STRICT' | 'LENIENT'

/** Reads a schema of one language. @throws SchemaError */
export type Parse = (text: string, dependencies: readonly Dependency[], options: ParseOptions) => ParsedSchema

/** Confluent's form of a difference in a list of messages. */
export function differenceText({ type, description, detail }: Difference, quote: "'" | '"'): string {
  const q = quote
  const further = detail === '' ? '' : `, additionalInfo:${q}${detail}${q}`
  return `{errorType:${q}${type}${q}, description:${q}${description}${q}${further}}`
}
