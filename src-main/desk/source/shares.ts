import type { Listen } from '../../base/emitter'
import type { TopicPartition } from '../../base/topic-partition'
import type { DeadLetterTopic, ShareCounts, ShareOutcome, ShareRun, ShareWorker } from '../../contract/share'

/** One share-partition as the broker has it. */
export interface LaneFacts extends TopicPartition {
  readonly logStart: number
  readonly logEnd: number
  /** Where readers of this group stop: the last stable offset with `read_committed`, else the log end. */
  readonly readEnd: number
  /** `null` until `share.auto.offset.reset` was applied. */
  readonly start: number | null
  readonly windowEnd: number
  /** The whole window, ascending. There may be ten thousand of them: they are looked at one by one, as often as it takes. */
  readonly runs: Iterable<ShareRun>
  /** The offset that a fetch would read next. */
  readonly next: number
  readonly inFlight: number
  readonly maxInFlight: number
  readonly deliveryCountLimit: number
  /** `share.auto.offset.reset` */
  readonly reset: string
  /** What the reset decided, if it did: the first offset, and where the log began then. */
  readonly began: { readonly offset: number; readonly logStart: number } | null
  /** Ids of all members of the group, and of those that have this partition. */
  readonly groupMembers: number
  readonly members: readonly string[]
  /** Members whose share session has this partition: whether one waits for records, and when it asked last. */
  readonly sessions: readonly { readonly memberId: string; readonly isWaiting: boolean; readonly askedAt: number }[]
  /** The newest first. */
  readonly outcomes: readonly ShareOutcome[]
}

/** Deliveries of share groups: only a broker that hands the records out knows them. */
export interface ShareSource {
  /** The id of a group whose deliveries changed. */
  readonly changed: Listen<string>
  /** Partitions whose deliveries have a state, in the order of topic and partition. */
  places(groupId: string): Promise<readonly TopicPartition[]>
  lanes(groupId: string, places: readonly TopicPartition[]): Promise<readonly LaneFacts[]>
  workers(groupId: string): Promise<readonly ShareWorker[]>
  counts(groupId: string): Promise<ShareCounts>
  /** `null`: the group has none. */
  deadLetters(groupId: string): Promise<DeadLetterTopic | null>
  /** Gives back all that a member holds; answers how many records that were. */
  release(groupId: string, memberId: string): Promise<number>
}

/** The first run that `is` says yes to. */
export function firstRun(runs: Iterable<ShareRun>, is: (run: ShareRun) => boolean): ShareRun | undefined {
  for (const run of runs) if (is(run)) return run
  return undefined
}
