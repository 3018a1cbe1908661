import type { TopicPartition } from '../../base/topic-partition'
import type { ResponseOf } from '../../protocol/api-types'
import { readAssignment, readSubscription } from '../../protocol/embedded/consumer-protocol'
import { errorName } from '../../protocol/errors'
import { DecodeError } from '../../protocol/failures'
import type { Destination, KafkaClient } from '../client'
import { ClientError, KafkaError } from '../failures'
import type { Node } from '../metadata'
import { coordinatorOf } from './groups'

interface GroupMember {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly host: string
  readonly protocol: 'classic' | 'consumer'
  /** Of a member of the consumer protocol; -1: not told. */
  readonly epoch: number
  readonly subscribed: readonly string[]
  readonly assigned: readonly TopicPartition[]
  /** What a member of the consumer protocol will own; null: not told. */
  readonly target: readonly TopicPartition[] | null
}

export interface GroupDescription {
  readonly groupId: string
  readonly type: 'classic' | 'consumer'
  readonly state: string
  /** Group epoch of a consumer group; -1: not told. */
  readonly epoch: number
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
    const described = await describeGroups(client, coordinatorOf(groupId), [groupId])
    const group = described.get(groupId)
    if (group instanceof KafkaError) throw group
    return group && { ...group, coordinator }
  })
}

export type DescribedGroup = Omit<GroupDescription, 'coordinator'>

/**
 * Groups of one coordinator in two questions, or one where it is known which are classic; a group that cannot be described has its error, one that does not exist is left out.
 */
export async function describeGroups(
  client: KafkaClient,
  coordinator: Destination,
  groupIds: readonly string[],
  isClassic: (groupId: string) => boolean = () => false,
): Promise<Map<string, DescribedGroup | KafkaError>> {
  const maybe = groupIds.filter((groupId) => !isClassic(groupId))
  const found = await consumerGroups(client, coordinator, maybe)
  const others = groupIds.filter((groupId) => !found.has(groupId))
  if (others.length > 0) {
    for (const [groupId, group] of await classicGroups(client, coordinator, others)) found.set(groupId, group)
  }
  return found
}

async function consumerGroups(client: KafkaClient, coordinator: Destination, groupIds: readonly string[]) {
  const found = new Map<string, DescribedGroup | KafkaError>()
  if (groupIds.length === 0) return found
  const { groups } = await orUnsupported(
    client.ask(coordinator, 'ConsumerGroupDescribe', { groupIds: [...groupIds], includeAuthorizedOperations: false }),
  )
  for (const group of groups) {
    const error = errorName(group.errorCode)
    // UNSUPPORTED_VERSION: the broker knows the API, and its group coordinator does not serve it.
    if (error === 'GROUP_ID_NOT_FOUND' || error === 'UNSUPPORTED_VERSION') continue
    found.set(group.groupId, error === 'NONE' ? consumerGroup(group) : failed(group, group.errorMessage))
  }
  return found
}

async function orUnsupported(answer: Promise<ResponseOf<'ConsumerGroupDescribe'>>) {
  try {
    return await answer
  } catch (error) {
    if (error instanceof ClientError && error.problem === 'unsupported') return { groups: [] }
    throw error
  }
}

function failed(group: { readonly groupId: string; readonly errorCode: number }, detail: string | null): KafkaError {
  return new KafkaError(errorName(group.errorCode), `Group ${group.groupId} cannot be described`, { detail })
}

function consumerGroup(group: ResponseOf<'ConsumerGroupDescribe'>['groups'][number]): DescribedGroup {
  return {
    groupId: group.groupId,
    type: 'consumer',
    state: group.groupState,
    epoch: group.groupEpoch,
    protocolType: 'consumer',
    assignor: group.assignorName,
    members: group.members.map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.instanceId,
      clientId: member.clientId,
      host: member.clientHost,
      // KIP-1099: 0 is a member of the classic protocol in a consumer group.
      protocol: member.memberType === 0 ? 'classic' : 'consumer',
      epoch: member.memberEpoch,
      subscribed: member.subscribedTopicNames,
      assigned: placesOf(member.assignment),
      target: placesOf(member.targetAssignment),
    })),
  }
}

function placesOf({
  topicPartitions,
}: {
  readonly topicPartitions: readonly { readonly topicName: string; readonly partitions: readonly number[] }[]
}): TopicPartition[] {
  return topicPartitions.flatMap(({ topicName, partitions }) =>
    partitions.map((partition) => ({ topic: topicName, partition })),
  )
}

async function classicGroups(client: KafkaClient, coordinator: Destination, groupIds: readonly string[]) {
  const answer = await client.ask(coordinator, 'DescribeGroups', {
    groups: [...groupIds],
    includeAuthorizedOperations: false,
  })
  const found = new Map<string, DescribedGroup | KafkaError>()
  for (const group of answer.groups) {
    // Version 6 answers GROUP_ID_NOT_FOUND, older ones the state Dead (KIP-1043).
    const isUnknown = errorName(group.errorCode) === 'GROUP_ID_NOT_FOUND' && !isOfOtherType(group.errorMessage)
    if (isUnknown || (group.errorCode === 0 && group.groupState === 'Dead')) continue
    found.set(group.groupId, group.errorCode === 0 ? classicGroup(group) : failed(group, group.errorMessage))
  }
  return found
}

function classicGroup(group: ResponseOf<'DescribeGroups'>['groups'][number]): DescribedGroup {
  const isConsumer = group.protocolType === 'consumer'
  return {
    groupId: group.groupId,
    type: 'classic',
    state: group.groupState,
    // The answer does not have the generation.
    epoch: -1,
    protocolType: group.protocolType,
    assignor: group.protocolData,
    members: group.members.map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      host: member.clientHost,
      protocol: 'classic',
      epoch: -1,
      subscribed: isConsumer ? subscribedTo(member.memberMetadata) : [],
      assigned: isConsumer ? assignedTo(member.memberAssignment) : [],
      target: null,
    })),
  }
}

/** `Group g is not a classic group.` (GroupMetadataManager): a share or streams group, which this client does not describe. */
function isOfOtherType(message: string | null): boolean {
  return message !== null && /is not a classic group/.test(message)
}

function assignedTo(assignment: Uint8Array): TopicPartition[] {
  return read(assignment, (bytes) =>
    readAssignment(bytes).assignedPartitions.flatMap(({ topic, partitions }) =>
      partitions.map((partition) => ({ topic, partition })),
    ),
  )
}

function subscribedTo(metadata: Uint8Array): string[] {
  return read(metadata, (bytes) => readSubscription(bytes).topics)
}

/** What a member says of itself is its own bytes: a member that writes them wrongly tells nothing. */
function read<T>(bytes: Uint8Array, decode: (bytes: Uint8Array) => T[]): T[] {
  if (bytes.byteLength === 0) return []
  try {
    return decode(bytes)
  } catch (error) {
    if (error instanceof DecodeError) return []
    throw error
  }
}
