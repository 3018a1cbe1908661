import { readBatch } from '../../records/batch'
import type { LogRecord } from '../../records/record'
import { recordsOf } from '../messages/readable'
import type { ClusterSource } from '../source/source'

/** A record and the partition that it is in. */
export interface PlacedLogRecord {
  readonly partition: number
  readonly record: LogRecord
}

/** Partitions that are looked at, so that a topic with thousands is answered too. */
const maxPartitions = 200

/** The records of the newest offsets of each partition of a topic, the oldest first in each. @throws Error when the topic is gone */
export async function* newestRecords(
  source: ClusterSource,
  topic: string,
  offsetsEach: (partitions: number) => number,
): AsyncGenerator<readonly PlacedLogRecord[]> {
  const logs = (await source.topics.logs([topic])).get(topic)
  if (!logs) throw new Error(`There is no topic ${topic}; it may have been deleted.`)
  const each = offsetsEach(Math.max(1, logs.length))
  for (const { partition, start, end } of logs.slice(0, maxPartitions)) {
    const first = Math.max(start, end - each)
    yield* recordsFrom(source, topic, partition, first, end)
  }
}

/** The records of [from, before) of a partition, batch by batch. Damaged batches and control records are passed over. */
export async function* recordsFrom(
  { records }: ClusterSource,
  topic: string,
  partition: number,
  from: number,
  before: number,
): AsyncGenerator<readonly PlacedLogRecord[]> {
  for (let next = from; next < before; ) {
    const read = await records.read({ topic, partition }, next)
    if (!read) return
    const batch = readBatch(read.bytes)
    if (!batch.isControl) {
      const found = recordsOf(batch).records.filter(({ offset }) => offset >= next && offset < before)
      yield found.map((record) => ({ partition, record }))
    }
    next = batch.lastOffset + 1
  }
}
