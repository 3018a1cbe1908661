import { isAvro } from './avro/avro'
import { avroTags } from './avro/tags'
import { isJsonSchema } from './json-schema/json-schema'
import { jsonTags } from './json-schema/tags'
import type { InlineTags, ParsedSchema } from './kind'
import { isProtobuf } from './protobuf/protobuf'
import { protobufTags } from './protobuf/tags'

/** Tags of a schema's records and fields, in the order of the text. */
export function inlineTags(parsed: ParsedSchema): InlineTags[] {
  if (isAvro(parsed)) return avroTags(parsed.schema)
  if (isProtobuf(parsed)) return protobufTags(parsed.file)
  return isJsonSchema(parsed) ? jsonTags(parsed.document.root) : []
}
