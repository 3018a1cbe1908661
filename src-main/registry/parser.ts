import { parseAvroSchema } from './avro/avro'
import { parseJsonSchema } from './json-schema/json-schema'
import type { Dependency, Parse, ParsedSchema, ParseOptions } from './kind'
import { parseProtobufSchema } from './protobuf/protobuf'
import { type Reference, type Schema, SchemaError, type SchemaType, type Version } from './schema'
import type { RegistryState } from './state'
import { relativeTo } from './subject-name'

const parsers: Readonly<Record<SchemaType, Parse>> = {
  AVRO: parseAvroSchema,
  JSON: parseJsonSchema,
  PROTOBUF: parseProtobufSchema,
}

/** Larger texts are refused before they are looked at; Confluent's registry takes what Kafka takes in one message. */
const maxTextCharacters = 5 * 1024 * 1024
/** References of references that are followed. */
const maxReferenceDepth = 64
/** Schemas that stay parsed. */
const keptSchemas = 500

/** Reads the schemas of a registry, with the schemas that they refer to. */
export class SchemaParser {
  readonly #state: RegistryState
  /** The newest used last. */
  readonly #kept = new Map<Schema, ParsedSchema>()

  constructor(state: RegistryState) {
    this.#state = state
  }

  /** A schema that somebody sends. `subject` is where its references are looked up. @throws SchemaError */
  parse(schema: Schema, subject: string, options: ParseOptions): ParsedSchema {
    if (schema.text.length > maxTextCharacters) {
      throw new SchemaError(`The schema is longer than ${maxTextCharacters} characters`)
    }
    return guarded(() => parsers[schema.type](schema.text, this.#dependencies(schema, subject, []), options))
  }

  /** A schema that is stored. @throws SchemaError for one that another registry took and we cannot read */
  stored({ schema, subject }: Pick<Version, 'schema' | 'subject'>): ParsedSchema {
    return this.#stored(schema, subject, [])
  }

  /** What a reference refers to. @throws SchemaError */
  referred(reference: Reference, from: string): Version {
    const subject = relativeTo(from, reference.subject)
    const version =
      reference.version === -1
        ? this.#state.versions(subject, 'live').at(-1)
        : this.#state.version(subject, reference.version)
    if (version) return version
    throw new SchemaError(
      `No schema reference found for subject "${reference.subject}" and version ${reference.version}`,
    )
  }

  #stored(schema: Schema, subject: string, open: readonly Version[]): ParsedSchema {
    const kept = this.#kept.get(schema)
    if (kept) {
      this.#kept.delete(schema)
      this.#kept.set(schema, kept)
      return kept
    }
    const parsed = guarded(() =>
      parsers[schema.type](schema.text, this.#dependencies(schema, subject, open), { isNew: false, normalize: false }),
    )
    // What the latest version of another subject is may change.
    if (!schema.references.some(({ version }) => version === -1)) this.#keep(schema, parsed)
    return parsed
  }

  #keep(schema: Schema, parsed: ParsedSchema): void {
    this.#kept.set(schema, parsed)
    if (this.#kept.size <= keptSchemas) return
    const [oldest] = this.#kept.keys()
    if (oldest) this.#kept.delete(oldest)
  }

  #dependencies(schema: Schema, subject: string, open: readonly Version[]): Dependency[] {
    if (open.length > maxReferenceDepth)
      throw new SchemaError(`References are nested more than ${maxReferenceDepth} deep`)
    return schema.references.map((reference) => {
      const version = this.referred(reference, subject)
      if (open.includes(version)) throw new SchemaError(`The reference ${reference.name} leads back to itself`)
      if (version.schema.type !== schema.type) {
        throw new SchemaError(`The reference ${reference.name} is ${version.schema.type}, not ${schema.type}`)
      }
      return { name: reference.name, parsed: this.#stored(version.schema, version.subject, [...open, version]) }
    })
  }
}

/** A text that is nested so deep that reading it exhausts the stack is refused like any other that cannot be read. */
function guarded(read: () => ParsedSchema): ParsedSchema {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) throw new SchemaError('The schema is nested too deep')
    throw error
  }
}
