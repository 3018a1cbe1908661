import type { LogRecord } from '../../records/record'
import { type Decode, decoderFor } from '../decoders/decoder'
import { type SchemaSource, schemaNames } from '../decoders/framing'
import type { TopicDecoders } from '../source/records'

/** How keys and values of a topic are read. */
export interface Decoding {
  readonly key: Decode
  readonly value: Decode
  /** Somebody chose how keys are decoded: else a key that is a single number or word of JSON is the text that it is. */
  readonly isKeyChosen?: boolean
  /** Fetches the schemas that records name, before they are decoded. Absent where all schemas are here. */
  readonly prepare?: (records: readonly LogRecord[]) => Promise<void>
}

/** @param schemas those that keys and values name; undefined where there is no registry. @throws Error when a schema cannot be read */
export async function decodingFor(
  { key, value }: TopicDecoders,
  topic: string,
  schemas: SchemaSource | undefined,
): Promise<Decoding> {
  const named = schemas && { topic, schemas }
  const parts = [key.format === 'auto' ? 'key' : null, value.format === 'auto' ? 'value' : null] as const
  const automatic = parts.filter((part) => part !== null)
  const isKeyChosen = key.format !== 'auto'
  const readers = { key: await decoderFor(key, named), value: await decoderFor(value, named), isKeyChosen }
  if (!schemas?.prepare || automatic.length === 0) return readers
  return {
    ...readers,
    prepare: async (records) => await schemas.prepare?.(schemaNames(records, topic, automatic)),
  }
}
