import { keyOf } from '../../base/topic-partition'
import type { ResendSelection } from '../../contract/resend'
import { decodersOf } from '../decoders/chosen'
import { rangesOf, type ScanParts } from '../messages/scans'
import type { ScanPlan, ScanRange } from '../source/records'

/** Which records a resend reads: fixed when it begins, so that it never follows what it writes itself. */
export interface Selected {
  readonly ranges: readonly ScanRange[]
  readonly filter: Pick<ScanPlan, 'find' | 'script' | 'conditions' | 'follow' | 'fromAt' | 'untilAt'>
}

const everything = { find: '', script: '', fromAt: -1, untilAt: -1 }

/** @throws Error with a sentence when a topic is gone */
export async function selectedBy(parts: ScanParts, selection: ResendSelection): Promise<Selected> {
  if ('marked' in selection) return { ranges: await markedRanges(parts, selection.marked), filter: everything }
  const { query } = selection
  if (query.from === 'latest')
    throw new Error('Mark the messages to resend: the latest values of keys are no part of a log.')
  // Each partition is read in its order; the newest and the live ones are a part of all.
  const from = query.from === 'newest' || query.from === 'live' ? 'oldest' : query.from
  return {
    ranges: await rangesOf(parts, { ...query, from, committed: true }),
    filter: {
      find: query.find,
      script: query.script,
      conditions: query.conditions,
      follow: query.follow,
      fromAt: query.from === 'time' ? (query.value ?? 0) : -1,
      untilAt: query.until ?? -1,
    },
  }
}

type Marked = Extract<ResendSelection, { readonly marked: unknown }>['marked']

async function markedRanges({ source, decoders }: ScanParts, marked: Marked): Promise<readonly ScanRange[]> {
  const logs = await source.topics.logs([...new Set(marked.map(({ topic }) => topic))])
  const offsets = new Map<string, Set<number>>()
  for (const { topic, partition, offset } of marked) {
    const key = keyOf(topic, partition)
    offsets.set(key, (offsets.get(key) ?? new Set()).add(offset))
  }
  const ranges = [...logs.values()].flat().map(async (log): Promise<readonly ScanRange[]> => {
    const { topic, partition, start, stable } = log
    const wanted = [...(offsets.get(keyOf(topic, partition)) ?? [])].filter((one) => one >= start && one < stable)
    const only = wanted.sort((a, b) => a - b)
    const [from] = only
    if (from === undefined) return []
    const chosen = await decodersOf(decoders, topic)
    return [{ topic, partition, from, before: (only.at(-1) ?? from) + 1, seen: [], only, decoders: chosen }]
  })
  return (await Promise.all(ranges)).flat()
}

/** The scan that reads it, record by record in the order of each log; only what a `read_committed` consumer sees. */
export function planOf({ ranges, filter }: Selected): ScanPlan {
  return {
    ...filter,
    ranges,
    backward: false,
    live: false,
    limit: Number.MAX_SAFE_INTEGER,
    format: 'records',
    committed: true,
    buckets: null,
  }
}
