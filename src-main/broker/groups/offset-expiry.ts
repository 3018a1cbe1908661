import type { Millis } from '../../base/clock'
import type { GroupHost } from './group-host'
import type { CommittedOffset } from './offsets'

/**
 * Removes offsets that are older than `offsets.retention.minutes` (OffsetMetadataManager.cleanupExpiredOffsets); a group that is empty
 * and has no offsets is deleted too. When the time of an offset begins depends on its group, see `expiryStart`.
 *
 * @throws StorageFailure
 */
export function expireOffsets(groups: GroupHost, retentionMs: number, now: Millis): void {
  for (const groupId of [...groups.ids()]) {
    if (groups.offsets.hasPending(groupId)) continue
    const gone = groups.offsets.of(groupId).filter((row) => {
      if (row.expiresAt !== null) return !isInUse(groups, groupId, row.topic) && now >= row.expiresAt
      const start = expiryStart(groups, groupId, row)
      return start !== null && now - start >= retentionMs
    })
    if (gone.length > 0) groups.offsets.remove(groupId, gone, now)
    const emptySince = groups.emptySince(groupId)
    if (emptySince !== null && !groups.offsets.has(groupId) && now - emptySince >= retentionMs) groups.delete(groupId)
  }
}

/**
 * From when on the retention time of an offset counts (ClassicGroup.offsetExpirationCondition, ConsumerGroup's): the commit, or for a
 * group that was left by its members that moment when it is later; `null` while it is in use.
 */
function expiryStart(groups: GroupHost, groupId: string, { topic, committedAt }: CommittedOffset): Millis | null {
  if (isInUse(groups, groupId, topic)) return null
  const emptySince = groups.emptySince(groupId)
  const isSimple = groups.find(groupId)?.protocolType === ''
  return emptySince === null || isSimple ? committedAt : Math.max(committedAt, emptySince)
}

/** A group with members uses the topics that they subscribe to; a classic one all of them while it rebalances or has another protocol. */
function isInUse(groups: GroupHost, groupId: string, topic: string): boolean {
  const view = groups.find(groupId)
  if (!view || view.members.length === 0) return false
  if (view.type === 'classic' && (view.state !== 'Stable' || view.protocolType !== 'consumer')) return true
  return groups.isSubscribed(groupId, topic)
}
