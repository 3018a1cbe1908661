import { groupByTopic, keyOf, type TopicPartition, type TopicPartitionKey } from '../../base/topic-partition'
import type { ResponseOf } from '../../protocol/api-types'
import { errorName } from '../../protocol/errors'
import type { Destination, KafkaClient } from '../client'
import { check, KafkaError } from '../failures'

export interface GroupListing {
  readonly groupId: string
  /** `classic`, `consumer`, `share`, `streams`, as the broker writes it; empty from brokers before Kafka 3.8. */
  readonly type: string
  readonly protocolType: string
  /** Empty from brokers before Kafka 2.6. */
  readonly state: string
  /** The broker that listed it, which is its coordinator. */
  readonly nodeId: number
}

export interface CommittedOffset extends TopicPartition {
  readonly offset: bigint
  readonly leaderEpoch: number
  readonly metadata: string
}

export function coordinatorOf(groupId: string): Exclude<Destination, { readonly to: 'any' }> {
  return { to: 'coordinator', keyType: 'group', key: groupId }
}

/** The groups of every broker, by name. @throws KafkaError when one of the brokers cannot list its own */
export async function listGroups(client: KafkaClient): Promise<GroupListing[]> {
  const nodes = await client.nodes()
  const lists = await Promise.all(
    nodes.map(({ id: nodeId }) =>
      client.retry(async () => {
        const answer = await client.ask({ to: 'node', nodeId }, 'ListGroups', { statesFilter: [], typesFilter: [] })
        check(answer.errorCode, `The groups of node ${nodeId} cannot be listed`)
        return answer.groups.map((group) => ({ ...group, nodeId }))
      }),
    ),
  )
  return lists
    .flat()
    .map(({ groupId, groupType, protocolType, groupState, nodeId }) => ({
      groupId,
      type: groupType,
      protocolType,
      state: groupState,
      nodeId,
    }))
    .sort((a, b) => (a.groupId < b.groupId ? -1 : 1))
}

/**
 * The committed offsets of a group; `partitions` null asks for all. Partitions without a commit are left out.
 *
 * @throws KafkaError, also for a single partition
 */
export async function committedOffsets(
  client: KafkaClient,
  groupId: string,
  partitions: readonly TopicPartition[] | null = null,
): Promise<Map<TopicPartitionKey, CommittedOffset>> {
  const what = `The offsets of ${groupId} cannot be read`
  const topics =
    partitions &&
    [...groupByTopic(partitions)].map(([name, wanted]) => ({
      name,
      partitionIndexes: wanted.map(({ partition }) => partition),
    }))
  return await client.retry(async () => {
    // Version 10 names topics by their ids.
    const answer = await client.ask(
      coordinatorOf(groupId),
      'OffsetFetch',
      (version) => (version >= 8 ? { groups: [{ groupId, topics }] } : { groupId, topics }),
      { maxVersion: 9 },
    )
    const group = answer.groups.find((one) => one.groupId === groupId)
    check(group?.errorCode ?? answer.errorCode, what)
    const found = new Map<TopicPartitionKey, CommittedOffset>()
    for (const { errorCode, ...row } of rowsOf((group ?? answer).topics)) {
      check(errorCode, `The offset of ${groupId} in ${row.topic}-${row.partition} cannot be read`)
      found.set(keyOf(row.topic, row.partition), row)
    }
    return found
  })
}

/** Groups of one question about offsets. */
const portion = 100

/**
 * All committed offsets of groups that one broker coordinates, many in one question where it serves that (OffsetFetch 8, Kafka 3.0). Groups
 * whose offsets may not be read are left out.
 *
 * @throws ClientError
 */
export async function committedOffsetsOf(
  client: KafkaClient,
  nodeId: number,
  groupIds: readonly string[],
): Promise<Map<string, readonly CommittedOffset[]>> {
  const found = new Map<string, readonly CommittedOffset[]>()
  const { versions } = await client.connection({ to: 'node', nodeId })
  const isBulk = (versions.pick('OffsetFetch', 9) ?? 0) >= 8
  const size = isBulk ? portion : 1
  for (let at = 0; at < groupIds.length; at += size) {
    const some = groupIds.slice(at, at + size)
    const body = isBulk
      ? { groups: some.map((groupId) => ({ groupId, topics: null })) }
      : { groupId: some[0] ?? '', topics: null }
    const answer = await client.ask({ to: 'node', nodeId }, 'OffsetFetch', body, { maxVersion: 9 })
    const groups = isBulk ? answer.groups : [{ ...answer, groupId: some[0] ?? '' }]
    for (const { groupId, errorCode, topics } of groups) {
      if (errorCode !== 0) continue
      const readable = rowsOf(topics).filter((row) => row.errorCode === 0)
      found.set(
        groupId,
        readable.map(({ errorCode: _, ...row }) => row),
      )
    }
  }
  return found
}

type OffsetTopics = ResponseOf<'OffsetFetch'>['topics']

/** Partitions with a commit. */
function rowsOf(topics: OffsetTopics): (CommittedOffset & { readonly errorCode: number })[] {
  return topics.flatMap(({ name, partitions }) =>
    partitions.flatMap(({ partitionIndex, committedOffset, committedLeaderEpoch, metadata, errorCode }) =>
      committedOffset < 0n && errorCode === 0
        ? []
        : [
            {
              topic: name,
              partition: partitionIndex,
              offset: committedOffset,
              leaderEpoch: committedLeaderEpoch,
              metadata: metadata ?? '',
              errorCode,
            },
          ],
    ),
  )
}

/** The member that commits; without one the group must be empty. */
export interface Committer {
  readonly generationOrEpoch: number
  readonly memberId: string
  readonly groupInstanceId?: string | null
}

const nobody: Committer = { generationOrEpoch: -1, memberId: '' }

/** Commits offsets. @throws KafkaError for the first partition that was not committed */
export async function commitOffsets(
  client: KafkaClient,
  groupId: string,
  offsets: readonly (TopicPartition & { readonly offset: bigint; readonly metadata?: string })[],
  by: Committer = nobody,
): Promise<void> {
  if (offsets.length === 0) return
  await client.retry(async () => {
    const answer = await client.ask(
      coordinatorOf(groupId),
      'OffsetCommit',
      {
        groupId,
        generationIdOrMemberEpoch: by.generationOrEpoch,
        memberId: by.memberId,
        groupInstanceId: by.groupInstanceId ?? null,
        topics: [...groupByTopic(offsets)].map(([name, partitions]) => ({
          name,
          partitions: partitions.map(({ partition, offset, metadata = '' }) => ({
            partitionIndex: partition,
            committedOffset: offset,
            committedMetadata: metadata,
          })),
        })),
      },
      { maxVersion: 9 },
    )
    for (const { name, partitions } of answer.topics) {
      for (const { partitionIndex, errorCode } of partitions) {
        check(errorCode, `The offset of ${groupId} in ${name}-${partitionIndex} was not committed`)
      }
    }
  })
}

/** Deletes committed offsets (KIP-496). @throws KafkaError for the group, or the first partition that kept its offset */
export async function deleteOffsets(
  client: KafkaClient,
  groupId: string,
  partitions: readonly TopicPartition[],
): Promise<void> {
  await client.retry(async () => {
    const answer = await client.ask(coordinatorOf(groupId), 'OffsetDelete', {
      groupId,
      topics: [...groupByTopic(partitions)].map(([name, wanted]) => ({
        name,
        partitions: wanted.map(({ partition }) => ({ partitionIndex: partition })),
      })),
    })
    check(answer.errorCode, `The offsets of ${groupId} cannot be deleted`)
    for (const { name, partitions: deleted } of answer.topics) {
      for (const { partitionIndex, errorCode } of deleted) {
        check(errorCode, `The offset of ${groupId} in ${name}-${partitionIndex} cannot be deleted`)
      }
    }
  })
}

/** Deletes an empty group with its offsets. @throws KafkaError */
export async function deleteGroup(client: KafkaClient, groupId: string): Promise<void> {
  const what = `Group ${groupId} cannot be deleted`
  await client.retry(async () => {
    const answer = await client.ask(coordinatorOf(groupId), 'DeleteGroups', { groupsNames: [groupId] })
    const result = answer.results.find((one) => one.groupId === groupId)
    if (!result) throw new KafkaError('UNKNOWN_SERVER_ERROR', what, { detail: 'The answer does not name the group.' })
    check(result.errorCode, what, result.errorMessage)
  })
}

/** A member to remove, and the protocol that it speaks. */
export interface MemberToRemove {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly protocol: 'classic' | 'consumer'
}

/**
 * Removes members: of the classic protocol by LeaveGroup (KIP-345), of the consumer protocol by the heartbeat with which they
 * would leave themselves (KIP-848: epoch -1).
 *
 * @throws KafkaError for the first that could not be removed; members that have left meanwhile are no failure
 */
export async function removeMembers(
  client: KafkaClient,
  groupId: string,
  members: readonly MemberToRemove[],
  reason: string,
): Promise<void> {
  const to = coordinatorOf(groupId)
  const removed = (memberId: string, code: number) => {
    if (errorName(code) !== 'UNKNOWN_MEMBER_ID') check(code, `Member ${memberId} of ${groupId} cannot be removed`)
  }
  for (const { memberId, groupInstanceId, protocol } of members) {
    await client.retry(async () => {
      if (protocol === 'consumer') {
        const answer = await client.ask(to, 'ConsumerGroupHeartbeat', {
          groupId,
          memberId,
          memberEpoch: -1,
          instanceId: groupInstanceId,
          rackId: null,
          subscribedTopicNames: null,
          serverAssignor: null,
          topicPartitions: null,
        })
        removed(memberId, answer.errorCode)
        return
      }
      const answer = await client.ask(to, 'LeaveGroup', (version) =>
        version < 3 ? { groupId, memberId } : { groupId, members: [{ memberId, groupInstanceId, reason }] },
      )
      removed(memberId, answer.errorCode)
      for (const member of answer.members) removed(member.memberId, member.errorCode)
    })
  }
}
