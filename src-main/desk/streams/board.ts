import { keyOf } from '../../base/topic-partition'
import type { BoardInstance, BoardMember, BoardSubtopology, StreamsBoard } from '../../contract/streams'
import type { CommittedOffset } from '../source/groups'
import type { StreamsGroupFacts, StreamsMemberFacts, StreamsSource } from '../source/streams'
import { notesOf } from './notes'
import { internalTopics, subtopologyOf, taskCountOf } from './subtopologies'

/** What one board holds at most; the rest is counted. */
const boardLimits = { subtopologies: 30, tasks: 500, members: 60, notes: 12, topics: 100 }

/** Topics of one group whose positions are read. */
const readTopics = 1000

/** `null`: there is no such streams group. */
export async function streamsBoard(
  streams: StreamsSource,
  groupId: string,
  offsets: () => Promise<readonly CommittedOffset[]>,
  at: number,
): Promise<Omit<StreamsBoard, 'rebalance'> | null> {
  const found = await streams.find(groupId)
  if (!found) return null
  const { group, state } = found
  const all = group.topology?.subtopologies ?? []
  const [ends, rows] = await Promise.all([streams.logEnds(namesIn(group)), offsets()])
  const committed = new Map(rows.map(({ topic, partition, offset }) => [keyOf(topic, partition), offset]))
  const positions = { ends, committed }
  const taskCount = all.reduce((sum, { subtopologyId }) => sum + (taskCountOf(group, subtopologyId) ?? 0), 0)
  let room = boardLimits.tasks
  const subtopologies: BoardSubtopology[] = []
  for (const each of all.slice(0, boardLimits.subtopologies)) {
    const shown = subtopologyOf(group, each, positions, room)
    room -= shown.tasks.length
    subtopologies.push(shown)
  }
  const tasks = subtopologies.flatMap((each) => each.tasks)
  const notes = notesOf(group, tasks, taskCount, (topic) => ends.has(topic), at)
  const topics = internalTopics(group, positions)
  return {
    at,
    state,
    epoch: group.groupEpoch,
    assignmentEpoch: group.assignmentEpoch,
    notes: notes.slice(0, boardLimits.notes),
    moreNotes: Math.max(0, notes.length - boardLimits.notes),
    subtopologies,
    moreSubtopologies: all.length - subtopologies.length,
    moreTasks: taskCount - tasks.length,
    instances: instancesOf(group),
    moreMembers: Math.max(0, group.members.length - boardLimits.members),
    topics: topics.slice(0, boardLimits.topics),
    moreTopics: Math.max(0, topics.length - boardLimits.topics),
  }
}

function namesIn({ topology }: StreamsGroupFacts): string[] {
  const names = new Set(
    topology?.subtopologies.flatMap(({ sourceTopics, repartitions, changelogs }) => [
      ...sourceTopics,
      ...[...repartitions, ...changelogs].map(({ name }) => name),
    ]),
  )
  return [...names].slice(0, readTopics)
}

/** Members by their process, in the order of joining. */
function instancesOf({ members, assignmentEpoch }: StreamsGroupFacts): BoardInstance[] {
  const instances = new Map<string, { readonly first: StreamsMemberFacts; readonly members: BoardMember[] }>()
  for (const member of members.slice(0, boardLimits.members)) {
    const instance = instances.get(member.processId) ?? { first: member, members: [] }
    instances.set(member.processId, instance)
    const { memberId, memberEpoch } = member
    instance.members.push({ memberId, state: stateOf(member, assignmentEpoch), epoch: memberEpoch })
  }
  return [...instances].map(([processId, { first, members: threads }]) => ({
    processId,
    host: first.clientHost,
    endpoint: first.userEndpoint && `${first.userEndpoint.host}:${first.userEndpoint.port}`,
    members: threads,
  }))
}

/** A member whose epoch is behind has not received its target yet. */
function stateOf({ state, memberEpoch }: StreamsMemberFacts, assignmentEpoch: number): BoardMember['state'] {
  if (state === 'UNREVOKED_TASKS') return 'revoking'
  return state === 'UNRELEASED_TASKS' || (memberEpoch >= 0 && memberEpoch < assignmentEpoch) ? 'waiting' : 'stable'
}
