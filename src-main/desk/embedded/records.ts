import { keyOf, type TopicPartition } from '../../base/topic-partition'
import type { Core } from '../../broker/core'
import type { Partition } from '../../broker/log/partition'
import { type Batch, readBatch } from '../../records/batch'
import type { Behind, ReadBatch, RecordSource, Scan, ScanPlan, ScanRange, ScanReply } from '../source/records'
import { appendRecords } from './append'
import { transactionState } from './file-batches'
import type { Reader } from './reader'
import type { RecordCounts } from './record-counts'

/** Records of the broker in this process: scans and pictures by the reader thread, single batches at once. */
export function embeddedRecords(core: Core, reader: Reader, counts: RecordCounts): RecordSource {
  return {
    prepare: () => reader.warm(),
    scan: (plan, listener) => scan(core, reader, plan, listener),
    read: async (place, offset) => read(core, partitionOf(core, place), offset),
    offsetsAt: async (places, at) => places.map((place) => offsetAt(partitionOf(core, place), at)),
    count: (ranges) =>
      counts.between(
        ranges.map((range) => ({ log: partitionOf(core, range), from: range.from, before: range.before })),
      ),
    async behind(places) {
      const logs = places.map(({ topic, partition, offset, finished = [] }) => {
        const log = core.topics.partition(topic, partition)
        const isBeyond = log !== undefined && offset > log.highWatermark
        return log && { log, from: Math.max(offset, log.logStartOffset), before: log.highWatermark, finished, isBeyond }
      })
      const open = logs.filter((one) => one !== undefined).filter(({ from, before }) => from < before)
      const done = open.flatMap((one) =>
        one.finished
          .slice(0, countedRanges)
          .map(({ first, last }) => ({ one, log: one.log, from: Math.max(first, one.from), before: last + 1 })),
      )
      const counted = await counts.between([...open, ...done])
      const records = new Map(open.map((one, i) => [one, counted[i] ?? 0]))
      for (const [i, { one }] of done.entries()) {
        records.set(one, (records.get(one) ?? 0) - (counted[open.length + i] ?? 0))
      }
      for (const one of open) {
        for (const { first, last } of one.finished.slice(countedRanges)) {
          records.set(one, Math.max(0, (records.get(one) ?? 0) - (last - first + 1)))
        }
      }
      return logs.map((one): Behind | null => {
        if (!one) return null
        const left = records.get(one) ?? 0
        return { records: left, oldestAt: left === 0 ? null : writtenAt(one.log, one.from), isBeyond: one.isBeyond }
      })
    },
    times: ({ topic, partition }, steps) => reader.times(topic, partition, steps),
    append: (topic, records, codec) => appendRecords(core, topic, records, codec),
  }
}

/** Further finished ranges of a partition are taken as a record for each offset: a window of singles is not counted every second. */
const countedRanges = 40

/** @throws Error with a sentence */
function partitionOf(core: Core, { topic, partition }: TopicPartition): Partition {
  const log = core.topics.partition(topic, partition)
  if (log) return log
  throw new Error(
    core.topics.find(topic)
      ? `${topic} has no partition ${partition}.`
      : `There is no topic ${topic}; it may have been deleted.`,
  )
}

function read({ workspace }: Core, log: Partition, offset: number): ReadBatch | null {
  const bytes = log.read(Math.max(offset, log.logStartOffset), 1, true, log.highWatermark).batches[0]
  if (!bytes) return null
  const batch = readBatch(bytes)
  const { isTransactional, baseOffset, lastOffset } = batch
  const transaction = isTransactional
    ? transactionState(
        batch,
        log.abortedTransactions(baseOffset, lastOffset + 1),
        workspace.transactionIndex.listOpen(log.facts.id),
      )
    : null
  return { bytes, transaction }
}

function offsetAt(log: Partition, at: number): number {
  return log.offsetAtTime(at, log.highWatermark)?.offset ?? log.highWatermark
}

/** When the first batch with records at an offset or behind it was written: looked up once for each offset that is asked for again and again. */
const written = new WeakMap<Partition, Map<number, number | null>>()
/** More groups than this rarely stand in one partition. */
const keptOffsets = 100

function writtenAt(log: Partition, from: number): number | null {
  let known = written.get(log)
  if (!known) written.set(log, (known = new Map()))
  const before = known.get(from)
  if (before !== undefined) return before
  let batch: Batch | undefined
  for (let at = from; at < log.highWatermark; at = batch.lastOffset + 1) {
    const bytes = log.read(at, 1, true, log.highWatermark).batches[0]
    if (!bytes) return null
    batch = readBatch(bytes)
    if (!batch.isControl) break
  }
  if (!batch || batch.isControl) return null
  const at = batch.baseTimestamp < 0 ? null : Number(batch.baseTimestamp)
  if (known.size >= keptOffsets) known.clear()
  known.set(from, at)
  return at
}

/** A live scan follows the ends of its logs by itself. */
function scan(core: Core, reader: Reader, plan: ScanPlan, listener: (reply: ScanReply) => void): Scan {
  const running = reader.scan(plan, listener)
  if (!plan.live) return running
  const ends = new Map<string, () => void>()
  const follow = (ranges: readonly ScanRange[]) => {
    for (const { topic, partition } of ranges) {
      const key = keyOf(topic, partition)
      ends.get(key)?.()
      const log = core.topics.partition(topic, partition)
      if (!log) continue
      const wake = () => running.grown({ [key]: plan.committed ? log.lastStableOffset : log.highWatermark })
      log.waiters.add(wake)
      ends.set(key, () => log.waiters.delete(wake))
    }
  }
  follow(plan.ranges)
  return {
    taken: () => running.taken(),
    more: () => running.more(),
    add(ranges) {
      running.add(ranges)
      follow(ranges)
    },
    stop() {
      for (const end of ends.values()) end()
      running.stop()
    },
  }
}
