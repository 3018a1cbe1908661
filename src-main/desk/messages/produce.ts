import type { Core } from '../../broker/core'
import { store, validated } from '../../broker/log/append'
import type { Partition } from '../../broker/log/partition'
import type { Topic } from '../../broker/log/topics'
import type { Contract } from '../../contract/contract'
import type { InputOf } from '../../contract/define'
import type { ExactMessage, ImportOutcome } from '../../contract/messages'
import type { Batch } from '../../records/batch'
import type { NewRecord } from '../../records/encode'
import { partitionFor } from '../../records/partitioner'
import { topicOf } from '../topics/topics'
import { type PackedBatch, packBatches } from './batches'
import { bytesOf } from './payload'

interface Refused {
  /** Which record of the batch is to blame. */
  readonly record: number
  readonly why: string
}

/** Writes one message, as often as asked; where the first one is. @throws Error with a sentence when it is refused */
export async function produce(
  core: Core,
  { topic: name, partition: wanted, codec, count, ...message }: InputOf<Contract['messages.produce']>,
): Promise<{ partition: number; offset: number }> {
  const at = core.clock.now()
  const record = recordOf(message, at)
  const copies = Array.from({ length: count }, () => record)
  const topic = writable(core, name)
  const partition = wanted ?? partitionFor(record.key, topic.partitionCount, at)
  let offset: number | undefined
  for (const packed of packBatches(copies, codec, maxBatchBytes(core, topic))) {
    // Asked for anew: the topic may have been deleted while others had their turn.
    const log = logOf(writable(core, name), partition)
    const batches = checked(core, log, packed, at)
    if (!Array.isArray(batches)) throw new Error(batches.why)
    for (const batch of batches) {
      const { baseOffset } = store(log, batch, { workspace: core.workspace, at })
      offset ??= baseOffset
    }
    await core.commits.settled
  }
  return { partition, offset: offset ?? -1 }
}

/**
 * Writes messages of a file, in its order within each partition: all of a request, or none when one is refused.
 *
 * @throws Error with a sentence when the topic takes no messages at all
 */
export async function importMessages(
  core: Core,
  { topic: name, codec, messages }: InputOf<Contract['messages.import']>,
): Promise<ImportOutcome> {
  const topic = writable(core, name)
  const at = core.clock.now()
  const byPartition = new Map<number, { index: number; record: NewRecord }[]>()
  for (const [index, message] of messages.entries()) {
    const record = recordOf(message, message.timestamp ?? at)
    const partition = message.partition ?? partitionFor(record.key, topic.partitionCount, at + index)
    if (!topic.partition(partition)) return refusedAt(index, `${name} has no partition ${partition}`)
    const placed = byPartition.get(partition)
    if (placed) placed.push({ index, record })
    else byPartition.set(partition, [{ index, record }])
  }
  const ready: (readonly [Partition, readonly Batch[]])[] = []
  for (const [partition, placed] of byPartition) {
    const log = logOf(topic, partition)
    const records = placed.map(({ record }) => record)
    for (const packed of packBatches(records, codec, maxBatchBytes(core, topic))) {
      const batches = checked(core, log, packed, at)
      if (!Array.isArray(batches)) return refusedAt(placed[packed.first + batches.record]?.index ?? 0, batches.why)
      ready.push([log, batches])
    }
  }
  for (const [log, batches] of ready) {
    for (const batch of batches) store(log, batch, { workspace: core.workspace, at })
  }
  await core.commits.settled
  return { written: messages.length, refused: null }
}

function refusedAt(index: number, why: string): ImportOutcome {
  return { written: 0, refused: { index, why } }
}

function writable(core: Core, name: string): Topic {
  const topic = topicOf(core, name)
  if (topic.internal) throw new Error(`${name} is written by the broker alone.`)
  return topic
}

function logOf(topic: Topic, number: number): Partition {
  const log = topic.partition(number)
  if (!log) throw new Error(`${topic.name} has no partition ${number}.`)
  return log
}

function recordOf({ key, value, headers }: ExactMessage, timestamp: number): NewRecord {
  return {
    key: bytesOf(key),
    value: bytesOf(value),
    headers: headers.map((header) => ({ key: header.key, value: bytesOf(header.value) })),
    timestamp,
  }
}

function maxBatchBytes(core: Core, topic: Topic): number {
  const { maxMessageBytes, segmentBytes } = core.configs.topic(topic.name)
  return Math.min(maxMessageBytes, segmentBytes)
}

/** What a batch becomes in this log, by the rules for any client; or who is to blame, and why. */
function checked(core: Core, log: Partition, { bytes, count }: PackedBatch, at: number): Batch[] | Refused {
  const settings = core.configs.topic(log.topic)
  const most = Math.min(settings.maxMessageBytes, settings.segmentBytes)
  if (count === 1 && bytes.length > most) {
    const [size, limit] = [bytes.length, most].map((value) => value.toLocaleString('en-US'))
    const config = most === settings.maxMessageBytes ? 'max.message.bytes' : 'segment.bytes'
    return { record: 0, why: `the message makes a batch of ${size} bytes, and ${config} of ${log.topic} is ${limit}` }
  }
  const batches = validated(log, bytes, { workspace: core.workspace, settings, produceVersion: 13, at })
  if (Array.isArray(batches)) return batches
  const [first] = batches.recordErrors
  return {
    record: first?.batchIndex ?? 0,
    why: (first?.batchIndexErrorMessage ?? batches.message ?? batches.error).replace(/\.$/, ''),
  }
}
