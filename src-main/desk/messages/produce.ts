import type { Contract } from '../../contract/contract'
import type { InputOf } from '../../contract/define'
import type { ExactMessage, ImportOutcome } from '../../contract/messages'
import type { NewRecord } from '../../records/encode'
import { partitionFor } from '../../records/partitioner'
import type { ClusterSource } from '../source/source'
import { bytesOf } from './payload'

/** Copies of a message are handed over in portions of about this size, so that others get their turn. */
const portionBytes = 1024 * 1024

/** Writes one message, as often as asked; where the first one is. @throws Error with a sentence when it is rejected */
export async function produce(
  source: ClusterSource,
  { topic, partition: wanted, timestamp, codec, count, ...message }: InputOf<Contract['messages.produce']>,
  at: number,
): Promise<{ partition: number; offset: number }> {
  const record = recordOf(message, timestamp ?? at)
  const partition = wanted ?? partitionFor(record.key, await partitionCount(source, topic), at)
  const sizeBytes = (record.key?.byteLength ?? 0) + (record.value?.byteLength ?? 0) + 1
  const portion = Math.max(1, Math.floor(portionBytes / sizeBytes))
  let offset = -1
  for (let written = 0; written < count; written += portion) {
    const copies = Array.from({ length: Math.min(portion, count - written) }, () => ({ partition, record }))
    const { first, refused } = await source.records.append(topic, copies, codec)
    if (refused) throw new Error(refused.why)
    if (offset < 0) offset = first?.offset ?? -1
  }
  return { partition, offset }
}

/** Writes messages of a file, in its order within each partition. @throws Error with a sentence when the topic takes no messages at all */
export async function importMessages(
  source: ClusterSource,
  { topic, codec, messages }: InputOf<Contract['messages.import']>,
  at: number,
): Promise<ImportOutcome> {
  const partitions = await partitionCount(source, topic)
  const records = messages.map((message, index) => {
    const record = recordOf(message, message.timestamp ?? at)
    return { partition: message.partition ?? partitionFor(record.key, partitions, at + index), record }
  })
  const { written, refused } = await source.records.append(topic, records, codec)
  return { written, refused }
}

async function partitionCount({ topics }: ClusterSource, name: string): Promise<number> {
  const topic = await topics.find(name)
  if (!topic) throw new Error(`There is no topic ${name}; it may have been deleted.`)
  return topic.partitions
}

function recordOf({ key, value, headers }: ExactMessage, timestamp: number): NewRecord {
  return {
    key: bytesOf(key),
    value: bytesOf(value),
    headers: headers.map((header) => ({ key: header.key, value: bytesOf(header.value) })),
    timestamp,
  }
}
