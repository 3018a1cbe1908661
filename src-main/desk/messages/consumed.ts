import { keyOf, type TopicPartition } from '../../base/topic-partition'
import type { GroupReach, WrittenBy } from '../../contract/messages'
import type { ShareRun } from '../../contract/share'
import { readersOf } from '../groups/groups'
import { type Reach, reachOf } from '../groups/reach'
import type { CommittedOffset, GroupFacts } from '../source/groups'
import type { OffsetRange } from '../source/records'
import { firstRun } from '../source/shares'
import type { ClusterSource } from '../source/source'

/** For each group that reads a partition, whether it has got this message, as exactly as it can be known. */
export async function consumers(source: ClusterSource, place: TopicPartition, offset: number): Promise<GroupReach[]> {
  const { topic, partition } = place
  const groups = await source.groups.list()
  const offsets = await source.groups.offsets(groups.map(({ groupId }) => groupId))
  const readers = (await readersOf(source, [topic])).get(keyOf(topic, partition)) ?? []
  const found = groups.map(async (group): Promise<GroupReach[]> => {
    const row = (offsets.get(group.groupId) ?? []).find((one) => one.topic === topic && one.partition === partition)
    if (group.type === 'share') return await ofShareGroup(source, group, place, offset, row)
    const owner = group.members.find(({ assigned }) => assigned[topic]?.includes(partition))
    if (!row && !owner) return []
    const reach = owner ? reachOf(group, owner, readers) : null
    const state = stateOf(offset, row, reach)
    return [
      {
        groupId: group.groupId,
        isShare: false,
        committed: row?.offset ?? null,
        state,
        member: owner ? { memberId: owner.memberId, clientId: owner.clientId } : null,
        deliveredAt: reach?.last && offset >= reach.last.from && offset < reach.least ? reach.last.at : null,
        deliveries: null,
        archivedAs: null,
      },
    ]
  })
  return (await Promise.all(found)).flat()
}

function stateOf(offset: number, row: CommittedOffset | undefined, reach: Reach | null): GroupReach['state'] {
  if (row && offset < row.offset) return 'committed'
  if (!reach || offset >= reach.most) return 'not reached'
  return offset < reach.least ? 'delivered' : 'ambiguous'
}

/** The broker hands records of a share group out one by one: of each it knows the holder, and the latest outcome. */
async function ofShareGroup(
  { shares }: ClusterSource,
  { groupId, members }: GroupFacts,
  place: TopicPartition,
  offset: number,
  row: CommittedOffset | undefined,
): Promise<GroupReach[]> {
  if (!row) return []
  const has = ({ first, last }: OffsetRange) => offset >= first && offset <= last
  const [lane] = (await shares?.lanes(groupId, [place])) ?? []
  const run = offset < row.offset ? undefined : firstRun(lane?.runs ?? [], has)
  const outcome = lane?.outcomes.find(has)
  const archived = outcome?.kind === 'released' ? undefined : outcome?.kind
  const state = shareState(offset < row.offset || row.finished?.some(has) === true, run, archived !== undefined)
  const memberId = run?.memberId ?? (state === 'archived' || state === 'released' ? outcome?.memberId : null) ?? null
  const member = members.find((one) => one.memberId === memberId)
  return [
    {
      groupId,
      isShare: true,
      committed: row.offset,
      state,
      // A member that has left is known by its id alone.
      member: memberId === null ? null : { memberId, clientId: member?.clientId ?? memberId },
      deliveredAt: run?.acquiredAt ?? null,
      deliveries: run?.deliveryCount ?? (state === 'archived' ? (outcome?.deliveryCount ?? null) : null),
      archivedAs: state === 'archived' ? (archived ?? null) : null,
    },
  ]
}

function shareState(isFinished: boolean, run: ShareRun | undefined, isArchived: boolean): GroupReach['state'] {
  if (!run) return isArchived ? 'archived' : isFinished ? 'finished' : 'not reached'
  if (run.state === 'available') return run.deliveryCount > 0 ? 'released' : 'not reached'
  return run.state
}

/** Clients that are connected now and have written with the producer id of a batch; without one, those that have written to the topic. */
export async function writers(
  { clients }: ClusterSource,
  topic: string,
  producerId: string,
): Promise<WrittenBy | null> {
  if (!clients) return null
  const isExact = producerId !== '-1'
  const found = isExact
    ? await clients.writers(producerId)
    : (await clients.list()).filter(({ writes }) => writes.includes(topic))
  return { isExact, clients: found.map(({ connectionId, clientId }) => ({ connectionId, clientId })) }
}
