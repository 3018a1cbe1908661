import { groupByTopic, type TopicPartition } from '../../base/topic-partition'
import type { ResponseOf } from '../../protocol/api-types'
import { errorName } from '../../protocol/errors'
import type { Destination, KafkaClient } from '../client'
import { check, KafkaError } from '../failures'
import { coordinatorOf } from './groups'

interface ShareGroupMember {
  readonly memberId: string
  readonly clientId: string
  readonly host: string
  readonly epoch: number
  readonly subscribed: readonly string[]
  readonly assigned: readonly TopicPartition[]
}

export interface ShareGroupDescription {
  readonly groupId: string
  readonly state: string
  readonly epoch: number
  readonly assignor: string
  readonly members: readonly ShareGroupMember[]
}

export interface ShareOffset extends TopicPartition {
  /** `null` until a member has fetched it. */
  readonly startOffset: bigint | null
  /** Records that are not finished; `null`: not told. */
  readonly lag: bigint | null
}

/** A share group (KIP-932); undefined when there is none with this id. @throws KafkaError */
export async function describeShareGroup(
  client: KafkaClient,
  groupId: string,
): Promise<ShareGroupDescription | undefined> {
  return await client.retry(async () => {
    const group = (await describeShareGroups(client, coordinatorOf(groupId), [groupId])).get(groupId)
    if (group instanceof KafkaError) throw group
    return group
  })
}

/** Share groups of one coordinator; one that cannot be described has its error, one that does not exist is left out. @throws ClientError */
export async function describeShareGroups(
  client: KafkaClient,
  coordinator: Destination,
  groupIds: readonly string[],
): Promise<Map<string, ShareGroupDescription | KafkaError>> {
  const { groups } = await client.ask(coordinator, 'ShareGroupDescribe', {
    groupIds: [...groupIds],
    includeAuthorizedOperations: false,
  })
  const found = new Map<string, ShareGroupDescription | KafkaError>()
  for (const group of groups) {
    const { groupId, errorMessage } = group
    const error = errorName(group.errorCode)
    if (error === 'GROUP_ID_NOT_FOUND') continue
    const failure = new KafkaError(error, `Share group ${groupId} cannot be described`, { detail: errorMessage })
    found.set(groupId, error === 'NONE' ? descriptionOf(group) : failure)
  }
  return found
}

function descriptionOf(group: ResponseOf<'ShareGroupDescribe'>['groups'][number]): ShareGroupDescription {
  return {
    groupId: group.groupId,
    state: group.groupState,
    epoch: group.groupEpoch,
    assignor: group.assignorName,
    members: group.members.map(({ memberId, clientId, clientHost, memberEpoch, subscribedTopicNames, assignment }) => ({
      memberId,
      clientId,
      host: clientHost,
      epoch: memberEpoch,
      subscribed: subscribedTopicNames,
      assigned: assignment.topicPartitions.flatMap(({ topicName, partitions }) =>
        partitions.map((partition) => ({ topic: topicName, partition })),
      ),
    })),
  }
}

/** Start offsets and lag of all partitions that a share group has a state for. @throws KafkaError */
export async function shareOffsets(client: KafkaClient, groupId: string): Promise<ShareOffset[]> {
  return await client.retry(async () => {
    const answer = await client.ask(coordinatorOf(groupId), 'DescribeShareGroupOffsets', {
      groups: [{ groupId, topics: null }],
    })
    const group = answer.groups[0]
    if (!group) return []
    check(group.errorCode, `The offsets of share group ${groupId} cannot be read`, group.errorMessage)
    return group.topics.flatMap(({ topicName, partitions }) =>
      partitions.map(({ partitionIndex, startOffset, lag, errorCode }): ShareOffset => {
        const isKnown = errorCode === 0 && startOffset >= 0n
        const known = isKnown ? { startOffset, lag: lag < 0n ? null : lag } : { startOffset: null, lag: null }
        return { topic: topicName, partition: partitionIndex, ...known }
      }),
    )
  })
}

/** Sets start offsets of an empty group, which is made when there is none. @throws KafkaError */
export async function alterShareOffsets(
  client: KafkaClient,
  groupId: string,
  offsets: readonly (TopicPartition & { readonly offset: bigint })[],
): Promise<void> {
  const what = `The start offsets of share group ${groupId} cannot be set`
  await client.retry(async () => {
    const answer = await client.ask(coordinatorOf(groupId), 'AlterShareGroupOffsets', {
      groupId,
      topics: [...groupByTopic(offsets)].map(([topicName, partitions]) => ({
        topicName,
        partitions: partitions.map(({ partition, offset }) => ({ partitionIndex: partition, startOffset: offset })),
      })),
    })
    check(answer.errorCode, what, answer.errorMessage)
    for (const { topicName, partitions } of answer.responses) {
      for (const { partitionIndex, errorCode, errorMessage } of partitions) {
        check(errorCode, `${what}: ${topicName}-${partitionIndex}`, errorMessage)
      }
    }
  })
}

/** Forgets the start offsets of whole topics of an empty group: the next member begins them by the reset policy. @throws KafkaError */
export async function deleteShareOffsets(
  client: KafkaClient,
  groupId: string,
  topics: readonly string[],
): Promise<void> {
  const what = `The start offsets of share group ${groupId} cannot be deleted`
  await client.retry(async () => {
    const answer = await client.ask(coordinatorOf(groupId), 'DeleteShareGroupOffsets', {
      groupId,
      topics: topics.map((topicName) => ({ topicName })),
    })
    check(answer.errorCode, what, answer.errorMessage)
    for (const { topicName, errorCode, errorMessage } of answer.responses) {
      check(errorCode, `${what}: ${topicName}`, errorMessage)
    }
  })
}

/** Ends the membership of members by the heartbeat with which they would leave. @throws KafkaError */
export async function removeShareMembers(
  client: KafkaClient,
  groupId: string,
  memberIds: readonly string[],
): Promise<void> {
  for (const memberId of memberIds) {
    await client.retry(async () => {
      const answer = await client.ask(coordinatorOf(groupId), 'ShareGroupHeartbeat', {
        groupId,
        memberId,
        memberEpoch: -1,
      })
      const error = errorName(answer.errorCode)
      // It has left meanwhile.
      if (error === 'UNKNOWN_MEMBER_ID' || error === 'NONE') return
      throw new KafkaError(error, `Member ${memberId} of ${groupId} cannot be removed`, { detail: answer.errorMessage })
    })
  }
}
