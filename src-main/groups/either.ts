import type { Millis } from '../base/clock'
import { readSubscription, type Subscription } from '../protocol/embedded/consumer-protocol'
import { DecodeError } from '../protocol/failures'
import { Draft } from './classic/draft'
import { type ClassicEvent, type ClassicReply, type Join, joinRefused } from './classic/events'
import { type ClassicGroup, emptyGroup } from './classic/group'
import { classicMachine, restored } from './classic/machine'
import { prepare } from './classic/rebalance'
import type { ConsumerEvent, ConsumerHeartbeat, ConsumerReply, World } from './consumer/events'
import { type ConsumerGroup, emptyConsumerGroup } from './consumer/group'
import { heartbeatRefused } from './consumer/heartbeat'
import { consumerMachine, restoredConsumerGroup } from './consumer/machine'
import { toClassicGroup, toConsumerGroup } from './conversion'
import type { Step } from './machine'

/** A group of either protocol. */
export type AnyGroup =
  | { readonly type: 'classic'; readonly value: ClassicGroup }
  | { readonly type: 'consumer'; readonly value: ConsumerGroup }

export type AnyEvent = ClassicEvent | Exclude<ConsumerEvent, { kind: 'classicJoin' }>
export type AnyReply = ClassicReply | ConsumerReply
export type AnyStep = Step<AnyGroup, AnyReply>

/** `group.consumer.migration.policy` */
export type MigrationPolicy = 'bidirectional' | 'upgrade' | 'downgrade' | 'disabled'

/** What a conversion between the protocols depends on besides the group. */
export interface Surroundings {
  readonly world: World
  readonly migration: MigrationPolicy
  /** `group.max.size` */
  readonly classicMaxSize: number
  /** `group.consumer.max.size` */
  readonly consumerMaxSize: number
}

/** One step of a group of either protocol, which may make it one of the other (KIP-848); the rules are V1-V6 in consumer/SPEC.md. */
export function step(group: AnyGroup, event: AnyEvent, at: Millis, around: Surroundings): AnyStep {
  if (group.type === 'classic') {
    return event.kind === 'consumerHeartbeat'
      ? heartbeatToClassic(group.value, event, at, around)
      : ofClassic(group, classicMachine.step(group.value, event as ClassicEvent, at))
  }
  if (event.kind === 'join') {
    // [V3] An empty group takes the protocol of whoever comes.
    if (group.value.members.length === 0) {
      const empty = emptyGroup(group.value.groupId)
      const after = classicMachine.step(empty, event, at)
      return after.group === empty ? { ...after, group } : ofClassic(group, after)
    }
    return joinToConsumer(group, event, at, around)
  }
  return stepConsumer(group, event as ConsumerEvent, at, around)
}

/** The member that an event is about; `null` for what concerns none in particular. */
export function subjectOf(event: AnyEvent): string | null {
  if (event.kind === 'join') return event.memberId || event.newMemberId
  if (event.kind === 'leave') return event.members.length === 1 ? (event.members[0]?.memberId ?? null) : null
  return 'memberId' in event ? event.memberId : null
}

export function wakeAt(group: AnyGroup): Millis | undefined {
  return group.type === 'classic' ? classicMachine.wakeAt(group.value) : consumerMachine.wakeAt(group.value)
}

export function due(group: AnyGroup, at: Millis): AnyEvent | undefined {
  // The machine's own deadlines never make it join.
  return (group.type === 'classic' ? classicMachine.due(group.value, at) : consumerMachine.due(group.value, at)) as
    | AnyEvent
    | undefined
}

export function isEmpty(group: AnyGroup): boolean {
  return group.type === 'classic' ? group.value.state === 'Empty' : group.value.members.length === 0
}

/** As it is found in the file after a restart. */
export function revive(group: AnyGroup, at: Millis): AnyGroup {
  return group.type === 'classic'
    ? { type: 'classic', value: restored(group.value, at) }
    : { type: 'consumer', value: restoredConsumerGroup(group.value, at) }
}

function ofClassic(before: AnyGroup, { group: value, ...rest }: Step<ClassicGroup, ClassicReply>): AnyStep {
  return { ...rest, group: value === before.value ? before : { type: 'classic', value } }
}

function ofConsumer(before: AnyGroup, { group: value, ...rest }: Step<ConsumerGroup, ConsumerReply>): AnyStep {
  return { ...rest, group: value === before.value ? before : { type: 'consumer', value } }
}

/** [V4] The first ConsumerGroupHeartbeat that joins makes a consumer group of a classic one, members and all. */
function heartbeatToClassic(group: ClassicGroup, event: ConsumerHeartbeat, at: Millis, around: Surroundings): AnyStep {
  const before: AnyGroup = { type: 'classic', value: group }
  const refused = (message: string): AnyStep => {
    const reply = heartbeatRefused(event.memberId, 'GROUP_ID_NOT_FOUND', message)
    return { group: before, effects: [{ kind: 'reply', ticket: event.ticket, reply }], causes: [] }
  }
  const { groupId } = group
  if (event.memberEpoch !== 0) return refused(`Group ${groupId} is not a consumer group.`)
  if (group.state === 'Empty') {
    const empty = emptyConsumerGroup(groupId)
    const after = consumerMachine.step(empty, event, at)
    return after.group === empty ? { ...after, group: before } : ofConsumer(before, after)
  }
  const why = upgradeProblem(group, around)
  if (why) return refused(`Cannot upgrade classic group ${groupId} to consumer group because ${why}.`)
  const upgraded = decoded(() => toConsumerGroup(group, around.world, at))
  if (!upgraded) {
    return refused(
      `Cannot upgrade classic group ${groupId} to consumer group because the embedded consumer protocol is malformed.`,
    )
  }
  const after = consumerMachine.step(upgraded.group, event, at)
  // Who is refused changes nothing.
  if (after.group === upgraded.group) return { ...after, group: before }
  return {
    group: { type: 'consumer', value: after.group },
    effects: [{ kind: 'save' }, ...upgraded.effects, ...after.effects],
    causes: [{ kind: 'upgraded' }, ...after.causes],
  }
}

/** GroupMetadataManager.validateOnlineUpgrade. */
function upgradeProblem(group: ClassicGroup, { migration, consumerMaxSize }: Surroundings): string | undefined {
  if (migration !== 'bidirectional' && migration !== 'upgrade') return 'online upgrade is disabled'
  if (group.protocolType !== 'consumer') return 'the group does not use the consumer embedded protocol'
  if (group.members.length > consumerMaxSize) return 'the group size exceeds the consumer group maximum size'
  return undefined
}

/** [V5] A classic member is let in unless migration is disabled (throwIfClassicMemberCannotJoinConsumerGroup). */
function joinToConsumer(
  group: AnyGroup & { readonly type: 'consumer' },
  join: Join,
  at: Millis,
  around: Surroundings,
): AnyStep {
  const refused = (error: 'INCONSISTENT_GROUP_PROTOCOL'): AnyStep => ({
    group,
    effects: [{ kind: 'reply', ticket: join.ticket, reply: joinRefused(join.memberId, error) }],
    causes: [],
  })
  if (around.migration === 'disabled') return refused('INCONSISTENT_GROUP_PROTOCOL')
  const metadata = Buffer.from(join.protocols[0]?.metadata ?? '', 'base64')
  const subscription: Subscription | undefined = decoded(() => readSubscription(metadata))
  if (!subscription) return refused('INCONSISTENT_GROUP_PROTOCOL')
  const event = {
    kind: 'classicJoin',
    join,
    subscription,
    maxSize: around.consumerMaxSize,
    world: around.world,
  } as const
  return stepConsumer(group, event, at, around)
}

/**
 * [V6] When the last member of the consumer protocol goes and classic ones are left, the group is a classic one again, and they rebalance
 * among themselves (validateOnlineDowngradeWithFencedMembers). Where a classic static member took its place nothing needs to move.
 */
function stepConsumer(
  before: AnyGroup & { readonly type: 'consumer' },
  event: ConsumerEvent,
  at: Millis,
  around: Surroundings,
): AnyStep {
  const after = consumerMachine.step(before.value, event, at)
  if (!isDowngrade(before.value, after.group, around)) return ofConsumer(before, after)
  const wasReplaced = after.group.members.length === before.value.members.length
  const draft = new Draft(
    toClassicGroup(after.group, wasReplaced ? after.group.groupEpoch : before.value.groupEpoch, at),
    at,
  )
  if (!wasReplaced) prepare(draft)
  const ended = draft.end()
  return {
    group: { type: 'classic', value: ended.group },
    effects: [...after.effects, ...ended.effects],
    causes: [...after.causes, { kind: 'downgraded' }],
  }
}

function isDowngrade(
  before: ConsumerGroup,
  after: ConsumerGroup,
  { migration, classicMaxSize }: Surroundings,
): boolean {
  return (
    (migration === 'bidirectional' || migration === 'downgrade') &&
    after.members.length > 0 &&
    after.members.length <= classicMaxSize &&
    before.members.some(({ classic }) => classic === null) &&
    after.members.every(({ classic }) => classic !== null)
  )
}

function decoded<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}
