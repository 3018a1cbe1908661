import type { Contract } from '../../contract/contract'
import type { InputOf, ItemOf } from '../../contract/define'
import type { SearchPosition } from '../../contract/messages'
import type { Outlet } from '../../contract/server'
import { type DecoderChoices, decodersOf } from '../decoders/chosen'
import type { ExportFormat, Scan, ScanRange, ScanReply } from '../source/records'
import type { ClusterSource } from '../source/source'
import type { LogFacts } from '../source/topics'
import { headLine } from './export-lines'
import { heldBack } from './held-back'
import type { WaitingScan, WaitingScans } from './waiting-scans'

type ExportInput = Omit<InputOf<Contract['messages.export']>, 'format'>
type SearchInput = ExportInput & Partial<Pick<InputOf<Contract['messages.search']>, 'after' | 'columns'>>

export interface ScanParts {
  readonly source: ClusterSource
  readonly decoders: DecoderChoices
}

type SearchOutlet = Outlet<ItemOf<Contract['messages.search']>>

/** A search whose next page goes on with the same scan. Returns what stops it. */
interface OpenSearch extends WaitingScan {
  goOn(outlet: SearchOutlet): () => void
}

export type OpenSearches = WaitingScans<OpenSearch>

export interface SearchParts extends ScanParts {
  readonly waiting: OpenSearches
}

/**
 * Streams what matches to a page. A live search goes on with every commit, until the page closes it. One for the latest values that has more
 * stays open, too: as long as it waits, its next page goes on where it ended.
 */
export function search(parts: SearchParts, input: SearchInput, outlet: SearchOutlet): () => void {
  const tellHeld = async () => {
    if (!input.committed) return
    const held = await heldBack(parts.source, await logsFor(parts.source, input))
    if (held) outlet.push({ kind: 'held', held })
  }
  // A topic that is gone is told by the search itself.
  tellHeld().catch(() => {})
  const open = input.after ? parts.waiting.take(pageKey(input, input.after)) : undefined
  return open ? open.goOn(outlet) : begin(parts, input, outlet)
}

/** Of pages of one query that follow each other, the first may go on as the next. */
function pageKey({ after: _, ...query }: SearchInput, after: SearchPosition): string {
  return JSON.stringify([query, after.map(({ topic, partition, offset, seen }) => [topic, partition, offset, seen])])
}

function begin(parts: SearchParts, input: SearchInput, outlet: SearchOutlet): () => void {
  const { waiting, source } = parts
  let to = outlet
  let running: Running | undefined
  const stopOf = (mine: SearchOutlet) => () => {
    // A later page may have taken the scan over.
    if (to !== mine) return
    waiting.forget(open)
    running?.stop()
  }
  const open: OpenSearch = {
    goOn(next) {
      to = next
      running?.more()
      return stopOf(next)
    },
    close() {
      running?.stop()
      to.end()
    },
  }
  // What was found may lie in a topic that is no longer the same.
  const gone = (close: () => void) =>
    source.topics.changed(({ kind, topic }) => {
      if (kind !== 'grown' && input.topics.includes(topic.name)) close()
    })
  const ends: Ends = {
    // A scan that only waits is not missed: the next page reads again.
    fail: (error) => (waiting.forget(open) ? to.end() : to.fail(error)),
    end: () => to.end(),
    refuse(problem) {
      to.push({ kind: 'refused', problem })
      to.end()
    },
  }
  running = run(parts, input, null, ends, (reply, taken) => {
    if (reply.kind === 'rows') to.push({ kind: 'rows', rows: reply.rows }, taken)
    else if (reply.kind === 'ended') to.push({ kind: 'ended', rows: reply.rows })
    else if (reply.kind === 'progress') {
      const { done, next } = reply.progress
      if (done && next && isKept(input)) waiting.keep(pageKey(input, next), open, gone)
      to.push({ kind: 'progress', progress: reply.progress })
    }
  })
  return stopOf(outlet)
}

/** Which keys are newer is known from all that was read before. */
function isKept({ from }: SearchInput): boolean {
  return from === 'latest'
}

/** The same as the text of a file. It waits for the page, so that a large export does not pile up. */
export function exportMessages(
  parts: ScanParts,
  { format, ...input }: InputOf<Contract['messages.export']>,
  outlet: Outlet<ItemOf<Contract['messages.export']>>,
): () => void {
  const head = headLine(format)
  if (head !== '') outlet.push({ kind: 'text', text: head })
  const { stop } = run(parts, input, format, outlet, (reply, taken) => {
    if (reply.kind === 'text') outlet.push({ kind: 'text', text: reply.text }, taken)
    else if (reply.kind === 'progress') outlet.push({ kind: 'progress', progress: reply.progress })
  })
  return stop
}

interface Ends extends Pick<Outlet<never>, 'fail' | 'end'> {
  /** A condition makes no sense. Without this it is a failure like others. */
  refuse?(problem: string): void
}
type Running = Pick<Scan, 'more' | 'stop'>

function run(
  parts: ScanParts,
  input: SearchInput,
  format: ExportFormat | null,
  outlet: Ends,
  listener: (reply: ScanReply, taken: () => void) => void,
): Running {
  let scan: Scan | undefined
  let isStopped = false
  parts.source.records.prepare()
  const start = async () => {
    const ranges = await rangesOf(parts, input)
    if (isStopped) return
    const live = input.from === 'live'
    // A file of everything is read in the order of the log.
    const isWhole = format !== null && ranges.reduce((sum, { from, before }) => sum + before - from, 0) <= input.limit
    scan = parts.source.records.scan(
      {
        ranges,
        backward: input.from === 'latest' || (input.from === 'newest' && !isWhole),
        latest: input.from === 'latest',
        waitsForMore: format === null && isKept(input),
        live,
        limit: live ? Number.MAX_SAFE_INTEGER : input.limit,
        find: input.find,
        script: input.script,
        conditions: input.conditions,
        follow: input.follow,
        columns: input.columns ?? [],
        fromAt: input.from === 'time' ? (input.value ?? 0) : -1,
        untilAt: input.until ?? -1,
        format,
        committed: input.committed,
        buckets: null,
      },
      (reply) => {
        if (reply.kind === 'failed' && reply.isCondition && outlet.refuse) outlet.refuse(reply.message)
        else if (reply.kind === 'failed') outlet.fail(new Error(reply.message))
        else if (reply.kind === 'done') outlet.end()
        else listener(reply, () => scan?.taken())
      },
    )
  }
  start().catch((error: unknown) => outlet.fail(error))
  const unfollow = input.from === 'live' ? follow(parts, input, () => scan, outlet) : undefined
  return {
    more: () => scan?.more(),
    stop() {
      isStopped = true
      unfollow?.()
      scan?.stop()
    },
  }
}

/** A live search follows partitions that are added, and a topic that is created again, from their first record on. */
function follow(
  parts: ScanParts,
  input: SearchInput,
  scan: () => Scan | undefined,
  outlet: Pick<Outlet<never>, 'fail'>,
): () => void {
  const counts = new Map<string, number>()
  const add = async (name: string, isNew: boolean) => {
    const ranges = await rangesOf(parts, { ...input, topics: [name], from: 'oldest' })
    const known = isNew ? 0 : (counts.get(name) ?? 0)
    counts.set(
      name,
      ranges.reduce((most, { partition }) => Math.max(most, partition + 1), 0),
    )
    scan()?.add(ranges.filter(({ partition }) => partition >= known))
  }
  return parts.source.topics.changed(({ kind, topic, before }) => {
    if (!input.topics.includes(topic.name) || kind === 'deleted') return
    if (before !== null) counts.set(topic.name, before)
    add(topic.name, kind === 'created').catch((error: unknown) => outlet.fail(error))
  })
}

/** Where a search begins and ends in each partition. @throws Error when a topic is gone */
export async function rangesOf({ source, decoders }: ScanParts, input: SearchInput): Promise<ScanRange[]> {
  const logs = await logsFor(source, input)
  const starts = await startsOf(source, logs, input)
  const chosen = new Map(
    await Promise.all(input.topics.map(async (topic) => [topic, await decodersOf(decoders, topic)] as const)),
  )
  const isLatest = input.from === 'latest'
  const backward = input.from === 'newest' || isLatest
  return logs.flatMap((log, i): ScanRange[] => {
    const { topic, partition, start } = log
    const end = input.committed ? log.stable : log.end
    const place = input.after?.find((one) => one.topic === topic && one.partition === partition)
    const from = place && !backward ? Math.max(start, place.offset) : (starts[i] ?? start)
    // A partition that was added since has its newest records before those that the page has.
    const given = backward && input.after ? Math.min(end, place?.offset ?? start) : end
    // Which keys are newer is known from the newest record on.
    const before = isLatest ? end : given
    const topicDecoders = chosen.get(topic)
    if (!topicDecoders) return []
    const range = { topic, partition, from, before, seen: place?.seen ?? [], decoders: topicDecoders }
    return [isLatest && input.after ? { ...range, givenFrom: given } : range]
  })
}

async function logsFor({ topics }: ClusterSource, input: SearchInput): Promise<LogFacts[]> {
  const found = await topics.logs(input.topics)
  const missing = input.topics.find((topic) => !found.has(topic))
  if (missing !== undefined) throw new Error(`There is no topic ${missing}; it may have been deleted.`)
  return [...found.values()]
    .flat()
    .filter(({ partition }) => input.partitions === null || input.partitions.includes(partition))
}

/** The first offset that a search looks at, for each log. */
async function startsOf(
  { records, groups }: ClusterSource,
  logs: readonly LogFacts[],
  input: SearchInput,
): Promise<readonly number[]> {
  switch (input.from) {
    case 'live':
      return logs.map(({ end, stable }) => (input.committed ? stable : end))
    case 'offset':
      return logs.map(({ start, end }) => Math.min(Math.max(input.value ?? start, start), end))
    case 'time':
      return await records.offsetsAt(logs, input.value ?? 0)
    case 'group': {
      const groupId = input.groupId ?? ''
      const committed = (await groups.offsets([groupId])).get(groupId) ?? []
      return logs.map(
        ({ topic, partition, start }) =>
          committed.find((row) => row.topic === topic && row.partition === partition)?.offset ?? start,
      )
    }
    default:
      return logs.map(({ start }) => start)
  }
}
