import { counted, integer } from '../../format/numbers'
import type { Lane } from './lanes'

/** `billing, audit and 3 more groups` */
function listed(names: readonly string[], one: string): string {
  const shown = names.slice(0, 3)
  const more = names.length - shown.length
  return more > 0 ? `${shown.join(', ')} and ${counted(more, `more ${one}`)}` : shown.join(', ')
}

export const texts = {
  title: 'Transactions',
  find: 'Find a transaction',
  findPlaceholder: 'Id, producer, topic',
  state: 'State',
  states: [
    ['', 'all states'],
    ['Ongoing', 'open'],
    ['CompleteCommit', 'committed'],
    ['CompleteAbort', 'aborted'],
    ['Empty', 'no transaction yet'],
  ] as const,
  summary: (ids: number, open: number, oldest: string | null) =>
    `${counted(ids, 'transactional id')}, ${integer(open)} open${oldest === null ? '' : `, the oldest for ${oldest}`}`,
  columns: {
    id: 'Transactional id',
    state: 'State',
    open: 'Open for',
    held: 'Holds back',
    committed: 'Committed',
    aborted: 'Aborted',
    producer: 'Producer id',
    epoch: 'Epoch',
    timeout: 'Timeout',
    partitions: 'Partitions',
    updated: 'Last change',
  },
  noMatch: 'No matching transactions.',
  ended: {
    title: 'Ended',
    columns: { at: 'Ended', outcome: 'Outcome', took: 'Was open' },
    none: 'No transaction has ended yet.',
  },
  lanes: {
    title: 'Open transactions',
    summary: (open: number, holding: number, short: number) =>
      [
        open === 0 ? 'none for a second or longer' : `${integer(open)} for a second or longer`,
        ...(open === 0
          ? []
          : [
              holding === 0
                ? 'none holds up a group'
                : `${integer(holding)} ${holding === 1 ? 'holds' : 'hold'} up a group`,
            ]),
        ...(short === 0 ? [] : [`${integer(short)} for less than a second`]),
      ].join(' · '),
    noLanes: 'Nothing holds up a group for long. A transaction has a lane once it is open for a second.',
    now: 'now',
    timeout: 'Timeout',
    since: (time: string) => `Open since ${time}`,
    timesOutIn: (left: string) => `in ${left}`,
    timesOut: 'now',
    whom: ({ effect, waiting, unknown, records, line }: Lane) => {
      const messages = counted(records, 'message')
      if (effect === 'waits') return `Holds up ${listed(waiting, 'group')}: ${messages} not delivered yet.`
      if (effect === 'nothing') {
        return line.partitions.length === 0 ? 'Has no partition yet: it holds back nothing.' : 'Holds back nothing yet.'
      }
      return unknown.length === 0
        ? `Holds back ${messages}. No group waits for ${records === 1 ? 'it' : 'them'}.`
        : `Holds back ${messages}. Whether ${listed(unknown, 'group')} waits is not known: no consumer of it fetches now.`
    },
    noneOpen: 'No transaction has been open for a second or longer',
    unused: 'No producer has used a transactional.id yet',
    about:
      'While a transaction is open, consumers with isolation.level=read_committed get nothing behind its first message, in each partition that it wrote to. Here you see for how long, and who waits.',
    example: 'Example',
    snippet: 'A producer with transactions, to copy',
  },
  pane: {
    abort: 'Abort…',
    state: 'State',
    producer: 'Producer',
    producerOf: (id: string, epoch: number) => `id ${id}, epoch ${epoch}`,
    timeout: 'Timeout',
    openSince: 'Open since',
    partitions: 'Partitions',
    committed: 'Committed',
    aborted: 'Aborted',
    sinceKnown: 'as far back as this transactional id is remembered',
    blocks: 'What it holds back',
    blocksSince: (ago: string) =>
      `Opened ${ago}. Until it ends, consumers with read_committed get no message behind the last stable offset of these partitions.`,
    blocksNothing: 'No message is held back yet. It will hold back its partitions from its first message on.',
    heldBack: (records: number) => counted(records, 'message'),
    noReaders: 'no group reads it',
    waits: { read_committed: 'waits', read_uncommitted: 'does not wait', unknown: '' } as const,
    isolations: {
      read_committed: 'Its consumers fetch with isolation.level=read_committed: they wait for this transaction.',
      read_uncommitted: 'Its consumers fetch with isolation.level=read_uncommitted: they have these messages already.',
      unknown: 'No consumer of it fetches this partition now, so its isolation.level is not known.',
    } as const,
    others: (ids: readonly string[]) => `also open in it: ${listed(ids, 'transaction')}`,
    more: (partitions: number) => `and ${counted(partitions, 'more partition')}`,
    ended: 'Ended',
    noneEnded: 'No transaction of this id has ended yet.',
    outcomes: { committed: '● committed', aborted: '✕ aborted', 'timed out': '✕ timed out' } as const,
  },
  abort: {
    title: (id: string) => `Abort the transaction of ${id}?`,
    text: 'Its messages stay invisible to read_committed consumers, and the offsets that it sent are dropped. This cannot be undone.',
    columns: ['Partition', 'Its messages', 'Others held back', 'Afterwards'] as const,
    count: integer,
    delivered: 'the others are delivered',
    stillHeld: (ids: readonly string[]) => `still held back by ${ids.join(', ')}`,
    over: 'This transaction has ended meanwhile: there is nothing to abort.',
    wroteNothing: 'It has written nothing yet.',
    offsets: (group: string, partitions: number) =>
      `Drops the offsets of ${counted(partitions, 'partition')} that it sent for group ${group}.`,
    fenced: 'Its producer is fenced: the next request fails, and the producer must be created again.',
    action: 'Abort',
    done: (id: string) => `Aborted the transaction of ${id}.`,
  },
} as const
