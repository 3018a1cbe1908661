/** A member as a cause names it. */
export interface MemberName {
  readonly memberId: string
  /** `group.instance.id` of a static member. */
  readonly instanceId: string | null
  readonly clientId: string
}

/** A member's subscription. */
export interface Subscribed {
  readonly topics: readonly string[]
  /** RE2 pattern of the consumer protocol. */
  readonly pattern: string | null
}

/** One topic under a group's subscriptions that changed. */
export interface TopicChange {
  readonly topic: string
  readonly change: 'added' | 'recreated' | 'removed' | 'grew'
  /** Partitions gained by a topic that grew, else 0. */
  readonly partitions: number
}

/** Target of an offset reset. `value` is an offset, a number of messages, a time, or a span in ms. */
export interface ResetTarget {
  readonly to: 'earliest' | 'latest' | 'offset' | 'shift' | 'time' | 'back' | 'group' | 'exact' | 'delete'
  readonly value: number | null
  /** The group whose offsets were copied. */
  readonly groupId: string | null
}

/** Numbers of records. */
export interface DeliveryCounts {
  readonly acquired: number
  readonly accepted: number
  readonly released: number
  readonly rejected: number
  /** Released because a lock or a share session ended, or by hand. */
  readonly lockEnded: number
  readonly sessionEnded: number
  readonly releasedByHand: number
  /** Archived at the delivery count limit: they were released in one of these ways too. */
  readonly exhausted: number
}

export const noDeliveries: DeliveryCounts = {
  acquired: 0,
  accepted: 0,
  released: 0,
  rejected: 0,
  lockEnded: 0,
  sessionEnded: 0,
  releasedByHand: 0,
  exhausted: 0,
}

interface OfMember<Kind extends string> {
  readonly kind: Kind
  readonly member: MemberName
}

/**
 * The reason why a group changed, as a value. The machines return it, the journal stores it, the contract carries it; only
 * `contract/causes.ts` turns it into words. A step has a list: the first cause started it, the others followed from it.
 */
export type Cause =
  | (OfMember<'joined'> & { readonly subscribed: Subscribed | null })
  /** A dynamic member was sent its new id and must join again with it (KIP-394). */
  | OfMember<'memberIdAssigned'>
  | { readonly kind: 'pendingExpired'; readonly memberId: string }
  | { readonly kind: 'pendingLeft'; readonly memberId: string }
  | { readonly kind: 'initialDelayElapsed' }
  | (OfMember<'rejoined'> & {
      readonly because: 'leader' | 'subscriptionChanged' | null
      /** The client's own reason (KIP-800). */
      readonly reason: string | null
    })
  /** A static member rejoined under a new member id (KIP-345). */
  | (OfMember<'staticRejoined'> & { readonly keepsPartitions: boolean })
  | (OfMember<'subscriptionChanged'> & { readonly subscribed: Subscribed })
  | { readonly kind: 'topicsChanged'; readonly changes: readonly TopicChange[] }
  /** Patterns were matched with the topics; `topics` counts them. */
  | {
      readonly kind: 'patternsResolved'
      readonly patterns: readonly { readonly pattern: string; readonly topics: number }[]
    }
  | (OfMember<'left'> & { readonly reason: string | null })
  /** A static member left and will come back (epoch -2). */
  | OfMember<'leftTemporarily'>
  | (OfMember<'sessionExpired'> & { readonly afterMs: number })
  | OfMember<'firstJoinExpired'>
  /** Members did not rejoin in time; none when only pending members were missing. */
  | { readonly kind: 'rejoinExpired'; readonly members: readonly MemberName[]; readonly afterMs: number }
  /** Members joined and did not send SyncGroup in time. */
  | { readonly kind: 'syncExpired'; readonly members: readonly MemberName[] }
  | (OfMember<'revocationExpired'> & { readonly afterMs: number })
  | OfMember<'awaitsAssignment'>
  | OfMember<'assignmentFetched'>
  /** The leader of a classic group sent the assignment. */
  | OfMember<'assigned'>
  | (OfMember<'mustRevoke'> & { readonly partitions: number })
  | (OfMember<'revoked'> & { readonly partitions: number })
  /** `awaitsMore`: the rest of its target is still owned by others. */
  | (OfMember<'gained'> & { readonly partitions: number; readonly awaitsMore: boolean })
  | OfMember<'awaitsPartitions'>
  | (OfMember<'epochReached'> & { readonly epoch: number })
  /** Of streams groups: facts of a member changed, such as its endpoint or its tags. */
  | OfMember<'memberChanged'>
  | (OfMember<'mustRevokeTasks'> & { readonly tasks: number })
  | (OfMember<'revokedTasks'> & { readonly tasks: number })
  /** `awaitsMore`: other members still have the rest of its target. */
  | (OfMember<'gainedTasks'> & { readonly tasks: number; readonly awaitsMore: boolean })
  | OfMember<'awaitsTasks'>
  /** The target of all members was made, with nothing to do yet for the one that was heard. */
  | { readonly kind: 'targetMade'; readonly epoch: number }
  /** The topics do not fit the topology; `why` is what the members are told. */
  | { readonly kind: 'notReady'; readonly why: string }
  | { readonly kind: 'topologyReady' }
  | { readonly kind: 'assignmentConfigsChanged' }
  | OfMember<'shutdownRequested'>
  /** A client was answered that it cannot be a member as it is; `error` is Kafka's name. */
  | (OfMember<'refused'> & { readonly error: string })
  /** The broker was started again; it was down for at most `downMs`. */
  | { readonly kind: 'brokerRestarted'; readonly downMs: number }
  /** Records of a share group by what became of them, since the note before. */
  | (OfMember<'deliveries'> & { readonly counts: DeliveryCounts })
  /** The same of `members` that have no cause of their own. */
  | { readonly kind: 'otherDeliveries'; readonly members: number; readonly counts: DeliveryCounts }
  | { readonly kind: 'deadLettered'; readonly topic: string; readonly records: number }
  | { readonly kind: 'upgraded' }
  | { readonly kind: 'downgraded' }
  | { readonly kind: 'offsetsReset'; readonly target: ResetTarget }
  /** A reset was undone; `reset` is its own cause. */
  | { readonly kind: 'resetUndone'; readonly reset: Cause }
  /** A sentence of a journal that was written before causes were values. */
  | { readonly kind: 'told'; readonly text: string }
