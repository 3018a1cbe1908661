import type { GroupType } from '../../../src-main/contract/groups'
import { counted, integer } from '../../format/numbers'

const replayed = (messages: number) => `${integer(messages)} replayed`
const skipped = (messages: number) => `${integer(messages)} skipped`

export const texts = {
  /** Strategies, in the words of kafka-consumer-groups. */
  strategies: {
    exact: 'Per partition',
    earliest: 'Earliest',
    latest: 'Latest',
    time: 'Time…',
    back: 'Back by…',
    shift: 'Shift by…',
    offset: 'Offset…',
    group: 'Like group…',
    delete: 'Delete offsets',
  } as const,
  strategy: 'Reset to',
  streamsState: (topics: readonly string[]) => {
    const shown = topics.length > 3 ? topics.slice(0, 2) : topics
    const more = topics.length - shown.length
    const named = `${shown.join(', ')}${more > 0 ? ` and ${counted(more, 'more topic')}` : ''}`
    return `Kafka Streams goes on with the state that it has, in ${named} and in its state.dir. To compute it again from these offsets, delete the ${
      topics.length === 1 ? 'topic' : 'topics'
    } and call KafkaStreams.cleanUp() before the next start.`
  },
  fromFile: 'From file…',
  fileLabel: 'File of topic,partition,offset',
  addTopic: 'Add a topic…',
  moreTopics: 'Topics without offsets of the group',
  findTopic: 'Find a topic',
  noMoreTopics: 'No matching topics.',
  about: {
    exact:
      'Drag a handle or type an offset. Keys on a handle: arrows, Shift for ten, Page Up and Down for a minute, Home and End.',
    earliest: 'All messages that are still in the log are replayed.',
    latest: 'All messages that are in the log now are skipped.',
    time: 'To the first message of this time or later.',
    back: 'Counted from now.',
    offset: 'The same offset in every partition; outside a log its nearest end.',
  },
  time: 'Time',
  timePlaceholder: '2026-01-31 14:02, 14:02, epoch',
  timePresets: { hour: 'An hour ago', today: 'Today', yesterday: 'Yesterday' },
  back: 'Back by',
  shift: 'Shift by',
  offset: 'Offset',
  otherGroup: 'Other group',
  needs: {
    time: 'Enter a date and a time.',
    back: 'Enter a duration: 15m, 1h30m, 2d or PT15M.',
    shift: 'Enter a number of messages: -100 replays 100, 100 skips 100.',
    offset: 'Enter an offset: a whole number from 0.',
    group: 'There is no other group.',
    offsetOf: (topic: string, partition: number) => `Enter an offset for ${topic} ${partition}: a whole number from 0.`,
  },
  waiting: {
    problem: (to: string, why: string) => `The reset to ${to} failed: ${why}`,
    text: (group: string, members: number, to: string, since: string) =>
      `Waiting until ${group} is empty (${counted(members, 'member')} now); then its offsets are reset to ${to}. Requested ${since}.`,
    /** @param summary what it would change, as of now */
    effect: (summary: string) => `As of now: ${summary}.`,
    partition: (offset: number | null) => (offset === null ? '◔ waits: deletion' : `◔ waits: ${integer(offset)}`),
    cancel: 'Cancel the reset',
    dismiss: 'Dismiss',
    cancelled: 'The reset is cancelled.',
  },
  apply: 'Apply',
  applyNow: (members: number) => `Apply now (fences ${counted(members, 'member')})`,
  applyWhenEmpty: 'Apply when empty',
  applied: (group: string, members: number) =>
    members === 0
      ? `Reset the offsets of ${group}.`
      : `Reset the offsets of ${group}. Its ${counted(members, 'member')} rejoin now.`,
  confirm: {
    title: (group: string) => `Reset the offsets of ${group}?`,
    empty: 'Consumers that join later start at the new offsets.',
    waits: 'The offsets are reset as soon as the group has no members.',
  },
  undo: (cause: string) => `Undo “${cause}”…`,
  noCommand: 'kafka-share-groups.sh has no option for this reset.',
  save: 'Save offsets.csv',
  history: 'earlier reset',
  historyLine: (ago: string, cause: string, partitions: number, undone: boolean) =>
    `${ago}: ${cause}, ${counted(partitions, 'partition')}${undone ? ', undone' : ''}`,
  noChange: 'Nothing would change.',
  summary: (partitions: number, parts: readonly string[]) =>
    `${counted(partitions, 'partition')}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`,
  summaryParts: {
    replayed: (messages: number) => `${counted(messages, 'message')} replayed`,
    skipped: (messages: number, isFirst: boolean) =>
      isFirst ? `${counted(messages, 'message')} skipped` : skipped(messages),
  },
  effect: {
    replayed,
    skipped,
    unchanged: 'unchanged',
    first: (read: number, passedOver: number) =>
      passedOver === 0 ? `${integer(read)} to read` : `${integer(read)} to read, ${skipped(passedOver)}`,
    earliest: 'set to earliest',
  },
  histogramOverTime: 'Messages over time',
  histogramOverOffsets: 'Message rate, from the earliest offset to the log end',
  histogramWords: (messages: number, from: string, to: string, peak: string, most: string) =>
    `${counted(messages, 'message')} from ${from} to ${to}, most of them around ${peak} (${most})`,
  strip: {
    include: (topic: string, partition: number) => `Reset ${topic} partition ${partition}`,
    includeTopic: (topic: string) => `Reset ${topic}`,
    handle: (topic: string, partition: number) => `New offset handle of ${topic} partition ${partition}`,
    field: (topic: string, partition: number) => `New offset of ${topic} partition ${partition}`,
  },
  next: { first: 'first:', none: 'no message yet: the log end', noKey: 'no key', tombstone: 'tombstone' },
  columns: { newOffset: 'New offset', effect: 'Effect' },
  axis: { title: 'Axis', time: 'time', offsets: 'offsets' } as const,
  onlyTopic: 'Only this topic',
  partitionsOf: (partitions: number, included: number) =>
    `${counted(partitions, 'partition')}${included < partitions ? `, ${included === 0 ? 'none' : integer(included)} selected` : ''}`,
  undoing: {
    title: (cause: string) => `Undo “${cause}”?`,
    undo: 'Undo',
    undoNow: (members: number) => `Undo now (fences ${counted(members, 'member')})`,
    done: 'The reset is undone.',
    nothing: 'All partitions already have the offsets from before the reset: there is nothing to undo.',
    columns: ['Partition', 'Now', 'Afterwards', 'Effect'] as const,
    more: (lines: number) => `And ${integer(lines)} more.`,
  },
  file: {
    wrongLine: (line: number, text: string) => `Line ${line} is not in the form topic,partition,offset: ${text}`,
    noOffsets: (group: string) => `The file has no offsets of group ${group}.`,
  },
} as const

const firstTime = (partitions: number, verb: string, read: number, passedOver: number) =>
  `${integer(partitions)} ${verb} for the first time (${counted(read, 'message')} to read${passedOver > 0 ? `, ${skipped(passedOver)}` : ''})`

/** What is reset: the committed offsets of a group. */
const committedOffset = {
  empty: (group: string) =>
    `${group} has no committed offsets and consumes no topic. Add a topic above to set its offsets before the first start.`,
  about: {
    shift: 'Messages, from the committed offset.',
    group: 'To the committed offsets of that group.',
    delete: 'No offset stays committed: consumers start where their auto.offset.reset says.',
  },
  none: 'not committed',
  at: (offset: number) => `committed ${integer(offset)}`,
  first: 'first commit',
  firsts: (partitions: number, read: number, passedOver: number) =>
    firstTime(partitions, 'committed', read, passedOver),
  deleted: 'committed offset deleted',
  deletions: (partitions: number) => `${counted(partitions, 'committed offset')} deleted`,
  fences: (members: number) =>
    `This fences ${counted(members, 'member')}: their next commits fail, and they rejoin and continue at the new offsets.`,
  restores: 'Restores the committed offsets that each partition had before.',
}

/** A share group commits nothing: its start offsets are set, and its deliveries begin again there. */
const startOffset: typeof committedOffset = {
  empty: (group: string) =>
    `${group} has no start offsets and consumes no topic. Add a topic above to set its start offsets before the first start.`,
  about: {
    shift: 'Messages, from the start offset.',
    group: 'To the offsets of that group.',
    delete: 'No start offset stays: the next fetch sets it, as share.auto.offset.reset of the group says.',
  },
  none: 'no start offset',
  at: (offset: number) => `start offset ${integer(offset)}`,
  first: 'first start offset',
  firsts: (partitions: number, read: number, passedOver: number) => firstTime(partitions, 'set', read, passedOver),
  deleted: 'start offset deleted',
  deletions: (partitions: number) => `${counted(partitions, 'start offset')} deleted`,
  fences: (members: number) =>
    `This removes ${counted(members, 'member')}: their acknowledgements fail, and they rejoin and continue at the new start offsets.`,
  restores: 'Restores the start offsets that each partition had before.',
}

/** How the reset of a group of this type names the offset that it sets. */
export function resetOffset(type: GroupType): typeof committedOffset {
  return type === 'share' ? startOffset : committedOffset
}
