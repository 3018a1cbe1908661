import type { TopicPartition } from '../../base/topic-partition'
import { readAssignment } from '../../protocol/embedded/consumer-protocol'
import { errorName } from '../../protocol/errors'
import { DecodeError } from '../../protocol/failures'
import type { KafkaClient } from '../client'
import { ClientError, check, KafkaError } from '../failures'
import type { Node } from '../metadata'
import { coordinatorOf } from './groups'

export interface GroupMember {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly host: string
  readonly protocol: 'classic' | 'consumer'
  readonly assigned: readonly TopicPartition[]
}

export interface GroupDescription {
  readonly groupId: string
  readonly type: 'classic' | 'consumer'
  readonly state: string
  /** `consumer` for groups of consumers; others are of Kafka Connect and the like. */
  readonly protocolType: string
  /** The assignor that the group uses. */
  readonly assignor: string
  readonly members: readonly GroupMember[]
  readonly coordinator: Node
}

/**
 * A group of consumers of either protocol. Brokers answer GROUP_ID_NOT_FOUND for a group of the other protocol, and do not have
 * the newer API before Kafka 3.7: both are asked, the newer first.
 *
 * @returns undefined when there is no such group
 * @throws KafkaError
 */
export async function describeGroup(client: KafkaClient, groupId: string): Promise<GroupDescription | undefined> {
  return await client.retry(async () => {
    const coordinator = await client.find(coordinatorOf(groupId))
    const described = (await consumerGroup(client, groupId)) ?? (await classicGroup(client, groupId))
    return described && { ...described, coordinator }
  })
}

type Described = Omit<GroupDescription, 'coordinator'>

async function consumerGroup(client: KafkaClient, groupId: string): Promise<Described | undefined> {
  let group: Awaited<ReturnType<typeof ask>>
  const ask = async () => {
    const body = { groupIds: [groupId], includeAuthorizedOperations: false }
    return (await client.ask(coordinatorOf(groupId), 'ConsumerGroupDescribe', body)).groups[0]
  }
  try {
    group = await ask()
  } catch (error) {
    if (error instanceof ClientError && error.problem === 'unsupported') return undefined
    throw error
  }
  // UNSUPPORTED_VERSION: the broker knows the API, and its group coordinator does not serve it.
  const isOther = ['GROUP_ID_NOT_FOUND', 'UNSUPPORTED_VERSION'].includes(errorName(group?.errorCode ?? 0))
  if (!group || isOther) return undefined
  check(group.errorCode, `Group ${groupId} cannot be described`, group.errorMessage)
  return {
    groupId,
    type: 'consumer',
    state: group.groupState,
    protocolType: 'consumer',
    assignor: group.assignorName,
    members: group.members.map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.instanceId,
      clientId: member.clientId,
      host: member.clientHost,
      // KIP-1099: 0 is a member of the classic protocol in a consumer group.
      protocol: member.memberType === 0 ? 'classic' : 'consumer',
      assigned: member.assignment.topicPartitions.flatMap(({ topicName, partitions }) =>
        partitions.map((partition) => ({ topic: topicName, partition })),
      ),
    })),
  }
}

async function classicGroup(client: KafkaClient, groupId: string): Promise<Described | undefined> {
  const what = `Group ${groupId} cannot be described`
  const answer = await client.ask(coordinatorOf(groupId), 'DescribeGroups', {
    groups: [groupId],
    includeAuthorizedOperations: false,
  })
  const group = answer.groups[0]
  if (!group) throw new KafkaError('UNKNOWN_SERVER_ERROR', what, { detail: 'The answer does not name the group.' })
  // Version 6 answers GROUP_ID_NOT_FOUND, older ones the state Dead (KIP-1043).
  const isUnknown = errorName(group.errorCode) === 'GROUP_ID_NOT_FOUND'
  if (isUnknown && isOfOtherType(group.errorMessage)) check(group.errorCode, what, group.errorMessage)
  if (isUnknown || (group.errorCode === 0 && group.groupState === 'Dead')) return undefined
  check(group.errorCode, what, group.errorMessage)
  return {
    groupId,
    type: 'classic',
    state: group.groupState,
    protocolType: group.protocolType,
    assignor: group.protocolData,
    members: group.members.map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      host: member.clientHost,
      protocol: 'classic',
      assigned: group.protocolType === 'consumer' ? assignedTo(member.memberAssignment) : [],
    })),
  }
}

/** `Group g is not a classic group.` (GroupMetadataManager): a share or streams group, which this client does not describe. */
function isOfOtherType(message: string | null): boolean {
  return message !== null && /is not a classic group/.test(message)
}

/** The assignment of a member is its own bytes, which only consumers can be expected to write well. */
function assignedTo(assignment: Uint8Array): TopicPartition[] {
  if (assignment.byteLength === 0) return []
  try {
    return readAssignment(assignment).assignedPartitions.flatMap(({ topic, partitions }) =>
      partitions.map((partition) => ({ topic, partition })),
    )
  } catch (error) {
    if (error instanceof DecodeError) return []
    throw error
  }
}
