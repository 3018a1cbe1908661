/** Neighbouring offsets of a share-partition that share their state, holder and delivery count. */
export interface ShareRun {
  readonly first: number
  readonly last: number
  readonly state: 'available' | 'acquired' | 'acknowledged' | 'archived'
  readonly deliveryCount: number
  /** Its holder while it is acquired. */
  readonly memberId: string | null
  readonly acquiredAt: number | null
  readonly lockedUntil: number | null
}

/** What became of neighbouring records in one step, and why. */
export interface ShareOutcome {
  readonly at: number
  readonly first: number
  readonly last: number
  readonly deliveryCount: number
  readonly memberId: string | null
  /** `exhausted`: archived, because it was delivered as often as `share.delivery.count.limit` allows. */
  readonly kind: 'rejected' | 'released' | 'exhausted' | 'unreadable'
  readonly cause: 'acknowledged' | 'sessionEnded' | 'lockEnded' | 'releasedByHand' | 'logCut' | 'read'
}

/** A reason why a share-partition delivers nothing now, or will deliver something never. */
export type ShareWhy =
  | { readonly kind: 'nothingLeft' }
  | { readonly kind: 'noMembers' }
  | { readonly kind: 'noMember' }
  /** No member has fetched it; then `share.auto.offset.reset` decides where it begins. */
  | { readonly kind: 'notBegun'; readonly reset: string; readonly records: number }
  /** It began at the log end: the records before it are never delivered. */
  | { readonly kind: 'beganAtLatest'; readonly reset: string; readonly records: number }
  | { readonly kind: 'locked'; readonly holders: readonly ShareHold[] }
  | { readonly kind: 'locksExhausted'; readonly limit: number; readonly holders: readonly ShareHold[] }
  /** `read_committed`: an open transaction begins at this offset. */
  | { readonly kind: 'openTransaction'; readonly offset: number; readonly records: number }
  | { readonly kind: 'notFetching'; readonly memberIds: readonly string[]; readonly since: number | null }
  | { readonly kind: 'lastAttempt'; readonly offset: number; readonly limit: number }
  | { readonly kind: 'exhausted'; readonly records: number; readonly limit: number }

/** Records of one partition that one member holds. */
export interface ShareHold {
  readonly memberId: string
  readonly records: number
  /** When the first and the last of its locks end. */
  readonly firstLockEnd: number
  readonly lastLockEnd: number
}

/** The deliveries of one partition: offsets from its start offset to the log end. */
export interface ShareLane {
  readonly topic: string
  readonly partition: number
  readonly logStart: number
  readonly logEnd: number
  /** The first offset that is not finished; `null` until a member has fetched it. */
  readonly start: number | null
  /** The offset behind everything that was ever handed out. */
  readonly windowEnd: number
  /** The first runs of the window, at most `maxRuns`. */
  readonly runs: readonly ShareRun[]
  /** Runs that were left out. */
  readonly moreRuns: number
  /** Offsets in flight, and how many may be (`share.partition.max.record.locks`). */
  readonly inFlight: number
  readonly maxInFlight: number
  /** Records that are not finished. */
  readonly lag: number
  readonly members: readonly string[]
  readonly why: readonly ShareWhy[]
  /** The newest first. */
  readonly outcomes: readonly ShareOutcome[]
}

/** What a member did since Ottla was started, and what it holds now. */
export interface ShareWorker {
  readonly memberId: string
  readonly held: number
  readonly firstLockEnd: number | null
  readonly accepted: number
  readonly released: number
  readonly rejected: number
  /** Records whose lock ended. */
  readonly timedOut: number
}

/** Records of a group by what became of them since Ottla was started. */
export interface ShareCounts extends Pick<ShareWorker, 'accepted' | 'released' | 'rejected' | 'timedOut'> {
  readonly acquired: number
  /** Archived at the delivery count limit; they are among those that were released or timed out, too. */
  readonly exhausted: number
  /** Written to the dead-letter topic. */
  readonly deadLettered: number
}

/** Where records go that the group gives up (KIP-1191). */
export interface DeadLetterTopic {
  readonly topic: string
  /** Why nothing is written to it: `share.version` is below 2, there is no such topic, or it does not allow it. */
  readonly problem: 'version' | 'missing' | 'notEnabled' | null
}

/** Some of the lanes of a share group, in the order of topic and partition. */
export interface ShareLanes {
  /** The broker's clock: locks end by it. */
  readonly at: number
  readonly total: number
  readonly from: number
  readonly lanes: readonly ShareLane[]
  readonly workers: readonly ShareWorker[]
  readonly counts: ShareCounts
  /** `null`: the group has no dead-letter topic. */
  readonly deadLetters: DeadLetterTopic | null
}
