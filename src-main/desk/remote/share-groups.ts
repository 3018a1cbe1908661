import {
  alterShareOffsets,
  deleteShareOffsets,
  describeShareGroups,
  removeShareMembers,
  type ShareGroupDescription,
  shareOffsets,
} from '../../client/admin/share-groups'
import type { KafkaClient } from '../../client/client'
import { KafkaError } from '../../client/failures'
import type { CommittedOffset, GroupFacts, OffsetMove } from '../source/groups'
import { byTopic } from './by-topic'

/** Share groups of a cluster elsewhere: members (ShareGroupDescribe), start offsets and lag. What is held by whom it does not tell. */
export async function describedShares(
  client: KafkaClient,
  nodeId: number,
  groupIds: readonly string[],
): Promise<Map<string, GroupFacts | KafkaError>> {
  const described = await describeShareGroups(client, { to: 'node', nodeId }, groupIds)
  return new Map(
    [...described].map(([groupId, group]) => [groupId, group instanceof KafkaError ? group : factsOf(group)]),
  )
}

function factsOf({ groupId, state, epoch, assignor, members }: ShareGroupDescription): GroupFacts {
  return {
    groupId,
    type: 'share',
    state,
    epoch,
    protocol: assignor,
    leader: null,
    members: members.map((member) => ({
      memberId: member.memberId,
      instanceId: null,
      clientId: member.clientId,
      clientHost: member.host,
      phase: 'stable',
      epoch: member.epoch,
      subscribed: member.subscribed,
      assigned: byTopic(member.assigned),
      target: null,
    })),
  }
}

/** Start offsets stand where other groups have committed offsets. A partition without one begins by the reset policy. */
export async function shareRows(client: KafkaClient, groupId: string): Promise<CommittedOffset[]> {
  return (await shareOffsets(client, groupId)).flatMap(({ topic, partition, startOffset, lag }): CommittedOffset[] => {
    if (startOffset === null) return []
    const told = lag === null ? {} : { lag: Math.max(0, Number(lag)) }
    const offset = Number(startOffset)
    return [{ topic, partition, offset, leaderEpoch: -1, metadata: '', committedAt: -1, expiresAt: null, ...told }]
  })
}

/**
 * Sets start offsets of a group, whose members are removed first. Without an offset the reset policy decides again: a cluster can forget
 * that for a whole topic only.
 *
 * @throws KafkaError, Error with a sentence
 */
export async function moveShares(
  client: KafkaClient,
  groupId: string,
  moves: readonly OffsetMove[],
  memberIds: readonly string[],
): Promise<void> {
  const set = moves.flatMap(({ topic, partition, offset }) =>
    offset === null ? [] : [{ topic, partition, offset: BigInt(offset) }],
  )
  const forgotten = new Set(moves.filter(({ offset }) => offset === null).map(({ topic }) => topic))
  const kept = (await shareOffsets(client, groupId)).find(
    ({ topic, partition }) =>
      forgotten.has(topic) && !moves.some((move) => move.topic === topic && move.partition === partition),
  )
  const mixed = kept?.topic ?? set.find(({ topic }) => forgotten.has(topic))?.topic
  if (mixed !== undefined) {
    throw new Error(
      `A cluster forgets the start offsets of a share group for a whole topic only: choose all partitions of ${mixed}.`,
    )
  }
  await removeShareMembers(client, groupId, memberIds)
  if (set.length > 0) await alterShareOffsets(client, groupId, set)
  if (forgotten.size > 0) await deleteShareOffsets(client, groupId, [...forgotten])
}
