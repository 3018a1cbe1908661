import type { Millis } from '../base/clock'
import { DecodeError } from '../protocol/failures'
import { Draft } from './classic/draft'
import { type Join, joinRefused } from './classic/events'
import { type ClassicGroup, emptyGroup } from './classic/group'
import { classicMachine } from './classic/machine'
import { prepare } from './classic/rebalance'
import type { ConsumerEvent, ConsumerHeartbeat } from './consumer/events'
import { type ConsumerGroup, emptyConsumerGroup } from './consumer/group'
import { heartbeatRefused } from './consumer/heartbeat'
import { consumerMachine } from './consumer/machine'
import type { GroupContext } from './context'
import { toClassicGroup, toConsumerGroup } from './conversion'
import type { GroupOf, GroupStep } from './group'

/** [V4] The first ConsumerGroupHeartbeat that joins upgrades a classic group to a consumer group, members included. */
export function heartbeatToClassic(
  before: GroupOf<'classic'>,
  event: ConsumerHeartbeat,
  at: Millis,
  context: GroupContext,
): GroupStep {
  const { value: group } = before
  const { groupId } = group
  const rejected = (message: string): GroupStep => {
    const reply = heartbeatRefused(event.memberId, 'GROUP_ID_NOT_FOUND', message)
    return { group: before, effects: [{ kind: 'reply', ticket: event.ticket, reply }], causes: [] }
  }
  if (event.memberEpoch !== 0) return rejected(`Group ${groupId} is not a consumer group.`)
  if (group.state === 'Empty') {
    const empty = emptyConsumerGroup(groupId)
    const after = consumerMachine.step(empty, event, at, context)
    return { ...after, group: after.group === empty ? before : { type: 'consumer', value: after.group } }
  }
  const problem = upgradeProblem(group, context)
  if (problem) return rejected(`Cannot upgrade classic group ${groupId} to consumer group because ${problem}.`)
  const upgraded = upgradedGroup(group, context, at)
  if (!upgraded) {
    return rejected(
      `Cannot upgrade classic group ${groupId} to consumer group because the embedded consumer protocol is malformed.`,
    )
  }
  const after = consumerMachine.step(upgraded.group, event, at, context)
  // A heartbeat that is rejected upgrades nothing.
  if (after.group === upgraded.group) return { ...after, group: before }
  return {
    group: { type: 'consumer', value: after.group },
    effects: [{ kind: 'save' }, ...upgraded.effects, ...after.effects],
    causes: [{ kind: 'upgraded' }, ...after.causes],
  }
}

/** GroupMetadataManager.validateOnlineUpgrade. */
function upgradeProblem(group: ClassicGroup, { migration, consumerMaxSize }: GroupContext): string | undefined {
  if (migration !== 'bidirectional' && migration !== 'upgrade') return 'online upgrade is disabled'
  if (group.protocolType !== 'consumer') return 'the group does not use the consumer embedded protocol'
  if (group.members.length > consumerMaxSize) return 'the group size exceeds the consumer group maximum size'
  return undefined
}

/** `undefined` when a member's subscription or assignment is malformed. */
function upgradedGroup(group: ClassicGroup, { topics }: GroupContext, at: Millis) {
  try {
    return toConsumerGroup(group, topics, at)
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

/**
 * [V3] An empty group takes the type of the first member that joins. [V5] A classic member may join unless migration is disabled
 * (throwIfClassicMemberCannotJoinConsumerGroup).
 */
export function joinToConsumer(before: GroupOf<'consumer'>, join: Join, at: Millis, context: GroupContext): GroupStep {
  if (before.value.members.length === 0) {
    const empty = emptyGroup(before.value.groupId)
    const after = classicMachine.step(empty, join, at)
    return { ...after, group: after.group === empty ? before : { type: 'classic', value: after.group } }
  }
  if (context.migration === 'disabled') {
    const reply = joinRefused(join.memberId, 'INCONSISTENT_GROUP_PROTOCOL')
    return { group: before, effects: [{ kind: 'reply', ticket: join.ticket, reply }], causes: [] }
  }
  return stepConsumer(before, join, at, context)
}

/**
 * A step of a consumer group. [V6] When the last member of the consumer protocol leaves and classic ones remain, the group becomes a
 * classic one, and they rebalance (validateOnlineDowngradeWithFencedMembers). When a classic static member took over its assignment,
 * nothing needs to move.
 */
export function stepConsumer(
  before: GroupOf<'consumer'>,
  event: ConsumerEvent,
  at: Millis,
  context: GroupContext,
): GroupStep {
  const after = consumerMachine.step(before.value, event, at, context)
  if (!isDowngrade(before.value, after.group, context)) {
    return { ...after, group: after.group === before.value ? before : { type: 'consumer', value: after.group } }
  }
  const wasReplaced = after.group.members.length === before.value.members.length
  const generation = wasReplaced ? after.group.groupEpoch : before.value.groupEpoch
  const draft = new Draft(toClassicGroup(after.group, generation, at), at)
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
  { migration, classicMaxSize }: GroupContext,
): boolean {
  return (
    (migration === 'bidirectional' || migration === 'downgrade') &&
    after.members.length > 0 &&
    after.members.length <= classicMaxSize &&
    before.members.some(({ classic }) => classic === null) &&
    after.members.every(({ classic }) => classic !== null)
  )
}
