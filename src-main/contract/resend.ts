import { type Checked, either, flag, list, orNull, record, text, whole } from './check'
import { name, searchInput, topicPartitionOffset } from './search'

/** The header with which a resent message carries how often it was resent, as a decimal number. */
export const resendHeader = 'ottla-resent'

const has = (field: string) => (value: unknown) => typeof value === 'object' && value !== null && field in value

/** Marked messages, or everything that a query finds from its start on. */
const selection = either(
  has('marked'),
  record({ marked: list(topicPartitionOffset, 10_000) }),
  record({ query: record(searchInput) }),
)

/** One topic, or for each message the topic that a header of it names (the last one where the header repeats). */
const target = either(has('topic'), record({ topic: name }), record({ header: text(1000) }))

export type ResendSelection = Checked<typeof selection>
export type ResendTarget = Checked<typeof target>

export const resendInput = {
  selection,
  target,
  /** A message that was resent so often is left out: it would go round for ever. */
  maxTimes: whole(1, 1000),
  /** Leaves out what an earlier resend to the same target has sent. */
  skipResent: flag,
}

export const startInput = {
  ...resendInput,
  /** Messages per second; `null`: as fast as they are written. */
  perSecond: orNull(whole(1, 1_000_000)),
}

/** Why a message is left out; `topic` is the one that was named. */
export interface ResendSkip {
  readonly reason: 'noHeader' | 'noTopic' | 'tooOften' | 'before'
  readonly topic: string | null
  readonly records: number
}

export interface ResendCounts {
  /** Messages that were looked at. */
  readonly found: number
  /** Messages by the topic that they go to. */
  readonly targets: readonly { readonly topic: string; readonly records: number }[]
  readonly skipped: readonly ResendSkip[]
  /** How much of the selection is behind it, 0 to 1. */
  readonly share: number
  readonly done: boolean
}

export interface ResendJob extends ResendCounts {
  readonly id: number
  readonly startedAt: number
  /** Topics that it reads. */
  readonly topics: readonly string[]
  readonly target: ResendTarget
  readonly perSecond: number | null
  readonly state: 'running' | 'stopped' | 'failed' | 'done'
  /** Why it failed. */
  readonly problem: string | null
}
