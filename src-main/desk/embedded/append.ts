import type { Core } from '../../broker/core'
import { store, validated } from '../../broker/log/append'
import type { Partition } from '../../broker/log/partition'
import type { Topic } from '../../broker/log/topics'
import type { Batch, Codec } from '../../records/batch'
import type { NewRecord } from '../../records/encode'
import { type PackedBatch, packBatches } from '../messages/batches'
import type { AppendOutcome, PlacedRecord } from '../source/records'
import { stored } from './stored'
import { topicOf } from './topics'

interface Rejected {
  /** Which record of the batch is to blame. */
  readonly record: number
  readonly why: string
}

interface Placed {
  /** Place of the record among all. */
  readonly index: number
  readonly record: NewRecord
}

/**
 * Writes records by the rules for any client, in their order within each partition: all of them or, when one is rejected, none.
 *
 * @throws Error with a sentence when the topic takes no messages at all, or the file cannot be written
 */
export async function appendRecords(
  core: Core,
  name: string,
  records: readonly PlacedRecord[],
  codec: Codec,
): Promise<AppendOutcome> {
  const at = core.clock.now()
  const topic = writable(core, name)
  const byPartition = new Map<number, Placed[]>()
  for (const [index, { partition, record }] of records.entries()) {
    if (!topic.partition(partition)) return rejectedAt(index, `${name} has no partition ${partition}`)
    const placed = byPartition.get(partition)
    if (placed) placed.push({ index, record })
    else byPartition.set(partition, [{ index, record }])
  }
  const ready: { readonly log: Partition; readonly batches: readonly Batch[]; readonly index: number }[] = []
  for (const [partition, placed] of byPartition) {
    const log = topic.partition(partition) as Partition
    const packed = packBatches(
      placed.map(({ record }) => record),
      codec,
      maxBatchBytes(core, topic),
    )
    for (const one of packed) {
      const batches = checked(core, log, one, at)
      const indexOf = (record: number) => placed[one.first + record]?.index ?? 0
      if (!Array.isArray(batches)) return rejectedAt(indexOf(batches.record), batches.why)
      ready.push({ log, batches, index: indexOf(0) })
    }
  }
  return await stored(core, () => {
    let first: AppendOutcome['first'] = null
    for (const { log, batches, index } of ready) {
      for (const [i, batch] of batches.entries()) {
        const { baseOffset } = store(log, batch, { workspace: core.workspace, at })
        if (index === 0 && i === 0) first = { partition: log.number, offset: baseOffset }
      }
    }
    return { written: records.length, first, refused: null }
  })
}

function rejectedAt(index: number, why: string): AppendOutcome {
  return { written: 0, first: null, refused: { index, why } }
}

function writable(core: Core, name: string): Topic {
  const topic = topicOf(core, name)
  if (topic.internal) throw new Error(`${name} is an internal topic: only the broker writes to it.`)
  return topic
}

function maxBatchBytes(core: Core, topic: Topic): number {
  const { maxMessageBytes, segmentBytes } = core.configs.topic(topic.name)
  return Math.min(maxMessageBytes, segmentBytes)
}

/** What a batch becomes in this log, by the rules for any client; or which record is to blame, and why. */
function checked(core: Core, log: Partition, { bytes, count }: PackedBatch, at: number): Batch[] | Rejected {
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
