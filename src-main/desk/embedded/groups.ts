import { Emitter } from '../../base/emitter'
import { keyOf } from '../../base/topic-partition'
import type { Core } from '../../broker/core'

import type { GroupView } from '../../broker/groups/group-host'
import type { CommittedOffset as BrokerOffset } from '../../broker/groups/offsets'

import type { Cause } from '../../contract/causes'
import {
  type CommittedOffset,
  checkMayMove,
  type GroupFacts,
  type GroupSource,
  type MoveOrder,
  type StoredMove,
} from '../source/groups'
import { moveShareOffsets, shareOffsets } from './share-offsets'
import { stored } from './stored'

/** Groups of the broker in this process. */
export function embeddedGroups(core: Core, onError: (error: unknown) => void): GroupSource {
  const { groups, workspace } = core
  const changes = new Emitter<string>(onError)
  groups.framed(({ groupId }) => changes.emit(groupId))
  groups.offsets.changed((rows) => {
    for (const groupId of new Set(rows.map((row) => row.groupId))) changes.emit(groupId)
  })
  core.share.partitions.ended(({ groupId }) => changes.emit(groupId))
  return {
    changed: changes.listen,
    ids: async () => groups.list().map(({ groupId }) => groupId),
    list: async () => groups.list().map(factsOf),
    find: async (groupId) => {
      const view = groups.find(groupId)
      return view ? factsOf(view) : null
    },
    offsets: async (groupIds) =>
      new Map(
        groupIds.flatMap((groupId): (readonly [string, readonly CommittedOffset[]])[] => {
          const rows = offsetsOf(core, groupId)
          return rows.length > 0 ? [[groupId, rows]] : []
        }),
      ),
    move: (order) => move(core, order),
    moves: async (groupId, count) =>
      workspace.offsets.history(groupId, count).map(({ id, at, kind, cause, changes: json, undoneBy }) => ({
        id,
        at,
        kind,
        cause: JSON.parse(cause) as Cause,
        undoneBy,
        changes: JSON.parse(json) as StoredMove['changes'],
      })),
    async removeMember(groupId, memberId) {
      const error = await stored(core, () => groups.remove(groupId, memberId, 'it was removed by hand'))
      if (error !== 'NONE') throw new Error(`This member is no longer in group ${groupId}.`)
    },
    delete: (groupId) =>
      stored(core, () => {
        const { error, message } = groups.delete(groupId)
        if (error !== 'NONE') throw new Error(message ?? error)
      }),
  }
}

/** Clients may commit any 64-bit offset; pages count with numbers, and no log reaches beyond those. */
function shown(row: BrokerOffset): CommittedOffset {
  return { ...row, offset: Number(row.offset) }
}

function offsetsOf(core: Core, groupId: string): CommittedOffset[] {
  return core.groups.share(groupId) ? shareOffsets(core, groupId) : core.groups.offsets.of(groupId).map(shown)
}

/** What the history keeps of an offset. */
function keptRow({ topic, partition, offset, leaderEpoch, metadata, committedAt, expiresAt }: CommittedOffset) {
  return { topic, partition, offset, leaderEpoch, metadata, committedAt, expiresAt }
}

function factsOf({ groupId, type, state, epoch, protocol, leader, members }: GroupView): GroupFacts {
  return { groupId, type, state, epoch, protocol, leader, members }
}

/**
 * Fences the members, sets or removes offsets, and notes what they replaced: all of it in one group commit, so that no commit of a member
 * comes between, and all or nothing is stored.
 */
async function move(core: Core, order: MoveOrder): Promise<void> {
  const { groupId, moves, cause, undoes } = order
  const { groups, workspace } = core
  const members = groups.find(groupId)?.members.length ?? 0
  checkMayMove(order, members)
  const at = core.clock.now()
  const isShare = groups.share(groupId) !== undefined
  const rows = new Map(offsetsOf(core, groupId).map((row) => [keyOf(row.topic, row.partition), keptRow(row)]))
  await stored(core, () => {
    const changes: StoredMove['changes'] = moves.map(({ topic, partition, offset }) => ({
      topic,
      partition,
      before: rows.get(keyOf(topic, partition)) ?? null,
      after: offset,
    }))
    const set = moves.flatMap(({ topic, partition, offset, row }) =>
      offset === null
        ? []
        : [{ leaderEpoch: -1, metadata: '', expiresAt: null, ...row, topic, partition, offset, committedAt: at }],
    )
    const removed = moves.filter(({ offset }) => offset === null)
    if (members > 0) groups.fence(groupId, cause)
    if (isShare) moveShareOffsets(core, groupId, moves)
    if (!isShare && set.length > 0) groups.commitOffsets(groupId, set)
    if (!isShare && removed.length > 0) groups.offsets.remove(groupId, removed, at)
    workspace.write(() => {
      const id = workspace.offsets.noteChange({
        groupId,
        at,
        kind: undoes === null ? 'reset' : 'undo',
        cause: JSON.stringify(cause),
        changes: JSON.stringify(changes),
      })
      if (undoes !== null) workspace.offsets.markUndone(undoes, id)
    })
  })
}
