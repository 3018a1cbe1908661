import type { Histogram } from '../../contract/messages'
import type { LogTime } from '../../contract/reset'
import { readBatch } from '../../records/batch'
import type { PartitionLog, ReadBatch, WorkspaceReader } from '../../storage'
import { SwitchedSchemas } from '../chosen-registry/switched-schemas'
import { recordsOf } from '../messages/readable'
import { ScanJobs } from '../messages/scan-jobs'
import type { CountRange } from '../source/records'
import { FileBatches } from './file-batches'
import { FileSchemas } from './file-schemas'
import type { ReaderReply, ReaderRequest } from './reader-protocol'

/** Answers the questions of `reader-protocol.ts` over one read-only connection. */
export function readerAnswers(
  reader: WorkspaceReader,
  say: (reply: ReaderReply) => void,
): (request: ReaderRequest) => void {
  const schemas = new SwitchedSchemas(new FileSchemas(reader), { now: Date.now })
  const jobs = new ScanJobs(new FileBatches(reader), (id, reply) => say({ ...reply, id }), schemas)
  const fail = (id: number, error: unknown) =>
    say({
      kind: 'failed',
      id,
      message: `The messages cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    })
  return (request) => {
    const { id } = request
    try {
      switch (request.kind) {
        case 'scan':
          return jobs.start(id, request.plan)
        case 'grown':
          return jobs.grown(id, request.ends)
        case 'taken':
          return jobs.taken(id)
        case 'stop':
          return jobs.stop(id)
        case 'add':
          return void jobs.add(id, request.ranges).catch((error: unknown) => fail(id, error))
        case 'registry':
          return schemas.choose(request.registry)
        case 'histogram':
          return say({ kind: 'histogram', id, histogram: histogramOf(reader, request) })
        case 'counts':
          return say({ kind: 'counts', id, counts: request.ranges.map((range) => countOf(reader, range)) })
        case 'times':
          return say({ kind: 'times', id, times: timesOf(reader, request) })
      }
    } catch (error) {
      fail(id, error)
    }
  }
}

/** The time of the first record of a batch, unless the field holds a delete horizon (KIP-534). */
function oldestOf({ bytes, maxTimestamp }: ReadBatch): number {
  const { baseTimestamp, hasDeleteHorizon } = readBatch(bytes)
  return hasDeleteHorizon || baseTimestamp < 0 ? maxTimestamp : Math.min(Number(baseTimestamp), maxTimestamp)
}

function histogramOf(
  reader: WorkspaceReader,
  { topics, partitions, buckets }: ReaderRequest & { readonly kind: 'histogram' },
): Histogram {
  const logs = topics
    .flatMap((topic) => reader.partitionsOf(topic))
    .filter(({ number }) => partitions === null || partitions.includes(number))
  const newest = logs.reduce((max, { maxTimestamp }) => Math.max(max, maxTimestamp), -1)
  const oldest = logs.reduce((min, log) => {
    const first = reader.batches(log, { from: log.logStart, before: log.logEnd, maxBytes: 1 })[0]
    return first && first.maxTimestamp >= 0 ? Math.min(min, oldestOf(first)) : min
  }, newest)
  const bucketMs = Math.max(1, Math.ceil((newest - oldest + 1) / buckets))
  const counts = new Array<number>(buckets).fill(0)
  if (newest >= 0) {
    for (const log of logs) {
      for (const { at, records } of reader.histogram(log, oldest, newest + 1, bucketMs)) {
        const bucket = Math.min(buckets - 1, Math.floor((at - oldest) / bucketMs))
        counts[bucket] = (counts[bucket] ?? 0) + records
      }
    }
  }
  return { fromAt: oldest, bucketMs, counts }
}

function countOf(reader: WorkspaceReader, { topic, partition, from, before }: CountRange): number {
  const log = reader.partition(topic, partition)
  if (!log) return 0
  return (
    reader.recordsEndingIn(log, from, before) - recordsBefore(reader, log, from) + recordsBefore(reader, log, before)
  )
}

/** Records before `offset` of the batch that holds it. The batch is opened only where it was compacted. */
function recordsBefore(reader: WorkspaceReader, log: PartitionLog, offset: number): number {
  const extent = reader.extentAt(log, offset)
  if (!extent || extent.baseOffset >= offset) return 0
  const { baseOffset, lastOffset, recordCount } = extent
  if (recordCount === lastOffset - baseOffset + 1) return offset - baseOffset
  const [batch] = reader.batches(log, { from: lastOffset, before: lastOffset + 1, maxBytes: 1 })
  return batch ? recordsOf(readBatch(batch.bytes)).records.filter((record) => record.offset < offset).length : 0
}

function timesOf(
  reader: WorkspaceReader,
  { topic, partition, steps }: ReaderRequest & { readonly kind: 'times' },
): LogTime[] {
  const log = reader.partition(topic, partition)
  const found: LogTime[] = []
  if (!log || log.logEnd <= log.logStart) return found
  const last = log.logEnd - 1
  for (let step = 0; step <= steps; step++) {
    const offset = log.logStart + Math.round(((last - log.logStart) * step) / steps)
    const batch = reader.batches(log, { from: offset, before: log.logEnd, maxBytes: 1 })[0]
    found.push({ offset, at: batch?.maxTimestamp ?? found.at(-1)?.at ?? -1 })
  }
  return found
}
