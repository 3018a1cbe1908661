import type { ResponseOf } from '../../protocol/api-types'
import { errorName } from '../../protocol/errors'
import type { Destination, KafkaClient } from '../client'
import { check, KafkaError } from '../failures'
import { coordinatorOf } from './groups'

export type DescribedStreamsGroup = ResponseOf<'StreamsGroupDescribe'>['groups'][number]
type Tasks = DescribedStreamsGroup['members'][number]['assignment']['activeTasks']

/** Streams groups of one coordinator as it describes them, with the processor graph where it has one; those that it does not know are left out. */
export async function describeStreamsGroups(
  client: KafkaClient,
  coordinator: Destination,
  groupIds: readonly string[],
): Promise<Map<string, DescribedStreamsGroup | KafkaError>> {
  const { groups } = await client.ask(coordinator, 'StreamsGroupDescribe', (version) => ({
    groupIds: [...groupIds],
    includeAuthorizedOperations: false,
    ...(version >= 1 ? { includeTopologyDescription: true } : {}),
  }))
  const found = new Map<string, DescribedStreamsGroup | KafkaError>()
  for (const group of groups) {
    const error = errorName(group.errorCode)
    if (error === 'GROUP_ID_NOT_FOUND') continue
    const what = `Streams group ${group.groupId} cannot be described`
    found.set(group.groupId, error === 'NONE' ? group : new KafkaError(error, what, { detail: group.errorMessage }))
  }
  return found
}

interface StreamsGroupMember {
  readonly memberId: string
  readonly instanceId: string | null
  readonly clientId: string
  readonly host: string
  readonly processId: string
  readonly epoch: number
  /** `0_3`: subtopology and partition. */
  readonly active: readonly string[]
  readonly standby: readonly string[]
}

export interface StreamsGroupDescription {
  readonly groupId: string
  readonly state: string
  readonly epoch: number
  readonly members: readonly StreamsGroupMember[]
}

/** A streams group (KIP-1071); undefined when there is none with this id. @throws KafkaError */
export async function describeStreamsGroup(
  client: KafkaClient,
  groupId: string,
): Promise<StreamsGroupDescription | undefined> {
  return await client.retry(async () => {
    const answer = await client.ask(coordinatorOf(groupId), 'StreamsGroupDescribe', {
      groupIds: [groupId],
      includeAuthorizedOperations: false,
    })
    const group = answer.groups[0]
    if (!group || errorName(group.errorCode) === 'GROUP_ID_NOT_FOUND') return undefined
    check(group.errorCode, `Streams group ${groupId} cannot be described`, group.errorMessage)
    return {
      groupId,
      state: group.groupState,
      epoch: group.groupEpoch,
      members: group.members.map((member) => ({
        memberId: member.memberId,
        instanceId: member.instanceId,
        clientId: member.clientId,
        host: member.clientHost,
        processId: member.processId,
        epoch: member.memberEpoch,
        active: named(member.assignment.activeTasks),
        standby: named([...member.assignment.standbyTasks, ...member.assignment.warmupTasks]),
      })),
    }
  })
}

/** Removes members by the heartbeat with which they would leave themselves. @throws KafkaError for the first that could not be removed */
export async function removeStreamsMembers(
  client: KafkaClient,
  groupId: string,
  memberIds: readonly string[],
): Promise<void> {
  for (const memberId of memberIds) {
    await client.retry(async () => {
      const answer = await client.ask(coordinatorOf(groupId), 'StreamsGroupHeartbeat', {
        groupId,
        memberId,
        memberEpoch: -1,
        endpointInformationEpoch: -1,
      })
      // It has left meanwhile.
      if (errorName(answer.errorCode) === 'UNKNOWN_MEMBER_ID') return
      check(answer.errorCode, `Member ${memberId} of ${groupId} cannot be removed`, answer.errorMessage)
    })
  }
}

function named(tasks: Tasks): string[] {
  return tasks.flatMap(({ subtopologyId, partitions }) =>
    partitions.map((partition) => `${subtopologyId}_${partition}`),
  )
}
