import type { Difference, Parse, ParsedSchema } from '../kind'
import { SchemaError } from '../schema'
import { type AvroDifference, avroDifferences } from './compatibility'
import { type NamedTypes, parseAvro } from './parse'
import { normalizedAvro, printAvro } from './print'
import { type AvroType, fullName, isNamed } from './schema'

export interface ParsedAvro extends ParsedSchema {
  readonly type: 'AVRO'
  readonly schema: AvroType
}

export function isAvro(schema: ParsedSchema): schema is ParsedAvro {
  return schema.type === 'AVRO'
}

/** An Avro schema. References are read first, into one table of names. @throws SchemaError */
export const parseAvroSchema: Parse = (text, dependencies, { isNew, normalize }): ParsedAvro => {
  const names: NamedTypes = new Map()
  for (const { parsed } of dependencies) {
    if (!isAvro(parsed)) throw new SchemaError(`A reference of an Avro schema is ${parsed.type}`)
    collect(parsed.schema, names)
  }
  const known = new Set(names.keys())
  const schema = parseAvro(text, names, isNew)
  return new Avro(schema, known, dependencies, normalize)
}

class Avro implements ParsedAvro {
  readonly type = 'AVRO'
  readonly schema: AvroType
  readonly text: string
  readonly name: string | null
  readonly dependencies: ParsedSchema['dependencies']
  /** Kept, since a registration is compared with every version of its subject. */
  #normalized: string | undefined

  constructor(
    schema: AvroType,
    known: ReadonlySet<string>,
    dependencies: ParsedSchema['dependencies'],
    normalize: boolean,
  ) {
    this.schema = schema
    this.text = normalize ? normalizedAvro(schema, known) : printAvro(schema, known)
    this.name = isNamed(schema) ? fullName(schema.name) : null
    this.dependencies = dependencies
  }

  /** The same structure, docs, defaults, aliases and properties, whatever the order of the properties. */
  isEqual(other: ParsedSchema): boolean {
    return other instanceof Avro && (this.text === other.text || this.normalized === other.normalized)
  }

  get normalized(): string {
    this.#normalized ??= normalizedAvro(this.schema)
    return this.#normalized
  }

  differences(writer: ParsedSchema): Difference[] {
    if (!isAvro(writer)) return []
    return avroDifferences(this.schema, writer.schema).map((found) => ({
      type: found.type,
      path: found.location,
      description: describe(found),
      detail: found.message,
    }))
  }

  resolved(): string {
    return printAvro(this.schema)
  }
}

/** All named types of a schema, those of its references too. */
function collect(type: AvroType, names: NamedTypes): void {
  if (isNamed(type)) {
    const name = fullName(type.name)
    const other = names.get(name)
    // Two references may bring the same third schema.
    if (other && (other === type || normalizedAvro(other) === normalizedAvro(type))) return
    if (other) throw new SchemaError(`Can't redefine: ${name}`)
    names.set(name, type)
    if (type.kind === 'record') for (const field of type.fields) collect(field.type, names)
  } else if (type.kind === 'union') for (const branch of type.branches) collect(branch, names)
  else if (type.kind === 'array') collect(type.items, names)
  else if (type.kind === 'map') collect(type.values, names)
}

/** Confluent's sentences (AvroSchemaUtils Difference). `%new` and `%old` stand for the reader's and the writer's side. */
function describe({ type, location, message }: AvroDifference): string {
  switch (type) {
    case 'FIXED_SIZE_MISMATCH':
      return `The size of FIXED type field at path '${location}' in the %new schema does not match with the %old schema`
    case 'TYPE_MISMATCH':
      return `The type (path '${location}') of a field in the %new schema does not match with the %old schema`
    case 'NAME_MISMATCH':
      return `The name of the schema has changed (path '${location}')`
    case 'MISSING_ENUM_SYMBOLS':
      return `The %new schema is missing enum symbols '${message}' at path '${location}' in the %old schema`
    case 'MISSING_UNION_BRANCH':
      return `The %new schema is missing a type inside a union field at path '${location}' in the %old schema`
    case 'SCHEMA_TOO_COMPLEX':
      return 'The schemas are too large to be compared'
    case 'READER_FIELD_MISSING_DEFAULT_VALUE':
      return `The field '${message}' at path '${location}' in the %new schema has no default value and is missing in the %old schema`
  }
}
