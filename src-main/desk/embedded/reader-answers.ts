import type { LogTime } from '../../contract/reset'
import type { PartitionLog, WorkspaceReader } from '../../storage'
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
        case 'more':
          return jobs.more(id)
        case 'stop':
          return jobs.stop(id)
        case 'add':
          return void jobs.add(id, request.ranges).catch((error: unknown) => fail(id, error))
        case 'registry':
          return schemas.choose(request.registry)
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
  return batch ? recordsOf(batch).records.filter((record) => record.offset < offset).length : 0
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
    found.push({ offset, at: batch ? Number(batch.maxTimestamp) : (found.at(-1)?.at ?? -1) })
  }
  return found
}
