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
    shift: 'Messages, from the committed offset.',
    offset: 'The same offset in every partition; outside a log its nearest end.',
    group: 'To the committed offsets of that group.',
    delete: 'No offset stays committed: consumers start where their auto.offset.reset says.',
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
  empty: (group: string) =>
    `${group} has no committed offsets and consumes no topic. Add a topic above to set its offsets before the first start.`,
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
    fences: (members: number) =>
      `This fences ${counted(members, 'member')}: their next commits fail, and they rejoin and continue at the new offsets.`,
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
    firstCommit: (partitions: number, read: number, passedOver: number) =>
      `${integer(partitions)} committed for the first time (${counted(read, 'message')} to read${passedOver > 0 ? `, ${skipped(passedOver)}` : ''})`,
    deleted: (partitions: number) => `${counted(partitions, 'committed offset')} deleted`,
  },
  effect: {
    replayed,
    skipped,
    unchanged: 'unchanged',
    deleted: 'committed offset deleted',
    first: (read: number, passedOver: number) =>
      passedOver === 0 ? `${integer(read)} to read` : `${integer(read)} to read, ${skipped(passedOver)}`,
    firstCommit: 'first commit',
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
    notCommitted: 'not committed',
    committedAt: (offset: number) => `committed ${integer(offset)}`,
  },
  next: { first: 'first:', none: 'no message yet: the log end', noKey: 'no key', tombstone: 'tombstone' },
  columns: { newOffset: 'New offset', effect: 'Effect' },
  axis: { title: 'Axis', time: 'time', offsets: 'offsets' } as const,
  onlyTopic: 'Only this topic',
  partitionsOf: (partitions: number, included: number) =>
    `${counted(partitions, 'partition')}${included < partitions ? `, ${included === 0 ? 'none' : integer(included)} selected` : ''}`,
  undoing: {
    title: (cause: string) => `Undo “${cause}”?`,
    text: 'Restores the committed offsets that each partition had before.',
    fences: (members: number) =>
      `This fences ${counted(members, 'member')}: their next commits fail, and they rejoin and continue at the restored offsets.`,
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
