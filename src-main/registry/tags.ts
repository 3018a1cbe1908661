import { isAvro } from './avro/avro'
import { avroTags } from './avro/tags'
import { isJsonSchema } from './json-schema/json-schema'
import { jsonTags } from './json-schema/tags'
import type { ParsedSchema } from './kind'
import { isProtobuf } from './protobuf/protobuf'
import { protobufTags } from './protobuf/tags'

/** Tags that stand in the text of a schema, with what has them. */
export interface InlineTags {
  /** As Confluent's SchemaEntity names it: `shop.Order.card`; of JSON Schema `object.card`. */
  readonly path: string
  readonly type: 'sr_record' | 'sr_field'
  readonly tags: readonly string[]
}

/** Tags of a schema's records and fields, in the order of the text. */
export function inlineTags(parsed: ParsedSchema): InlineTags[] {
  if (isAvro(parsed)) return avroTags(parsed.schema)
  if (isProtobuf(parsed)) return protobufTags(parsed.file)
  return isJsonSchema(parsed) ? jsonTags(parsed.document.root) : []
}
