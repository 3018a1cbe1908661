import type { RebalancedGroup } from '../../contract/groups'
import type { JournalSource } from '../source/groups'
import type { ClusterSource } from '../source/source'

/** All groups by name. Neither committed offsets nor logs are looked at. */
export async function rebalancedGroups(
  { groups }: Pick<ClusterSource, 'groups'>,
  journal: Pick<JournalSource, 'lastBoundariesAt'>,
): Promise<readonly RebalancedGroup[]> {
  const found = await groups.list()
  const moved = await journal.lastBoundariesAt(found.map(({ groupId }) => groupId))
  return found
    .map(({ groupId, type, state, epoch, protocol, members }) => ({
      groupId,
      type,
      state,
      epoch,
      protocol,
      members: members.length,
      rebalancedAt: moved.get(groupId) ?? null,
    }))
    .sort((a, b) => (a.groupId < b.groupId ? -1 : 1))
}

export function isSameGroup(before: RebalancedGroup, now: RebalancedGroup): boolean {
  return (
    before.groupId === now.groupId &&
    before.type === now.type &&
    before.state === now.state &&
    before.epoch === now.epoch &&
    before.protocol === now.protocol &&
    before.members === now.members &&
    before.rebalancedAt === now.rebalancedAt
  )
}
