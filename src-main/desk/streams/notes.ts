import type { BoardNote, BoardTask } from '../../contract/streams'
import type { StreamsGroupFacts } from '../source/streams'
import { countOf } from './tasks'

/** Statuses of a heartbeat that a topology can have (KIP-1071). */
const missingSourceTopics = 1
const missingInternalTopics = 3

const namedTopics = 10
/** A reason names topics, of which a topology can have any number. */
const reasonLength = 500

/** What the group lacks or waits for, the most important first; that it is stable when there is nothing. */
export function notesOf(
  group: StreamsGroupFacts,
  tasks: readonly BoardTask[],
  taskCount: number,
  exists: (topic: string) => boolean,
  at: number,
): BoardNote[] {
  if (group.members.length === 0) return [{ kind: 'empty' }]
  const notes = [
    ...shutdown(group),
    ...problem(group, exists),
    ...memberFaults(group),
    ...assignment(group, at),
    ...revocations(group),
    ...waits(tasks),
  ]
  return notes.length > 0 ? notes : [{ kind: 'stable' }, ...idle(group, taskCount)]
}

function shutdown({ shutdownBy }: StreamsGroupFacts): BoardNote[] {
  return shutdownBy === null ? [] : [{ kind: 'shutdown', by: shutdownBy }]
}

function problem(
  { topology, configured, refusedTopics }: StreamsGroupFacts,
  exists: (topic: string) => boolean,
): BoardNote[] {
  const subtopologies = topology?.subtopologies ?? []
  const patterns = subtopologies.flatMap(({ sourceTopicRegex }) => sourceTopicRegex)
  const notes: BoardNote[] =
    patterns.length > 0 ? [{ kind: 'patterns', names: [...new Set(patterns)].slice(0, namedTopics) }] : []
  if (!configured?.problem) return notes
  const { status, detail } = configured.problem
  if (status === missingSourceTopics) {
    const sources = new Set(subtopologies.flatMap(({ sourceTopics }) => sourceTopics))
    const names = [...sources].filter((name) => !exists(name)).sort()
    return [{ kind: 'missingSources', names: names.slice(0, namedTopics) }, ...notes]
  }
  if (status === missingInternalTopics) {
    const names = configured.missing.map(({ name }) => name)
    return [{ kind: 'missingInternal', names: names.slice(0, namedTopics), reason: bounded(refusedTopics) }, ...notes]
  }
  return [{ kind: 'wrongPartitions', detail }, ...notes]
}

function bounded(reason: string | null): string | null {
  return reason !== null && reason.length > reasonLength ? `${reason.slice(0, reasonLength)}…` : reason
}

function memberFaults({ members, topology, configs }: StreamsGroupFacts): BoardNote[] {
  const stale = members.filter(({ topologyEpoch }) => topologyEpoch < (topology?.epoch ?? 0)).length
  const lacks = ({ clientTags }: StreamsGroupFacts['members'][number]) =>
    configs.tags.some((tag) => !clientTags.some(([key]) => key === tag))
  const untagged = members.filter(lacks).length
  return [
    ...(stale > 0 ? [{ kind: 'staleTopology' as const, members: stale }] : []),
    ...(untagged > 0 ? [{ kind: 'missingTags' as const, tags: configs.tags, members: untagged }] : []),
  ]
}

function assignment(group: StreamsGroupFacts, at: number): BoardNote[] {
  const { groupEpoch, assignmentEpoch, firstAssignmentAt, configured } = group
  if (configured?.problem) return []
  if (firstAssignmentAt !== null && firstAssignmentAt > at) return [{ kind: 'initialDelay', until: firstAssignmentAt }]
  return groupEpoch > assignmentEpoch ? [{ kind: 'assignmentDue' }] : []
}

function revocations({ members }: StreamsGroupFacts): BoardNote[] {
  return members.flatMap(({ memberId, pendingRevocation, revocationDeadline }) => {
    const tasks = countOf(pendingRevocation)
    return tasks > 0 ? [{ kind: 'revoking' as const, memberId, tasks, deadline: revocationDeadline }] : []
  })
}

function waits(tasks: readonly BoardTask[]): BoardNote[] {
  const waiting = new Map<string, { tasks: number; readonly waitsFor: Set<string> }>()
  for (const { places } of tasks) {
    for (const { memberId, phase, waitsFor } of places) {
      if (phase !== 'waiting') continue
      const known = waiting.get(memberId) ?? { tasks: 0, waitsFor: new Set() }
      waiting.set(memberId, known)
      known.tasks++
      for (const other of waitsFor) known.waitsFor.add(other)
    }
  }
  return [...waiting].map(([memberId, { tasks: count, waitsFor }]) => ({
    kind: 'waiting',
    memberId,
    tasks: count,
    waitsFor: [...waitsFor],
  }))
}

/** More threads than tasks: the others have nothing to do. */
function idle({ members }: StreamsGroupFacts, taskCount: number): BoardNote[] {
  const without = members.filter(({ assigned }) => countOf(assigned) === 0).length
  return without > 0 ? [{ kind: 'idle', members: without, tasks: taskCount }] : []
}
