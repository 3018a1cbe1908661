import type { Uuid } from '../../base/uuid'
import type { Core } from '../../broker/core'
import { finishedRanges } from '../../broker/share/share-partitions'
import type { CommittedOffset, OffsetMove } from '../source/groups'

/** Start offsets of a share group stand where other groups have committed offsets: everything before them is finished (KIP-932). */
export function shareOffsets({ share, topics }: Core, groupId: string): CommittedOffset[] {
  return share.partitions.placesOf(groupId).flatMap(({ topicId, partition }): CommittedOffset[] => {
    const topic = topics.byId(topicId)?.name
    const state = share.partitions.picture(groupId, topicId, partition)
    if (topic === undefined || !state?.value) return []
    const [offset, finished] = [state.value.startOffset, finishedRanges(state.value)]
    return [{ topic, partition, offset, finished, leaderEpoch: -1, metadata: '', committedAt: -1, expiresAt: null }]
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
