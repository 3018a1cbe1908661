import type { TopicPartitions } from '../machine'
import type { GroupView, MemberView } from '../view'
import { type ShareGroup, type ShareMember, shareStateOf } from './group'

/** `nameOf` gives the name of a topic by its id. */
export function viewOfShare(group: ShareGroup, nameOf: (topicId: string) => string): GroupView {
  return {
    groupId: group.groupId,
    type: 'share',
    state: shareStateOf(group),
    epoch: group.groupEpoch,
    protocolType: 'share',
    protocol: 'simple',
    leader: null,
    members: group.members.map((member) => viewOfMember(group, member, nameOf)),
  }
}

function viewOfMember(group: ShareGroup, member: ShareMember, nameOf: (topicId: string) => string): MemberView {
  const { memberId, clientId, clientHost, memberEpoch } = member
  const named = (partitions: Readonly<Record<string, readonly number[]>>): TopicPartitions =>
    Object.fromEntries(Object.entries(partitions).map(([topicId, numbers]) => [nameOf(topicId), numbers]))
  return {
    memberId,
    instanceId: null,
    clientId,
    clientHost,
    phase: memberEpoch === group.assignmentEpoch ? 'stable' : 'waiting',
    epoch: memberEpoch,
    subscribed: member.subscribedTopicNames,
    assigned: named(member.assigned),
    target: named(group.targets[memberId] ?? {}),
  }
}
