import type { Cause } from './causes'
import { flag, list, oneOf, orNull, record, text, whole } from './check'

const name = text(249)
const groupId = text(1000)
const topicPartition = record({ topic: name, partition: whole() })

/** Where to. `value` is an offset, messages to shift by, a time, or a span in ms; `offsets` were dragged, typed, or read from a file. */
const resetTo = record({
  to: oneOf('earliest', 'latest', 'offset', 'shift', 'time', 'back', 'group', 'exact', 'delete'),
  value: orNull(whole(Number.MIN_SAFE_INTEGER)),
  groupId: orNull(groupId),
  offsets: orNull(list(record({ topic: name, partition: whole(), offset: whole() }))),
})

/**
 * What is moved, and where to. The partitions are those of all topics that the group has committed to or reads, of the topics of the group
 * whose offsets are taken over, and of `topics` besides. `partitions`: only these of them; `null`: all.
 */
export const resetInput = {
  groupId,
  to: resetTo,
  topics: list(name, 1000),
  partitions: orNull(list(topicPartition)),
}

export const applyInput = { ...resetInput, fence: flag }

/** One partition of a plan. */
export interface ResetLine {
  readonly topic: string
  readonly partition: number
  readonly start: number
  readonly end: number
  /** What is committed; `null` for nothing. */
  readonly current: number | null
  /** The same as `current` where nothing happens; `null` leaves nothing committed. */
  readonly next: number | null
  /** The reset says something about this partition. */
  readonly isChosen: boolean
  readonly replayed: number
  readonly skipped: number
  /** Of a partition that has no committed offset and gets its first one: messages at it and behind it, and those before it. */
  readonly first: { readonly read: number; readonly skipped: number } | null
  readonly problem: string | null
}

export interface ResetPlan {
  readonly groupId: string
  readonly state: string
  readonly members: number
  readonly lines: readonly ResetLine[]
  /** The same with Kafka's own tool; `null`: the tool of share groups has no option for it. */
  readonly command: string | null
}

export interface ResetRecord {
  readonly id: number
  readonly at: number
  readonly kind: 'reset' | 'undo'
  readonly cause: Cause
  readonly partitions: number
  readonly undone: boolean
}

/** A reset that is done as soon as the group is empty. */
export interface WaitingReset {
  readonly since: number
  /** Where to, in words. */
  readonly to: string
  /** Why it could not be done when the group was empty. */
  readonly problem: string | null
}

/** A record of a log, and when it was written. */
export interface LogTime {
  readonly offset: number
  readonly at: number
}

/** The partition gets another committed offset, or loses it. */
export function moves({ isChosen, problem, current, next }: ResetLine): boolean {
  return isChosen && problem === null && next !== current
}
