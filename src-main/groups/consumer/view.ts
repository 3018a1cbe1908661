import type { TopicPartitions } from '../machine'
import type { GroupView, MemberPhase } from '../view'
import { type ConsumerGroup, type ConsumerMember, type Partitions, stateOf } from './group'
import { subscribedNames } from './subscription'

/** `nameOf` gives the name of a topic by its id. */
export function viewOfConsumer(group: ConsumerGroup, nameOf: (topicId: string) => string): GroupView {
  return {
    groupId: group.groupId,
    type: 'consumer',
    state: stateOf(group),
    epoch: group.groupEpoch,
    protocolType: 'consumer',
    protocol: group.assignor,
    leader: null,
    members: group.members.map((member) => ({
      memberId: member.memberId,
      instanceId: member.instanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      phase: consumerPhase(group, member),
      epoch: member.memberEpoch,
      subscribed: subscribedNames(member, group),
      assigned: named(member.assigned, nameOf),
      target: named(group.targets[member.memberId] ?? {}, nameOf),
    })),
  }
}

function consumerPhase({ assignmentEpoch }: ConsumerGroup, { state, memberEpoch }: ConsumerMember): MemberPhase {
  if (state === 'UNREVOKED_PARTITIONS') return 'syncing'
  if (state === 'UNRELEASED_PARTITIONS') return 'waiting'
  return memberEpoch >= 0 && memberEpoch < assignmentEpoch ? 'joining' : 'stable'
}

function named(partitions: Partitions, nameOf: (topicId: string) => string): TopicPartitions {
  return Object.fromEntries(
    Object.entries(partitions)
      .map(([topicId, numbers]): [string, readonly number[]] => [nameOf(topicId), numbers])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}
