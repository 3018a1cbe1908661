import { keyOf, type TopicPartition } from '../../base/topic-partition'
import type { ResetTarget } from '../../contract/causes'
import type { Contract } from '../../contract/contract'
import type { InputOf } from '../../contract/define'
import { moves, type ResetLine, type ResetPlan, type ResetRecord } from '../../contract/reset'
import { topicsOf } from '../groups/groups'
import type { CommittedOffset, StoredMove } from '../source/groups'
import type { CountRange } from '../source/records'
import type { ClusterSource } from '../source/source'
import type { LogFacts } from '../source/topics'
import { commandOf } from './reset-command'

export type PlanInput = InputOf<Contract['reset.plan']>
export type Target = PlanInput['to']

/** What a plan is made from: everything that it looks at, asked for at once. */
interface Facts {
  readonly logs: ReadonlyMap<string, LogFacts>
  readonly committed: ReadonlyMap<string, CommittedOffset>
}

const noMembers = { members: [] }

const place = ({ topic, partition }: TopicPartition) => keyOf(topic, partition)

async function factsOf({ topics, groups }: ClusterSource, groupId: string, names: readonly string[]): Promise<Facts> {
  const [logs, offsets] = await Promise.all([topics.logs(names), groups.offsets([groupId])])
  return {
    logs: new Map([...logs.values()].flat().map((log) => [place(log), log])),
    committed: new Map((offsets.get(groupId) ?? []).map((row) => [place(row), row])),
  }
}

/**
 * What a reset would do, partition by partition. Changes nothing. A group that does not exist is created by the reset, as by
 * kafka-consumer-groups (ConsumerGroupCommand.resetOffsets): it has no members, and its partitions are those that were chosen.
 * @throws Error with a sentence
 */
export async function planReset(
  source: ClusterSource,
  input: PlanInput,
  now: number,
  bootstrap = 'localhost:9092',
): Promise<ResetPlan> {
  const { groupId, to, partitions } = input
  const group = await source.groups.find(groupId)
  const committed = (await source.groups.offsets([groupId])).get(groupId) ?? []
  const topics = [...topicsOf(group ?? noMembers, committed), ...input.topics, ...(await topicsOfOther(source, to))]
  const named = (to.offsets ?? []).map(({ topic }) => topic)
  const facts = await factsOf(source, groupId, [...new Set([...topics, ...named])])
  const chosen = partitions && new Set(partitions.map(place))
  const places = placesOf(facts, new Set(topics), to)
  const wanted = await wantedOf(source, to, facts, places, now)
  const lines = await counted(
    source,
    places.map((one) => {
      const isLeftOut = chosen && !chosen.has(place(one))
      return lineOf(facts, one, isLeftOut ? undefined : wanted)
    }),
  )
  const counts = new Map<string, number>()
  for (const { topic } of facts.logs.values()) counts.set(topic, (counts.get(topic) ?? 0) + 1)
  return {
    groupId,
    state: group?.state ?? 'Dead',
    members: group?.members.length ?? 0,
    lines,
    command: commandOf(
      bootstrap,
      { groupId, type: group?.type ?? 'classic' },
      to,
      lines,
      (topic) => counts.get(topic) ?? 0,
    ),
  }
}

/** The topics of the group whose offsets are taken over: also partitions that only it has committed get an offset. */
async function topicsOfOther({ groups }: ClusterSource, { to, groupId }: Target): Promise<readonly string[]> {
  if (to !== 'group' || groupId === null) return []
  const [other, offsets] = await Promise.all([groups.find(groupId), groups.offsets([groupId])])
  return topicsOf(other ?? noMembers, offsets.get(groupId) ?? [])
}

/** All partitions of the group's topics and of those that were chosen besides; and whatever else it has committed or a file names. */
function placesOf({ logs, committed }: Facts, topics: ReadonlySet<string>, to: Target): TopicPartition[] {
  const places = new Map<string, TopicPartition>()
  const add = ({ topic, partition }: TopicPartition) => places.set(keyOf(topic, partition), { topic, partition })
  for (const log of logs.values()) if (topics.has(log.topic)) add(log)
  for (const row of committed.values()) add(row)
  for (const row of to.offsets ?? []) add(row)
  return [...places.values()].sort((a, b) =>
    a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1,
  )
}

/** The new position: text says why there is none, `null` deletes it, `undefined` leaves it as it is. */
type Wanted = number | null | string | undefined

type WantedOf = (log: LogFacts, current: number | null) => Wanted

function lineOf(facts: Facts, one: TopicPartition, wantedOf: WantedOf | undefined): ResetLine {
  const { topic, partition } = one
  const log = facts.logs.get(place(one))
  const current = facts.committed.get(place(one))?.offset ?? null
  const { start, end } = log ?? { start: 0, end: 0 }
  const counts = { replayed: 0, skipped: 0, first: null }
  const stays = { topic, partition, start, end, current, next: current, ...counts, problem: null }
  if (!wantedOf) return { ...stays, isChosen: false }
  if (!log) return { ...stays, isChosen: true, problem: 'there is no such partition' }
  const wanted = wantedOf(log, current)
  if (wanted === undefined) return { ...stays, isChosen: false }
  if (typeof wanted === 'string') return { ...stays, isChosen: true, problem: wanted }
  // As kafka-consumer-groups: what lies outside the log is moved to its nearest end.
  const next = wanted === null ? null : Math.min(Math.max(wanted, start), end)
  return { ...stays, isChosen: true, next }
}

/** Says how many records each line passes, forward or back: offsets without a record are not counted. */
async function counted({ records }: ClusterSource, lines: readonly ResetLine[]): Promise<ResetLine[]> {
  const ranges: CountRange[] = []
  /** Where the count of a range will be. */
  const count = (from: number, before: number, { topic, partition }: ResetLine) =>
    ranges.push({ topic, partition, from, before }) - 1
  const asked = lines.map((line) => {
    const { current, next, start, end, isChosen, problem } = line
    if (next === null || current === next || problem !== null) return null
    if (current === null)
      return isChosen ? { first: { read: count(next, end, line), before: count(start, next, line) } } : null
    const from = Math.min(Math.max(current, start), end)
    return { first: null, isBack: next < from, passed: count(Math.min(from, next), Math.max(from, next), line) }
  })
  const counts = await records.count(ranges)
  const found = (place: number) => counts[place] ?? 0
  return lines.map((line, i): ResetLine => {
    const one = asked[i]
    if (!one) return line
    if (one.first) return { ...line, first: { read: found(one.first.read), skipped: found(one.first.before) } }
    return one.isBack ? { ...line, replayed: found(one.passed) } : { ...line, skipped: found(one.passed) }
  })
}

/** Where each partition is to go. Times and the offsets of another group are asked for in bulk. */
async function wantedOf(
  { records, groups }: ClusterSource,
  to: Target,
  { logs }: Facts,
  places: readonly TopicPartition[],
  now: number,
): Promise<WantedOf> {
  const value = to.value ?? 0
  switch (to.to) {
    case 'earliest':
      return ({ start }) => start
    case 'latest':
      return ({ end }) => end
    case 'delete':
      return () => null
    case 'offset':
      return () => value
    case 'shift':
      return (_, current) => (current === null ? 'nothing is committed, so there is nothing to shift' : current + value)
    case 'time':
    case 'back': {
      const there = places.filter((one) => logs.has(place(one)))
      const found = await records.offsetsAt(there, to.to === 'time' ? value : now - value)
      const offsets = new Map(there.map((one, i) => [place(one), found[i]]))
      return (log) => offsets.get(place(log))
    }
    case 'group': {
      const groupId = to.groupId ?? ''
      const rows = (await groups.offsets([groupId])).get(groupId) ?? []
      const offsets = new Map(rows.map((row) => [place(row), row.offset]))
      return (log) => offsets.get(place(log)) ?? `${groupId} has committed nothing here`
    }
    case 'exact': {
      const offsets = new Map(to.offsets?.map((one) => [place(one), one.offset]))
      return (log) => offsets.get(place(log))
    }
  }
}

/**
 * Moves a group. With members it needs `fence`: they are removed first, so that a late commit of theirs fails and they read from the new
 * position when they join again. @throws Error with a sentence
 */
export async function applyReset(
  source: ClusterSource,
  input: PlanInput & { readonly fence: boolean },
  now: number,
): Promise<ResetPlan> {
  const plan = await planReset(source, input, now)
  const moved = plan.lines.filter(moves)
  if (moved.length === 0) throw new Error('No partition would be moved, so there is nothing to do.')
  await source.groups.move({
    groupId: input.groupId,
    moves: moved.map(({ topic, partition, next }) => ({ topic, partition, offset: next })),
    fence: input.fence,
    cause: { kind: 'offsetsReset', target: targetOf(input.to) },
    undoes: null,
  })
  return plan
}

/** The target without the positions that were chosen one by one. */
export function targetOf({ to, value, groupId }: Target): ResetTarget {
  return { to, value, groupId }
}

const shownMoves = 50
const keptMoves = 200

export async function resetHistory({ groups }: ClusterSource, groupId: string): Promise<ResetRecord[]> {
  return (await groups.moves(groupId, shownMoves)).map(({ id, at, kind, cause, changes, undoneBy }) => ({
    id,
    at,
    kind,
    cause,
    partitions: changes.length,
    undone: undoneBy !== null,
  }))
}

/** What an undo would do: every partition gets what it had. @throws Error with a sentence */
export async function planUndo(source: ClusterSource, groupId: string, id: number): Promise<ResetPlan> {
  const { changes } = await moveOf(source, groupId, id)
  const group = await source.groups.find(groupId)
  const facts = await factsOf(source, groupId, [...new Set(changes.map(({ topic }) => topic))])
  const lines = await counted(
    source,
    changes.map((change) => lineOf(facts, change, () => change.before?.offset ?? null)),
  )
  return { groupId, state: group?.state ?? 'Dead', members: group?.members.length ?? 0, lines, command: '' }
}

/** Takes a reset back. @throws Error with a sentence */
export async function undoReset(source: ClusterSource, groupId: string, id: number, fence: boolean): Promise<void> {
  const { changes, cause } = await moveOf(source, groupId, id)
  const { logs } = await factsOf(source, groupId, [...new Set(changes.map(({ topic }) => topic))])
  await source.groups.move({
    groupId,
    moves: changes
      .filter((change) => logs.has(place(change)))
      .map(({ topic, partition, before: row }) => ({ topic, partition, offset: row?.offset ?? null, row })),
    fence,
    cause: { kind: 'resetUndone', reset: cause },
    undoes: id,
  })
}

async function moveOf({ groups }: ClusterSource, groupId: string, id: number): Promise<StoredMove> {
  const move = (await groups.moves(groupId, keptMoves)).find((entry) => entry.id === id)
  if (!move) throw new Error('This reset is no longer in the history, so it cannot be undone.')
  if (move.undoneBy !== null) throw new Error('This reset was undone already.')
  return move
}
