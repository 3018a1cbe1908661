import type { Millis } from '../../base/clock'
import type { GroupHost } from './group-host'
import type { CommittedOffset } from './offsets'

/**
 * Removes offsets that are older than `offsets.retention.minutes` (OffsetMetadataManager.cleanupExpiredOffsets); a group that is empty
 * and has no offsets is deleted too. The start of an offset's time depends on its group, see `expiryStart`.
 *
 * @throws StorageFailure
 */
export function expireOffsets(groups: GroupHost, retentionMs: number, now: Millis): void {
  for (const groupId of [...groups.ids()]) {
    const gone = groups.offsets.of(groupId).filter((row) => {
      const { topic, partition, expiresAt } = row
      if (groups.offsets.isPending(groupId, topic, partition) || isInUse(groups, groupId, topic)) return false
      return expiresAt === null ? now - expiryStart(groups, groupId, row) >= retentionMs : now >= expiresAt
    })
    if (gone.length > 0) groups.offsets.remove(groupId, gone, now)
    // A share group has no offsets of this kind, and stays until it is deleted.
    if (groups.find(groupId)?.type === 'share') continue
    const emptySince = groups.emptySince(groupId)
    const hasOffsets = groups.offsets.has(groupId) || groups.offsets.hasPending(groupId)
    if (emptySince !== null && !hasOffsets && now - emptySince >= retentionMs) groups.delete(groupId)
  }
}

/**
 * The start of an offset's retention time (ClassicGroup.offsetExpirationCondition and ConsumerGroup's): its commit; for a classic group
 * without members, when the last one left, if that is later.
 */
function expiryStart(groups: GroupHost, groupId: string, { committedAt }: CommittedOffset): Millis {
  const emptySince = groups.emptySince(groupId)
  const view = groups.find(groupId)
  const hadMembers = view?.type === 'classic' && view.protocolType !== ''
  return emptySince === null || !hadMembers ? committedAt : Math.max(committedAt, emptySince)
}

/** A group with members uses the topics that they subscribe to; a classic one all of them while it rebalances or has another protocol. */
function isInUse(groups: GroupHost, groupId: string, topic: string): boolean {
  const view = groups.find(groupId)
  if (!view || view.members.length === 0) return false
  if (view.type === 'classic' && (view.state !== 'Stable' || view.protocolType !== 'consumer')) return true
  return groups.isSubscribed(groupId, topic)
}
