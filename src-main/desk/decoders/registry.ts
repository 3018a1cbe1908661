import type { Cell, CellSchema } from '../../contract/messages'
import type { RecordHeader } from '../../records/record'
import { isAvro } from '../../registry/avro/avro'
import { readAvroValue } from '../../registry/avro/read-value'
import type { ParsedSchema } from '../../registry/kind'
import { isProtobuf } from '../../registry/protobuf/protobuf'
import { isJson, textOf } from './auto'
import { type FoundSchema, type Framed, framing, type SchemaSource } from './framing'
import { registeredProtobuf } from './registered-protobuf'

/** A value that names its schema: what it says, or why that cannot be read. */
export type Registered =
  | { readonly kind: 'avro' | 'protobuf' | 'json'; readonly text: string; readonly schema: CellSchema }
  | { readonly problem: string; readonly isUnknownSchema?: true }

/**
 * Reads a value that names its schema in a registry; undefined when it names none. What only looks as if it did (`isCertain` false, and the
 * registry has no such id) is a problem only where nothing else can be made of it: the caller decides.
 */
export function readRegistered(
  bytes: Uint8Array,
  place: { readonly topic: string; readonly part: 'key' | 'value'; readonly headers: readonly RecordHeader[] },
  schemas: SchemaSource,
): (Registered & { readonly isCertain: boolean }) | undefined {
  const framed = framing(bytes, place.part, place.headers)
  if (!framed) return undefined
  const { name, isCertain } = framed
  let found: FoundSchema | undefined
  try {
    found = 'id' in name ? schemas.byId(name.id, `${place.topic}-${place.part}`) : schemas.byGuid(name.guid)
  } catch (error) {
    const what = isCertain ? 'Its schema cannot be read' : 'If it names a schema, that cannot be read'
    return 'guid' in name && !isCertain ? undefined : { problem: `${what}: ${messageOf(error)}.`, isCertain }
  }
  if (!found) {
    const what = 'id' in name ? `id ${name.id}` : `GUID ${name.guid}`
    const problem = isCertain
      ? `Its schema has the ${what}, which is not in ${schemas.where}.`
      : `If it names a schema, that has the ${what}, which is not in ${schemas.where}.`
    return 'guid' in name && !isCertain ? undefined : { problem, isUnknownSchema: true, isCertain }
  }
  const { id, subject, version, parsed } = found
  const kinds = { AVRO: 'avro', PROTOBUF: 'protobuf', JSON: 'json' } as const
  try {
    const text = valueText(parsed, framed)
    return { kind: kinds[parsed.type], text, schema: { id, subject, version }, isCertain: true }
  } catch (error) {
    return {
      problem: `It names schema ${id} (${subject} version ${version}), and is not of it: ${messageOf(error)}.`,
      isCertain: true,
    }
  }
}

function valueText(parsed: ParsedSchema, { rest, indexes }: Framed): string {
  if (isAvro(parsed)) return readAvroValue(parsed.schema, rest)
  if (isProtobuf(parsed)) return registeredProtobuf(parsed, rest, indexes)
  const text = textOf(rest)
  if (text === undefined || !isJson(text)) throw new Error('it is no JSON')
  return text
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The cell of a value that names its schema. `otherwise` is what the bytes look like by themselves. */
export function registeredCell(
  given: (Registered & { readonly isCertain: boolean }) | undefined,
  otherwise: () => Cell,
  cell: (kind: 'avro' | 'protobuf' | 'json', text: string) => Cell,
): Cell {
  if (!given) return otherwise()
  if ('text' in given) {
    const made = cell(given.kind, given.text)
    return made.kind === 'null' ? made : { ...made, schema: given.schema }
  }
  const plain = otherwise()
  // JSON never begins with the zero or one that comes before an id: it was found behind the id, which no reader of that format leaves out.
  const isExplained = plain.kind !== 'binary' && plain.kind !== 'json'
  const isOwn = plain.kind === 'null' || (isExplained && !given.isCertain)
  if (isOwn) return plain
  return { ...plain, problem: given.problem, ...(given.isUnknownSchema && { isUnknownSchema: true }) }
}
