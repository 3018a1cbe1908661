import { parentPort, workerData } from 'node:worker_threads'
import { assert } from '../../base/assert'
import type { LogTime } from '../../contract/reset'
import { readBatch } from '../../records/batch'
import { type ReadBatch, WorkspaceReader } from '../../storage'
import { decoderFor } from '../decoders/decoder'
import { type Filter, FilterError, scriptFilter, textFilter } from './filter'
import type { ReaderReply, ReaderRequest, SearchPlan } from './reader-protocol'
import { type Decoding, Search } from './search'

/** Everything that takes long and only reads: on its own thread and its own connection, so that no produce waits for it. */

assert(parentPort, 'the reader thread is started by the desk')
const port = parentPort
const reader = new WorkspaceReader((workerData as { file: string }).file)

interface Running {
  readonly search: Search
  readonly plan: SearchPlan
  readonly dispose: () => void
  /** For the logs to grow. */
  isWaiting: boolean
  /** Messages with rows that the page has not drawn yet. */
  untaken: number
  /** For the page to draw. */
  isHeld: boolean
}

/** Messages with rows or lines that may be under way: a page that is slow, or hidden, is not read ahead of. */
const maxUntaken = 8

const running = new Map<number, Running>()

/** Progress is told this often, however fast it goes. */
const progressPauseMs = 100

function say(reply: ReaderReply): void {
  port.postMessage(reply)
}

/** Searches that were stopped while their filter was being made. */
const starting = new Set<number>()

async function start(id: number, plan: SearchPlan): Promise<void> {
  starting.add(id)
  const text = textFilter(plan.find)
  const decodings = await decodingsOf(plan)
  const script = plan.script.trim() === '' ? undefined : await scriptFilter(plan.script, decodings)
  if (!starting.delete(id)) {
    script?.dispose()
    return
  }
  const filter: Filter = script ? (record, range) => text(record, range) && script.filter(record, range) : text
  running.set(id, {
    search: new Search(reader, plan, filter, decodings, Date.now),
    plan,
    dispose: script?.dispose ?? (() => {}),
    isWaiting: false,
    untaken: 0,
    isHeld: false,
  })
  step(id, 0)
}

async function decodingsOf({ ranges }: SearchPlan): Promise<ReadonlyMap<string, Decoding>> {
  const decodings = new Map<string, Decoding>()
  for (const { topic, decoders } of ranges) {
    if (decodings.has(topic)) continue
    decodings.set(topic, { key: await decoderFor(decoders.key), value: await decoderFor(decoders.value) })
  }
  return decodings
}

function step(id: number, toldAt: number): void {
  const job = running.get(id)
  if (!job) return
  try {
    const { format } = job.plan
    const found = format === null ? job.search.next() : job.search.nextLines(format)
    if (found.length > 0) {
      job.untaken++
      say(typeof found === 'string' ? { kind: 'text', id, text: found } : { kind: 'rows', id, rows: found })
    }
  } catch (error) {
    fail(id, error)
    return
  }
  if (job.search.isDone && !job.plan.live) {
    say({ kind: 'progress', id, progress: job.search.progress(true) })
    say({ kind: 'done', id })
    end(id)
    return
  }
  const now = Date.now()
  const tells = now - toldAt >= progressPauseMs || job.search.isDone
  if (tells) say({ kind: 'progress', id, progress: job.search.progress(false) })
  if (job.search.isDone) {
    job.isWaiting = true
    return
  }
  if (job.untaken >= maxUntaken) {
    job.isHeld = true
    return
  }
  // Other questions get their turn between slices.
  setImmediate(() => step(id, tells ? now : toldAt))
}

function end(id: number): void {
  starting.delete(id)
  running.get(id)?.dispose()
  running.delete(id)
}

function fail(id: number, error: unknown): void {
  end(id)
  const text = error instanceof Error ? error.message : String(error)
  say({ kind: 'failed', id, message: error instanceof FilterError ? text : `The messages cannot be read: ${text}` })
}

/** The time of the first record of a batch, unless it makes room for something else (KIP-534). */
function oldestOf({ bytes, maxTimestamp }: ReadBatch): number {
  const { baseTimestamp, hasDeleteHorizon } = readBatch(bytes)
  return hasDeleteHorizon || baseTimestamp < 0 ? maxTimestamp : Math.min(Number(baseTimestamp), maxTimestamp)
}

function histogram({ id, topicRows, partitions, buckets }: ReaderRequest & { readonly kind: 'histogram' }): void {
  const logs = topicRows
    .flatMap((topicRow) => reader.partitions(topicRow))
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
  say({ kind: 'histogram', id, histogram: { fromAt: oldest, bucketMs, counts } })
}

function times(id: number, topicRow: number, partition: number, steps: number): void {
  const log = reader.partitions(topicRow).find(({ number }) => number === partition)
  const found: LogTime[] = []
  if (log && log.logEnd > log.logStart) {
    const last = log.logEnd - 1
    for (let step = 0; step <= steps; step++) {
      const from = log.logStart + Math.round(((last - log.logStart) * step) / steps)
      const batch = reader.batches(log, { from, before: log.logEnd, maxBytes: 1 })[0]
      found.push({ offset: from, at: batch?.maxTimestamp ?? found.at(-1)?.at ?? -1 })
    }
  }
  say({ kind: 'times', id, times: found })
}

port.on('message', (request: ReaderRequest) => {
  const { id } = request
  if (request.kind === 'search') start(id, request.plan).catch((error: unknown) => fail(id, error))
  else if (request.kind === 'stop') end(id)
  else if (request.kind === 'histogram' || request.kind === 'times') {
    try {
      if (request.kind === 'histogram') histogram(request)
      else times(id, request.topicRow, request.partition, request.steps)
    } catch (error) {
      fail(id, error)
    }
  } else if (request.kind === 'taken') {
    const job = running.get(id)
    if (!job) return
    job.untaken--
    if (job.isHeld) {
      job.isHeld = false
      step(id, 0)
    }
  } else {
    const job = running.get(id)
    job?.search.extend(request.ends)
    if (job?.isWaiting) {
      job.isWaiting = false
      step(id, 0)
    }
  }
})
