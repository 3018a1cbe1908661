import type { Uuid } from '../../base/uuid'
import type { Core } from '../../broker/core'
import type { CommittedOffset, OffsetMove } from '../source/groups'

/** Start offsets of a share group stand where other groups have committed offsets: everything before them is finished (KIP-932). */
export function shareOffsets({ share, topics }: Core, groupId: string): CommittedOffset[] {
  return share.partitions.storedOf(groupId).flatMap(({ topicId, partition, startOffset }) => {
    const topic = topics.byId(topicId)?.name
    if (topic === undefined || startOffset < 0) return []
    const offset = share.partitions.find(groupId, topicId, partition)?.value.startOffset ?? startOffset
    return [{ topic, partition, offset, leaderEpoch: -1, metadata: '', committedAt: -1, expiresAt: null }]
  })
}

/** Moves start offsets, as AlterShareGroupOffsets and DeleteShareGroupOffsets do. @throws StorageFailure */
export function moveShareOffsets({ groups, share, topics }: Core, groupId: string, moves: readonly OffsetMove[]): void {
  const altered: Record<Uuid, number[]> = {}
  const epoch = groups.share(groupId)?.groupEpoch ?? 0
  for (const { topic: name, partition, offset } of moves) {
    const topic = topics.find(name)
    if (!topic) continue
    // Without an offset the reset policy of the group decides again.
    share.partitions.initialize(groupId, topic.id, partition, epoch, offset ?? -1)
    ;(altered[topic.id] ??= []).push(partition)
  }
  groups.shareChanged(groupId, { kind: 'offsetsAltered', partitions: altered })
}
