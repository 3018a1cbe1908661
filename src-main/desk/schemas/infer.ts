import type { InferredNote, InferredSchema } from '../../contract/topic-schemas'
import { type Json, parseJson } from '../../registry/json'
import { textOf } from '../decoders/auto'
import { framing } from '../decoders/framing'
import type { ClusterSource } from '../source/source'
import { avroOf } from './infer-avro'
import { jsonSchemaOf } from './infer-json-schema'
import { emptyShape, note } from './json-shape'
import { newestRecords } from './newest'

/** Messages that a schema is inferred from. */
const newestMessages = 2000
/** A schema of a topic's JSON, from its newest messages. */
export async function inferSchema(
  source: ClusterSource,
  { topic, part, type }: { readonly topic: string; readonly part: 'key' | 'value'; readonly type: 'AVRO' | 'JSON' },
): Promise<InferredSchema> {
  const shape = emptyShape()
  let messages = 0
  let others = 0
  for await (const found of newestRecords(source, topic, (partitions) => Math.ceil(newestMessages / partitions))) {
    for (const { record } of found) {
      const bytes = record[part]
      if (bytes === null) continue
      messages++
      const value = framing(bytes, part, record.headers) ? undefined : jsonIn(bytes)
      if (value === undefined) others++
      else note(shape, value)
    }
  }
  if (shape.values === 0) return { text: null, messages, others, notes: [] }
  const notes: InferredNote[] = []
  const text = type === 'AVRO' ? avroOf(shape, topic, notes) : jsonSchemaOf(shape, topic, notes)
  return { text, messages, others, notes: notes.slice(0, 200) }
}

function jsonIn(bytes: Uint8Array): Json | undefined {
  const text = textOf(bytes)
  try {
    return text === undefined ? undefined : parseJson(text)
  } catch {
    // Text that is not JSON.
    return undefined
  }
}
