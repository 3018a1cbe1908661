import { isProtobuf } from '../registry/protobuf/protobuf'
import type { Registry } from '../registry/registry'
import type { Version } from '../registry/schema'
import type { RestAnswer } from './http'

/**
 * The text of a version in the format that a client asks for: of Avro `resolved`, of Protobuf `serialized` (its descriptor in base64, what
 * the deserializers of Python and .NET ask for). An unknown format is the text itself.
 */
export function formatted(
  registry: Registry,
  version: Pick<Version, 'schema' | 'subject'>,
  query: URLSearchParams,
): string {
  const format = query.get('format') ?? ''
  const { type, text } = version.schema
  if (type === 'AVRO' && format === 'resolved') return registry.parser.stored(version).resolved()
  if (type !== 'PROTOBUF' || format !== 'serialized') return text
  const parsed = registry.parser.stored(version)
  return isProtobuf(parsed) ? parsed.serialized('default') : text
}

export function textAnswer(text: string): RestAnswer {
  return { text }
}
