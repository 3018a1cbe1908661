import { keyOf } from '../../base/topic-partition'
import type { ResendCounts, ResendJob, ResendTarget } from '../../contract/resend'
import type { Selected } from './selection'

/** What a resend is from its start on. */
export interface ResendSpec {
  readonly id: number
  readonly startedAt: number
  readonly target: ResendTarget
  readonly perSecond: number | null
  readonly maxTimes: number
  readonly skipResent: boolean
  /** Partitions, times and headers stay as they are: a copy of a topic. */
  readonly isCopy: boolean
  /** Ids of the topics that it reads: offsets of a topic that was created again mean other messages. */
  readonly topicIds: Readonly<Record<string, string>>
  readonly selected: Selected
}

/** How far it has come; stored with every portion that was written. */
export interface ResendProgress {
  /** The next offset to read, by source partition. */
  readonly next: Readonly<Record<string, number>>
  /** `topic:partition:offset` behind `next` that were sent: when a part of a portion was rejected. */
  readonly ahead: readonly string[]
  readonly counts: Pick<ResendCounts, 'found' | 'targets' | 'skipped'>
  readonly state: ResendJob['state']
  readonly problem: string | null
}

/** What is left to read. */
export function remaining({ ranges, filter }: Selected, next: ResendProgress['next']): Selected {
  return {
    filter,
    ranges: ranges.flatMap((range) => {
      const from = Math.max(range.from, next[keyOf(range.topic, range.partition)] ?? 0)
      if (from >= range.before) return []
      return [range.only ? { ...range, from, only: range.only.filter((one) => one >= from) } : { ...range, from }]
    }),
  }
}

export function jobOf(spec: ResendSpec, progress: ResendProgress): ResendJob {
  const { id, startedAt, target, perSecond, topicIds, selected } = spec
  const { state, problem, counts, next } = progress
  const all = selected.ranges.reduce((sum, { from, before }) => sum + before - from, 0)
  const left = remaining(selected, next).ranges.reduce((sum, { from, before }) => sum + before - from, 0)
  return {
    ...counts,
    id,
    startedAt,
    topics: Object.keys(topicIds),
    target,
    perSecond,
    state,
    problem,
    share: state === 'done' || all === 0 ? 1 : (all - left) / all,
    done: state === 'done',
  }
}
