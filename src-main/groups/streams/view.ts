import type { GroupView, MemberView } from '../view'
import { inputPartitions } from './answer'
import {
  isStreamsReconciled,
  leaveStaticEpoch,
  type StreamsGroup,
  type StreamsMember,
  streamsStateOf,
  taskKey,
} from './group'
import { allTasks, noTasks, type Tasks } from './tasks'
import { inputsOf } from './topology'

/** Pages see the partitions that active tasks read from. */
export function viewOfStreams(group: StreamsGroup): GroupView {
  const subscribed = [...new Set(group.topology?.subtopologies.flatMap(inputsOf))].sort()
  return {
    groupId: group.groupId,
    type: 'streams',
    state: streamsStateOf(group),
    epoch: group.groupEpoch,
    protocolType: 'streams',
    protocol: 'sticky',
    leader: null,
    members: group.members.map((member) => viewOfMember(group, member, subscribed)),
  }
}

function viewOfMember(group: StreamsGroup, member: StreamsMember, subscribed: readonly string[]): MemberView {
  const { memberId, instanceId, clientId, clientHost, memberEpoch, assigned } = member
  return {
    memberId,
    instanceId,
    clientId,
    clientHost,
    phase:
      isStreamsReconciled(member, group.assignmentEpoch) || memberEpoch === leaveStaticEpoch ? 'stable' : 'waiting',
    epoch: memberEpoch,
    subscribed,
    assigned: inputPartitions(group, assigned.active),
    target: inputPartitions(group, (group.targets[memberId] ?? noTasks).active),
    tasks: { active: named(assigned.active), standby: named(allTasks(assigned.standby, assigned.warmup)) },
  }
}

function named(tasks: Tasks): string[] {
  return Object.entries(allTasks(tasks)).flatMap(([id, numbers]) => numbers.map((number) => taskKey(id, number)))
}
