import type { Core } from '../../broker/core'
import type { CommittedOffset } from '../../broker/groups/offsets'
import type { Partition } from '../../broker/log/partition'
import type { Cause, ResetTarget } from '../../contract/causes'
import type { Contract } from '../../contract/contract'
import type { InputOf } from '../../contract/define'
import { moves, type ResetLine, type ResetPlan, type ResetRecord } from '../../contract/reset'
import { topicsOf } from '../groups/groups'
import { commandOf } from './reset-command'

export type PlanInput = InputOf<Contract['reset.plan']>
export type Target = PlanInput['to']

interface Place {
  readonly topic: string
  readonly partition: number
}

/** What a reset replaced, kept with the history so that it can be taken back. */
interface Change extends Place {
  readonly before: CommittedOffset | null
  readonly after: number | null
}

const keyOf = ({ topic, partition }: Place) => `${topic}:${partition}`

/** What a reset would do, partition by partition. Changes nothing. @throws Error with a sentence */
export function planReset(core: Core, input: PlanInput, bootstrap = 'localhost:9092'): ResetPlan {
  const { groupId, to, partitions } = input
  const view = core.groups.find(groupId)
  if (!view) throw new Error(`There is no group ${groupId}.`)
  const chosen = partitions && new Set(partitions.map(keyOf))
  const exact = new Map(to.offsets?.map((place) => [keyOf(place), place.offset]))
  const lines = placesOf(core, input).map((place) => {
    const key = keyOf(place)
    if (chosen && !chosen.has(key)) return lineOf(core, groupId, place, undefined)
    return lineOf(core, groupId, place, (log, current) =>
      to.to === 'exact' ? exact.get(key) : position(core, to, log, current),
    )
  })
  return {
    groupId,
    state: view.state,
    members: view.members.length,
    lines,
    command: commandOf(bootstrap, groupId, to, lines, (topic) => core.topics.find(topic)?.partitionCount ?? 0),
  }
}

/** All partitions of a group's topics and of those that were chosen besides; and whatever else it has committed or a file names. */
function placesOf(core: Core, { groupId, to, topics }: PlanInput): Place[] {
  const places = new Map<string, Place>()
  const add = ({ topic, partition }: Place) => places.set(`${topic}:${partition}`, { topic, partition })
  const view = core.groups.find(groupId)
  for (const topic of [...(view ? topicsOf(core, view) : []), ...topics]) {
    const count = core.topics.find(topic)?.partitionCount ?? 0
    for (let partition = 0; partition < count; partition++) add({ topic, partition })
  }
  for (const row of core.groups.offsets.of(groupId)) add(row)
  for (const row of to.offsets ?? []) add(row)
  return [...places.values()].sort((a, b) =>
    a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1,
  )
}

/** The new position: text says why there is none, `null` deletes it, `undefined` leaves it as it is. */
type Wanted = number | null | string | undefined

function lineOf(
  core: Core,
  groupId: string,
  { topic, partition }: Place,
  wantedOf: ((log: Partition, current: number | null) => Wanted) | undefined,
): ResetLine {
  const log = core.topics.partition(topic, partition)
  const current = core.groups.offsets.get(groupId, topic, partition)?.offset ?? null
  const { logStartOffset: start, highWatermark: end } = log ?? { logStartOffset: 0, highWatermark: 0 }
  const stays = { topic, partition, start, end, current, next: current, replayed: 0, skipped: 0, problem: null }
  if (!wantedOf) return { ...stays, isChosen: false }
  if (!log) return { ...stays, isChosen: true, problem: 'there is no such partition' }
  const wanted = wantedOf(log, current)
  if (wanted === undefined) return { ...stays, isChosen: false }
  if (typeof wanted === 'string') return { ...stays, isChosen: true, problem: wanted }
  // As kafka-consumer-groups: what lies outside the log is moved to its nearest end.
  const next = wanted === null ? null : Math.min(Math.max(wanted, start), end)
  const from = current === null ? null : Math.max(current, start)
  return {
    ...stays,
    isChosen: true,
    next,
    replayed: next === null || from === null ? 0 : Math.max(0, from - next),
    skipped: next === null || from === null ? 0 : Math.max(0, next - from),
  }
}

function position(core: Core, to: Target, log: Partition, current: number | null): Wanted {
  const value = to.value ?? 0
  switch (to.to) {
    case 'earliest':
      return log.logStartOffset
    case 'latest':
      return log.highWatermark
    case 'delete':
      return null
    case 'offset':
      return value
    case 'shift':
      return current === null ? 'nothing is committed, so there is nothing to shift' : current + value
    case 'time':
      return offsetAt(log, value)
    case 'back':
      return offsetAt(log, core.clock.now() - value)
    case 'group':
      return (
        core.groups.offsets.get(to.groupId ?? '', log.topic, log.number)?.offset ??
        `${to.groupId} has committed nothing here`
      )
    case 'exact':
      return undefined
  }
}

/** The first record of a time or later; the log end when there is none. */
export function offsetAt(log: Partition, at: number): number {
  return log.offsetAtTime(at, log.highWatermark)?.offset ?? log.highWatermark
}

/**
 * Moves a group. With members it needs `fence`: they are put out first, so that a late commit of theirs is refused and they read
 * from the new position when they join again. @throws Error with a sentence
 */
export async function applyReset(core: Core, input: PlanInput & { readonly fence: boolean }): Promise<ResetPlan> {
  const plan = planReset(core, input)
  const { groupId } = input
  const moved = plan.lines.filter(moves)
  if (moved.length === 0) throw new Error('There is no partition that would be moved.')
  replace(
    core,
    groupId,
    moved.map(({ topic, partition, next }) => ({
      topic,
      partition,
      row:
        next === null
          ? null
          : { topic, partition, offset: next, leaderEpoch: -1, metadata: '', committedAt: 0, expiresAt: null },
    })),
    input.fence,
    { kind: 'offsetsReset', target: targetOf(input.to) },
  )
  await core.commits.settled
  return plan
}

/**
 * Fences the members, sets or removes offsets, and notes what they replaced: all of it in one turn, so that no commit of a member can
 * come between, and all or nothing is stored. Returns the id of the note. @throws Error with a sentence
 */
function replace(
  core: Core,
  groupId: string,
  wanted: readonly (Place & { readonly row: CommittedOffset | null })[],
  fence: boolean,
  cause: Cause,
): number {
  const members = core.groups.find(groupId)?.members.length ?? 0
  if (members > 0 && !fence) {
    throw new Error(
      `Group ${groupId} has ${members} ${members === 1 ? 'member' : 'members'}. Stop them first, or apply now and have them fenced.`,
    )
  }
  const at = core.clock.now()
  const changes = wanted.map(
    ({ topic, partition, row }): Change => ({
      topic,
      partition,
      before: core.groups.offsets.get(groupId, topic, partition) ?? null,
      after: row?.offset ?? null,
    }),
  )
  const rows = wanted.flatMap(({ row }) => (row ? [{ ...row, committedAt: at }] : []))
  const gone = wanted.filter(({ row }) => row === null)
  if (members > 0) core.groups.fence(groupId, cause)
  if (rows.length > 0) core.groups.commitOffsets(groupId, rows)
  if (gone.length > 0) core.groups.offsets.remove(groupId, gone, at)
  const kind = cause.kind === 'resetUndone' ? 'undo' : 'reset'
  return core.workspace.write(() =>
    core.workspace.offsets.noteChange({
      groupId,
      at,
      kind,
      cause: JSON.stringify(cause),
      changes: JSON.stringify(changes),
    }),
  )
}

/** The target without the positions that were chosen one by one. */
export function targetOf({ to, value, groupId }: Target): ResetTarget {
  return { to, value, groupId }
}

export function resetHistory(core: Core, groupId: string): ResetRecord[] {
  return core.workspace.offsets.history(groupId, 50).map(({ id, at, kind, cause, changes, undoneBy }) => ({
    id,
    at,
    kind,
    cause: JSON.parse(cause) as Cause,
    partitions: (JSON.parse(changes) as Change[]).length,
    undone: undoneBy !== null,
  }))
}

/** What taking a reset back would do: every partition gets what it had. @throws Error with a sentence */
export function planUndo(core: Core, groupId: string, id: number): ResetPlan {
  const view = core.groups.find(groupId)
  const lines = changesOf(core, groupId, id).map((change) =>
    lineOf(core, groupId, change, () => change.before?.offset ?? null),
  )
  return { groupId, state: view?.state ?? 'Dead', members: view?.members.length ?? 0, lines, command: '' }
}

/** Takes a reset back. @throws Error with a sentence */
export async function undoReset(core: Core, groupId: string, id: number, fence: boolean): Promise<void> {
  const wanted = changesOf(core, groupId, id)
    .filter(({ topic, partition }) => core.topics.partition(topic, partition))
    .map(({ topic, partition, before: row }) => ({ topic, partition, row }))
  const reset = JSON.parse(recordOf(core, groupId, id).cause) as Cause
  const by = replace(core, groupId, wanted, fence, { kind: 'resetUndone', reset })
  core.workspace.write(() => core.workspace.offsets.markUndone(id, by))
  await core.commits.settled
}

function changesOf(core: Core, groupId: string, id: number): readonly Change[] {
  const record = recordOf(core, groupId, id)
  if (record.undoneBy !== null) throw new Error('This reset was undone already.')
  return JSON.parse(record.changes) as Change[]
}

function recordOf(core: Core, groupId: string, id: number) {
  const record = core.workspace.offsets.history(groupId, 200).find((entry) => entry.id === id)
  if (!record) throw new Error('This reset is no longer in the history.')
  return record
}
