import type { BoardTask, InternalTopic, TaskPlace } from '../../../src-main/contract/streams'
import { counted, integer } from '../../format/numbers'

const list = (names: readonly string[]) => names.join(', ')

export const texts = {
  gone: 'This group is no longer a streams group.',
  state: 'What the group waits for',
  board: 'Tasks',
  boardLabel: 'Tasks by subtopology and member',
  subtopology: 'Subtopology',
  subtopologyNamed: (id: string) => `Subtopology ${id}`,
  noTopology:
    'No member has sent a topology yet. Tasks appear when a Kafka Streams application with group.protocol=streams joins.',
  noTasks: 'Tasks are known when the topics of the topology fit.',
  unassigned: 'Not assigned',
  otherMembers: (members: number) => counted(members, 'further member'),
  instance: (id: string) => `process ${id}`,
  thread: (number: string) => `thread ${number}`,
  instanceTitle: (processId: string, host: string, endpoint: string | null) =>
    `Process ${processId} at ${host}${endpoint === null ? '' : `, application.server ${endpoint}`}`,
  memberState: { stable: '', revoking: 'revoking', waiting: 'waiting' },
  taskCount: (tasks: number | null) => (tasks === null ? 'tasks not known' : counted(tasks, 'task')),
  moreTasks: (tasks: number) => `${counted(tasks, 'further task')} not shown`,
  moreSubtopologies: (subtopologies: number) =>
    `${counted(subtopologies, 'further subtopology', 'further subtopologies')} not shown`,
  moreNotes: (notes: number) => `${counted(notes, 'further note')} not shown`,
  moreTopics: (topics: number) => `${counted(topics, 'further topic')} not shown`,
  moreNodes: (nodes: number) => `${counted(nodes, 'further processor')} not drawn`,
  legend: {
    active: 'active, in the colour of its member',
    standby: 'standby: a copy of its state',
    warmup: 'warm-up: its state is copied, to move it here',
    revoking: 'must be revoked here',
    waiting: 'waits until others have revoked it',
  },
  /** What a screen reader and the tip say of a task at a member. */
  place: (task: string, { role, phase }: Pick<TaskPlace, 'role' | 'phase'>, member: string, others: string) => {
    const named = `Task ${task}, ${role === 'warmup' ? 'warm-up' : role}`
    if (phase === 'held') return `${named} at ${member}`
    if (phase === 'revoking') return `${named}, must be revoked by ${member}`
    return others === ''
      ? `${named}, ${member} gets it with its next heartbeat`
      : `${named}, ${member} waits until ${others} has revoked it`
  },
  unassignedTask: (task: string) => `Task ${task}, not assigned`,
  sign: { held: '', revoking: '−', waiting: '+' },
  note: {
    stable: 'All members have their tasks.',
    empty: 'The group has no members. Committed offsets and the topology are kept until the application starts again.',
    assignmentDue:
      'Tasks are assigned again with the next heartbeat, at the earliest streams.assignment.interval.ms after the last time.',
    missingSources: (names: readonly string[]) =>
      `Source topics do not exist: ${list(names)}. Create them: the group gets its tasks at once. An application that learns this from two heartbeats stops with MissingSourceTopicException.`,
    createTopic: 'Create a topic',
    patterns: (names: readonly string[]) =>
      `Source topics by a pattern are not resolved with the streams protocol: ${list(names)}. Name the topics in the application.`,
    missingInternal: (names: readonly string[]) =>
      `Internal topics do not exist: ${list(names)}. The broker creates them in the name of the client with its next heartbeat, which tells why if that is refused.`,
    refusedInternal: (names: readonly string[], reason: string) =>
      `Internal topics do not exist: ${list(names)}. The broker could not create them in the name of the client: ${reason} It tries again with each heartbeat.`,
    wrongPartitions: (detail: string) =>
      `${detail} Topics that are joined must have the same number of partitions: add partitions to the smaller one, or delete an internal topic that no longer fits while the application is stopped.`,
    shutdown: (name: string) =>
      `${name} had a fatal error and asked all members to stop. Start the application again when the group is empty.`,
    initialDelay: (left: string) =>
      `The first assignment waits ${left} for further members (streams.initial.rebalance.delay.ms).`,
    revoking: (name: string, tasks: number, left: string | null) =>
      `${name} must revoke ${counted(tasks, 'task')}${left === null ? '' : `, and is removed from the group if it has not in ${left}`}.`,
    waiting: (name: string, tasks: number, others: string) =>
      others === ''
        ? `${name} gets ${counted(tasks, 'task')} with its next heartbeat.`
        : `${name} waits for ${counted(tasks, 'task')} until ${others} has revoked ${tasks === 1 ? 'it' : 'them'}.`,
    staleTopology: (members: number) =>
      `${counted(members, 'member')} joined with an older topology. Restart them with the new version of the application.`,
    missingTags: (tags: readonly string[], members: number) =>
      `${counted(members, 'member')} without a client tag of streams.rack.aware.assignment.tags (${list(tags)}). Set client.tag.* in the application.`,
    idle: (members: number, tasks: number) =>
      `${counted(members, 'member')} without a task: the topology has ${counted(tasks, 'task')}. More partitions of the source topics make more tasks.`,
    now: 'a moment',
  },
  rebalance: {
    title: 'Last rebalance',
    none: 'The journal holds no rebalance of this group.',
    all: 'All rebalances',
  },
  topology: {
    title: 'Topology',
    described: 'as the application describes it (KIP-1331)',
    undescribed: 'from the topics of its subtopologies; the client has not sent its processor graph',
    graph: (id: string) => `Graph of subtopology ${id}`,
    subtopology: (id: string) => `Subtopology ${id}`,
    store: (stores: readonly string[]) => `store ${list(stores)}`,
    kinds: {
      topic: 'topic',
      pattern: 'pattern',
      source: 'source',
      processor: 'processor',
      sink: 'sink',
      subtopology: 'subtopology',
    },
  },
  topics: {
    title: 'Internal topics',
    label: 'Internal topics with their lag',
    empty: 'The topology has no repartition topics and no changelogs.',
    topic: 'Topic',
    kind: 'Kind',
    subtopology: 'Subtopology',
    partitions: 'Partitions',
    end: 'Log end',
    endTitle: 'Log end offsets of all partitions together',
    lag: 'Lag',
    lagTitle:
      'Repartition topic: records that are not committed. Changelog: what the copy that is farthest behind has still to read, as its member reported last, of all changelogs of the subtopology.',
    missing: 'missing',
    lagOf: ({ kind, lag }: InternalTopic) =>
      lag !== null ? integer(lag) : kind === 'changelog' ? 'not reported' : 'not committed',
  },
  task: {
    title: (task: string) => `Task ${task}`,
    close: 'Close',
    places: 'Members',
    nobody: 'No member has this task.',
    member: 'Member',
    role: 'Role',
    roles: { active: 'active', standby: 'standby', warmup: 'warm-up' },
    doing: 'State',
    phase: ({ phase, role }: TaskPlace, others: string, left: string | null) => {
      if (phase === 'revoking') return left === null ? 'must be revoked' : `must be revoked in ${left}`
      if (phase === 'waiting') return others === '' ? 'with the next heartbeat' : `waits for ${others}`
      return role === 'active' ? 'running' : 'copying its state'
    },
    restored: 'Restored',
    progress: (offset: number | null, end: number | null) =>
      offset === null ? '–' : end === null ? integer(offset) : `${integer(offset)} of ${integer(end)}`,
    inputs: 'Input',
    noInputs: 'No partition of its topics has this number.',
    partition: 'Partition',
    committed: 'Committed',
    end: 'Log end',
    lag: 'Lag',
    lagOf: ({ committed, end }: BoardTask['inputs'][number]) =>
      committed === null ? '–' : integer(Math.max(0, end - committed)),
    notCommitted: 'not committed',
  },
} as const
