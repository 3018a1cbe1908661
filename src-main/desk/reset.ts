import type { Core } from '../broker/core'
import type { CommittedOffset } from '../broker/groups/offsets'
import type { Partition } from '../broker/log/partition'
import type { Contract } from '../contract/contract'
import type { InputOf } from '../contract/define'
import type { ResetLine, ResetPlan, ResetRecord } from '../contract/groups'

type PlanInput = InputOf<Contract['reset.plan']>
type Target = PlanInput['to']

/** What a reset replaced, kept with the history so that it can be taken back. */
interface Change {
  readonly topic: string
  readonly partition: number
  readonly before: CommittedOffset | null
  readonly after: number | null
}

/** What a reset would do, partition by partition. Changes nothing. @throws Error with a sentence */
export function planReset(core: Core, { groupId, to, partitions }: PlanInput, bootstrap = 'localhost:9092'): ResetPlan {
  const view = core.groups.find(groupId)
  if (!view) throw new Error(`There is no group ${groupId}.`)
  const chosen = partitions ?? partitionsOf(core, groupId, to)
  const lines = chosen.map(({ topic, partition }) => planLine(core, groupId, to, topic, partition))
  return {
    groupId,
    state: view.state,
    members: view.members.length,
    lines,
    command: commandOf(bootstrap, groupId, to, lines),
  }
}

function partitionsOf(core: Core, groupId: string, to: Target): { topic: string; partition: number }[] {
  if (to.offsets) return to.offsets.map(({ topic, partition }) => ({ topic, partition }))
  const names = new Map<string, { topic: string; partition: number }>()
  const add = (topic: string, partition: number) => names.set(`${topic}:${partition}`, { topic, partition })
  for (const { topic, partition } of core.groups.offsets.of(groupId)) add(topic, partition)
  for (const { subscribed } of core.groups.find(groupId)?.members ?? []) {
    for (const topic of subscribed) {
      const count = core.topics.find(topic)?.partitionCount ?? 0
      for (let partition = 0; partition < count; partition++) add(topic, partition)
    }
  }
  return [...names.values()].sort((a, b) =>
    a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1,
  )
}

function planLine(core: Core, groupId: string, to: Target, topic: string, partition: number): ResetLine {
  const log = core.topics.partition(topic, partition)
  const current = core.groups.offsets.get(groupId, topic, partition)?.offset ?? null
  if (!log) {
    return {
      topic,
      partition,
      start: 0,
      end: 0,
      current,
      next: current,
      replayed: 0,
      skipped: 0,
      problem: 'the partition is gone',
    }
  }
  const { logStartOffset: start, highWatermark: end } = log
  const wanted = position(core, to, log, current)
  if (typeof wanted === 'string') {
    return { topic, partition, start, end, current, next: current, replayed: 0, skipped: 0, problem: wanted }
  }
  // As kafka-consumer-groups: what lies outside the log is moved to its nearest end.
  const next = wanted === null ? null : Math.min(Math.max(wanted, start), end)
  const from = current === null ? null : Math.max(current, start)
  return {
    topic,
    partition,
    start,
    end,
    current,
    next,
    replayed: next === null || from === null ? 0 : Math.max(0, from - next),
    skipped: next === null || from === null ? 0 : Math.max(0, next - from),
    problem: null,
  }
}

/** The new position; `null` deletes it; text says why there is none. */
function position(core: Core, to: Target, log: Partition, current: number | null): number | null | string {
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
      return current === null ? 'nothing is committed yet, so there is nothing to shift' : current + value
    case 'time':
      return log.offsetAtTime(value, log.highWatermark)?.offset ?? log.highWatermark
    case 'back':
      return log.offsetAtTime(core.clock.now() - value, log.highWatermark)?.offset ?? log.highWatermark
    case 'group':
      return (
        core.groups.offsets.get(to.groupId ?? '', log.topic, log.number)?.offset ??
        `group ${to.groupId} has committed nothing for this partition`
      )
    case 'exact':
      return (
        to.offsets?.find(({ topic, partition }) => topic === log.topic && partition === log.number)?.offset ??
        'no position is given for this partition'
      )
  }
}

/** The same in the words of Kafka's own tool. */
function commandOf(bootstrap: string, groupId: string, to: Target, lines: readonly ResetLine[]): string {
  const topics = new Map<string, number[]>()
  for (const { topic, partition } of lines) topics.set(topic, [...(topics.get(topic) ?? []), partition])
  const scope = [...topics].map(([topic, numbers]) => `--topic ${topic}:${numbers.join(',')}`).join(' ')
  const base = `kafka-consumer-groups.sh --bootstrap-server ${bootstrap} --group ${groupId}`
  if (to.to === 'delete')
    return `${base} --delete-offsets ${[...topics.keys()].map((topic) => `--topic ${topic}`).join(' ')}`
  const value = to.value ?? 0
  const how = {
    earliest: '--to-earliest',
    latest: '--to-latest',
    offset: `--to-offset ${value}`,
    shift: `--shift-by ${value}`,
    time: `--to-datetime ${new Date(Math.min(Math.max(value, 0), 8.64e15)).toISOString().slice(0, 23)}`,
    back: `--by-duration PT${Math.round(value / 1000)}S`,
    group: '--from-file offsets.csv',
    exact: '--from-file offsets.csv',
  }[to.to]
  return `${base} --reset-offsets ${how} ${scope} --execute`
}

/**
 * Moves a group. With members it needs `fence`: they are put out first, so that a late commit of theirs is refused and they read
 * from the new position when they join again. @throws Error with a sentence
 */
export async function applyReset(
  core: Core,
  input: PlanInput & { readonly fence: boolean },
  cause = `reset to ${describeTarget(input.to)}`,
): Promise<ResetPlan> {
  const plan = planReset(core, input)
  const { groupId } = input
  if (plan.members > 0 && !input.fence) {
    throw new Error(`Group ${groupId} has ${plan.members} members. Stop them first, or apply now and have them fenced.`)
  }
  const at = core.clock.now()
  const changes: Change[] = []
  const rows: CommittedOffset[] = []
  const gone: { topic: string; partition: number }[] = []
  for (const { topic, partition, next, problem } of plan.lines) {
    if (problem) continue
    changes.push({ topic, partition, before: core.groups.offsets.get(groupId, topic, partition) ?? null, after: next })
    if (next === null) gone.push({ topic, partition })
    else rows.push({ topic, partition, offset: next, leaderEpoch: -1, metadata: '', committedAt: at, expiresAt: null })
  }
  if (changes.length === 0) throw new Error('There is no partition that could be moved.')
  // All of it in one turn: no commit of a member can come between, and all or nothing is stored.
  if (plan.members > 0) core.groups.fence(groupId, `its offsets were moved: ${cause}`)
  if (rows.length > 0) core.groups.commitOffsets(groupId, rows)
  if (gone.length > 0) core.groups.offsets.remove(groupId, gone, at)
  core.workspace.write(() => core.workspace.offsets.noteChange(groupId, at, cause, JSON.stringify(changes)))
  await core.commits.settled
  return plan
}

export function describeTarget(to: Target): string {
  switch (to.to) {
    case 'offset':
      return `offset ${to.value}`
    case 'shift':
      return `${(to.value ?? 0) >= 0 ? '+' : ''}${to.value}`
    case 'time':
      return new Date(to.value ?? 0).toISOString()
    case 'back':
      return `${Math.round((to.value ?? 0) / 1000)} s ago`
    case 'group':
      return `the offsets of ${to.groupId}`
    case 'exact':
      return 'chosen positions'
    case 'delete':
      return 'nothing: its offsets were deleted'
    default:
      return to.to
  }
}

export function resetHistory(core: Core, groupId: string): ResetRecord[] {
  return core.workspace.offsets.history(groupId, 50).map(({ id, at, cause, changes, undoneBy }) => ({
    id,
    at,
    cause,
    partitions: (JSON.parse(changes) as Change[]).length,
    undone: undoneBy !== null,
  }))
}

/** Takes a reset back: every partition gets what it had. @throws Error with a sentence */
export async function undoReset(core: Core, groupId: string, id: number, fence: boolean): Promise<void> {
  const record = core.workspace.offsets.history(groupId, 200).find((entry) => entry.id === id)
  if (!record) throw new Error('This reset is no longer in the history.')
  if (record.undoneBy !== null) throw new Error('This reset was undone already.')
  const view = core.groups.find(groupId)
  if (view && view.members.length > 0 && !fence) {
    throw new Error(
      `Group ${groupId} has ${view.members.length} members. Stop them first, or undo now and have them fenced.`,
    )
  }
  const at = core.clock.now()
  const changes = JSON.parse(record.changes) as Change[]
  const present = (change: Change) => core.groups.offsets.get(groupId, change.topic, change.partition) ?? null
  const undone = changes.map((change) => ({ ...change, before: present(change), after: change.before?.offset ?? null }))
  if (view && view.members.length > 0) core.groups.fence(groupId, 'a reset of its offsets was undone')
  const rows = changes.flatMap(({ before }) => (before ? [{ ...before, committedAt: at }] : []))
  const gone = changes.filter(({ before }) => before === null)
  if (rows.length > 0) core.groups.commitOffsets(groupId, rows)
  if (gone.length > 0) core.groups.offsets.remove(groupId, gone, at)
  core.workspace.write(() => {
    const by = core.workspace.offsets.noteChange(groupId, at, `undid: ${record.cause}`, JSON.stringify(undone))
    core.workspace.offsets.markUndone(id, by)
  })
  await core.commits.settled
}
