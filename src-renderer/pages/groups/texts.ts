import type { GroupType } from '../../../src-main/contract/groups'
import { counted, integer } from '../../format/numbers'

export const texts = {
  title: 'Groups',
  find: 'Find a group',
  findPlaceholder: 'Group or topic',
  state: 'State',
  anyState: (count: number) => `Any state (${count})`,
  /** Summary over the groups that are shown. */
  lag: (messages: number | null) => (messages === null ? 'not committed' : `lag ${integer(messages)}`),
  /** Beside a lag: what it leaves out. */
  uncommitted: (partitions: number) => `${counted(partitions, 'partition')} not committed`,
  missingTopics: (topics: readonly string[]) =>
    topics.length === 1
      ? `Topic ${topics[0]} does not exist: it was deleted, or not created yet. Its members wait for it.`
      : `Topics ${topics.join(', ')} do not exist: they were deleted, or not created yet. Their members wait for them.`,
  heldUp: {
    messages: (count: number) =>
      `${counted(count, 'message')} cannot be read yet: the consumers have isolation.level=read_committed, and wait for the transaction`,
    openFor: (span: string) => `, which has been open for ${span}.`,
  },
  timeLag: (span: string) => `time lag ${span}`,
  columns: {
    group: 'Group',
    state: 'State',
    protocol: 'Protocol',
    members: 'Members',
    epoch: 'Generation',
    lag: 'Lag',
    timeLag: 'Time lag',
    history: 'Last two minutes',
    topics: 'Topics',
  },
  resetWaits: 'reset waits',
  resetWaitsTitle: (to: string) => `A reset to ${to} waits until the group has no members`,
  lagHistory: (least: number, most: number) =>
    `Lag of the last two minutes, between ${integer(least)} and ${integer(most)} messages`,
  empty:
    'There are no consumer groups yet. A group appears when a consumer with a group.id joins or commits an offset.',
  connect: 'Connect a consumer',
  create: 'New group…',
  /** A group that only its address names so far. */
  isNew: 'No such group yet: it is created when offsets are applied.',
  creation: {
    title: 'New group',
    text: 'Commits offsets before the first start of the group, so that its consumers begin exactly there.',
    groupId: 'group.id',
    topic: 'Topic; more can be added on the next page',
    action: 'Choose offsets',
    noTopics: 'There are no topics yet. Create one first.',
    unknownTopic: 'There is no such topic.',
    exists: (members: number) =>
      members === 0
        ? 'This group exists: its offsets can be reset.'
        : `This group exists and has ${counted(members, 'member')}: its offsets can be reset.`,
  },
  noMatch: 'No matching groups.',
  notFound: (group: string) => `Group ${group} does not exist. It was deleted, or its offsets expired.`,
  allGroups: 'All groups',
  views: 'Views of the group',
  tabs: { deliveries: 'Deliveries', tasks: 'Tasks', members: 'Members', rebalances: 'Rebalances', reset: 'Reset' },
  delete: 'Delete…',
  members: {
    title: 'Members',
    leader: 'leader',
    idle: (span: string) => `last committed ${span} ago`,
    idleTitle:
      'Its heartbeats come, and its offsets do not: it may be stuck in a message, or commits rarely. Its partitions show how far it has fetched.',
    static: 'static',
    client: (id: string) => `client ${id}`,
    epochOf: (epoch: number, current: number) =>
      epoch === current ? `epoch ${epoch}` : `epoch ${epoch} of ${current}`,
    remove: 'Remove…',
    removeNamed: (name: string) => `Remove ${name}`,
    noPartitions: 'no partitions',
    tasks: (active: readonly string[], standby: readonly string[]) =>
      `tasks ${active.join(' ') || 'none'}${standby.length > 0 ? ` · standby ${standby.join(' ')}` : ''}`,
    assigned: 'assigned; waiting until its present owner has revoked it',
    revoking: 'must be revoked by this member',
  },
  remove: {
    title: (name: string, group: string) => `Remove ${name} from ${group}?`,
    text: (partitions: number, others: number) =>
      `It owns ${counted(partitions, 'partition')}. Its next commit will fail, and ${
        others === 0
          ? 'the group will be empty'
          : `a rebalance will give its partitions to the ${counted(others, 'other member')}`
      }. A consumer that is still running joins again as a new member.`,
    done: (name: string, group: string) => `Removed ${name} from ${group}.`,
  },
  lagChart: {
    title: 'Lag',
    waiting: 'The chart starts when lag has been measured for a few seconds.',
    none: 'There is no lag to measure: the group has committed nothing yet.',
    messages: 'messages',
    time: 'time lag',
    since: (time: string, most: number) => `since ${time}, at most six hours · maximum ${integer(most)}`,
    label: (time: string, now: number, most: number, timeLag: string | null) =>
      `Lag since ${time}: ${integer(now)} messages now, maximum ${integer(most)}; ${
        timeLag === null ? 'no time lag' : `time lag ${timeLag}`
      }`,
  },
  partitions: {
    title: 'Partitions',
    empty: 'The group reads no partition of an existing topic, and has no committed offsets.',
    topic: 'Topic',
    partition: 'Part.',
    partitionTitle: 'In the colour of its owner',
    earliest: 'Earliest',
    earliestAt: (offset: number) => `earliest offset ${integer(offset)}`,
    fetching: 'fetch position',
    logEnd: 'Log end',
    lag: 'Lag',
    timeLag: 'Time lag',
    unassigned: 'unassigned',
    fetchingAt: (offset: number) => `fetch position ${integer(offset)}`,
    strip: (position: string, fetched: number | null, end: number) =>
      [position, ...(fetched === null ? [] : [`fetch position ${integer(fetched)}`]), `log end ${integer(end)}`].join(
        ', ',
      ),
    metadata: (text: string) => `commit metadata: ${text}`,
  },
  /** The offset that a group keeps of a partition. */
  committedOffset: {
    lag: (messages: number | null) => (messages === null ? 'not committed' : `lag ${integer(messages)}`),
    missing: (partitions: number) => `${counted(partitions, 'partition')} not committed`,
    beyond: (partitions: number) => `${counted(partitions, 'committed offset')} beyond the log end`,
    beyondTitle: (partitions: number) =>
      `${counted(partitions, 'committed offset')} beyond the end of the log: auto.offset.reset decides where a consumer goes on`,
    missingTitle: (partitions: number) =>
      `${counted(partitions, 'partition')} without a committed offset: the lag does not include them`,
    noMembers: 'No active members. Committed offsets are kept, and used when a consumer joins.',
    counted: (offsets: number) => counted(offsets, 'committed offset'),
    deletion: (partitions: number) =>
      `This deletes its committed offsets of ${counted(partitions, 'partition')} and its rebalance history. It cannot be undone. Consumers that join later start where their auto.offset.reset says.`,
    column: 'Committed',
    legend: 'committed',
    at: (offset: number | null) => (offset === null ? 'not committed' : `committed ${integer(offset)}`),
    none: 'No committed offset: a consumer starts where its auto.offset.reset says',
    beyondEnd: (offset: number, end: number) =>
      `The committed offset ${integer(offset)} is beyond the end of the log (${integer(end)}). The next fetch is out of range, and auto.offset.reset decides where the consumer goes on.`,
  },
  /** A share group commits no offsets: its records are finished one by one, and it has a start offset. */
  startOffset: {
    lag: (messages: number | null) => (messages === null ? 'no start offset' : `lag ${integer(messages)}`),
    missing: (partitions: number) => `${counted(partitions, 'partition')} without a start offset`,
    beyond: (partitions: number) => `${counted(partitions, 'start offset')} beyond the log end`,
    beyondTitle: (partitions: number) => `${counted(partitions, 'start offset')} beyond the end of the log`,
    missingTitle: (partitions: number) =>
      `${counted(partitions, 'partition')} without a start offset: the lag does not include them`,
    noMembers: 'No active members. Start offsets are kept; what is not finished is delivered when a consumer joins.',
    counted: (offsets: number) => counted(offsets, 'start offset'),
    deletion: (partitions: number) =>
      `This deletes its start offsets and deliveries of ${counted(partitions, 'partition')} and its rebalance history. It cannot be undone. Consumers that join later start where share.auto.offset.reset of the group says.`,
    column: 'Start offset',
    legend: 'start offset',
    at: (offset: number | null) => (offset === null ? 'no start offset' : `start offset ${integer(offset)}`),
    none: 'No start offset: the first fetch of a member sets it, as share.auto.offset.reset of the group says',
    beyondEnd: (offset: number, end: number) =>
      `The start offset ${integer(offset)} is beyond the end of the log (${integer(end)}).`,
  },
  deletion: {
    title: (group: string) => `Delete group ${group}?`,
    hasMembers: (members: number) =>
      `It has ${counted(members, 'active member')}. Kafka deletes empty groups only: stop its consumers first.`,
    line: (offsets: string, lag: number) => `${offsets}${lag > 0 ? `, lag ${integer(lag)}` : ''}`,
    done: (group: string) => `Deleted group ${group}.`,
  },
  generation: (isClassic: boolean, epoch: number) => `${isClassic ? 'generation' : 'epoch'} ${epoch}`,
  /** Kafka's states of a group, each explained. */
  states: {
    Stable: 'All members have their assignment and consume.',
    Empty: 'No active members. The offsets of the group are kept.',
    Dead: 'No members and no offsets: the group is about to be removed.',
    PreparingRebalance: 'Members were asked to rejoin; the coordinator waits for all of them.',
    CompletingRebalance: 'All members have joined; the leader computes the assignment.',
    Assigning: 'The subscription or the members changed; the coordinator computes a new target assignment.',
    Reconciling: 'The target assignment is known; members still revoke or take over partitions.',
    NotReady: 'The group waits for what its topology needs.',
  } as Readonly<Record<string, string>>,
} as const

/** How pages name the offset that a group of this type keeps. */
export function keptOffset(type: GroupType): typeof texts.committedOffset | typeof texts.startOffset {
  return type === 'share' ? texts.startOffset : texts.committedOffset
}
