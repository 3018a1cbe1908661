import type { ShareCounts, ShareOutcome, ShareRun } from '../../../src-main/contract/share'
import { counted, integer } from '../../format/numbers'

const range = (first: number, last: number) =>
  first === last ? `offset ${integer(first)}` : `offsets ${integer(first)} to ${integer(last)}`

export const texts = {
  holders: 'Who holds what',
  holdersEmpty: 'No active members. Records that are not finished are delivered when a consumer joins.',
  counts: ({ acquired, accepted, released, rejected, timedOut, exhausted, deadLettered }: ShareCounts) =>
    `acquired ${integer(acquired)} · accepted ${integer(accepted)} · released ${integer(released)} · rejected ${integer(rejected)} · lock ended ${integer(timedOut)} · delivery limit reached ${integer(exhausted)} · dead letters ${integer(deadLettered)}`,
  countsTitle:
    'Records since Ottla was started. Those whose delivery limit was reached were released, or their lock ended: they are counted there too.',
  history: 'When, and by whom',
  lanes: 'Deliveries',
  empty:
    'No partition of this group has been initialized. That happens when a share consumer joins, or when its start offset is set.',
  legend: {
    acquired: 'acquired, in the colour of its holder',
    available: 'available again',
    acknowledged: 'acknowledged',
    archived: 'archived: rejected, or delivered too often',
    rest: 'not delivered yet',
  },
  heads: {
    partition: 'Partition',
    start: 'Start offset',
    window: 'From the start offset to the log end',
    logEnd: 'Log end',
    inFlight: 'In flight',
    inFlightTitle: 'Offsets from the start offset to the last acquired one; at most share.partition.max.record.locks',
    lag: 'Lag',
    lagTitle: 'Records that are not finished; those that are acquired belong to it',
  },
  notBegun: '–',
  inFlight: (count: number, limit: number) => `${integer(count)} of ${integer(limit)}`,
  rest: (records: number) => `${integer(records)} not delivered yet`,
  moreRuns: (runs: number) => `${counted(runs, 'further run')} not drawn`,
  open: (topic: string, partition: number) => `Records in flight of ${topic} ${partition}`,
  lane: (runs: readonly ShareRun[], rest: number) => {
    const sum = (state: ShareRun['state']) =>
      runs.filter((run) => run.state === state).reduce((all, { first, last }) => all + last - first + 1, 0)
    return [
      `${integer(sum('acquired'))} acquired`,
      `${integer(sum('available'))} available`,
      `${integer(sum('acknowledged'))} acknowledged`,
      `${integer(sum('archived'))} archived`,
      `${integer(rest)} not delivered yet`,
    ].join(', ')
  },
  run: (run: ShareRun, holder: string | null, ends: string | null) =>
    [
      range(run.first, run.last),
      run.state,
      ...(holder === null ? [] : [`by ${holder}`]),
      ...(ends === null ? [] : [`lock ends in ${ends}`]),
      run.deliveryCount === 0 ? 'never delivered' : `delivery ${run.deliveryCount}`,
    ].join(', '),
  ended: 'now',
  worker: {
    held: (records: number, ends: string | null) =>
      records === 0
        ? 'holds no records'
        : `holds ${counted(records, 'record')}${ends === null ? '' : `, the first lock ends in ${ends}`}`,
    did: (accepted: number, released: number, rejected: number, timedOut: number) =>
      `accepted ${integer(accepted)} · released ${integer(released)} · rejected ${integer(rejected)} · lock ended ${integer(timedOut)}`,
    didTitle: 'Records since Ottla was started',
    gone: 'left the group; its share session is still open',
    release: 'Release…',
    releaseNamed: (name: string) => `Release the locks of ${name}`,
  },
  release: {
    title: (name: string, group: string) => `Release the locks of ${name} in ${group}?`,
    text: (records: number) =>
      `${counted(records, 'record')} can be acquired by any member at once; those that were delivered as often as share.delivery.count.limit allows are archived instead. The consumer is not told: its acknowledgements of them fail with INVALID_RECORD_STATE. This cannot be undone.`,
    action: 'Release locks',
    done: (records: number, name: string) => `Released ${counted(records, 'record')} of ${name}.`,
  },
  details: {
    runs: 'Records in flight',
    noRuns: 'No records are in flight.',
    offsets: 'Offsets',
    state: 'State',
    holder: 'Holder',
    lock: 'Lock ends in',
    deliveries: 'Deliveries',
    outcomes: 'Last outcomes',
    noOutcomes: 'No record was released, rejected or archived since Ottla was started.',
    time: 'Time',
    outcome: 'Outcome',
    action: 'Action',
    /** A link to the message. */
    link: (first: number, last: number) => (first === last ? integer(first) : `${integer(first)}–${integer(last)}`),
  },
  outcome: ({ kind, cause, deliveryCount }: Pick<ShareOutcome, 'kind' | 'cause' | 'deliveryCount'>) => {
    if (kind === 'rejected') return 'rejected by its holder'
    if (kind === 'unreadable') {
      return cause === 'logCut' ? 'deleted from the log' : 'archived: aborted, or no longer in the log'
    }
    const why = {
      acknowledged: 'released by its holder',
      lockEnded: 'the lock ended',
      sessionEnded: 'the share session of its holder ended',
      releasedByHand: 'released on this page',
      logCut: 'deleted from the log',
      read: 'read again',
    }[cause]
    return kind === 'exhausted' ? `archived after ${counted(deliveryCount, 'delivery', 'deliveries')}: ${why}` : why
  },
  why: {
    title: 'Why is nothing delivered?',
    nothingLeft: 'All records are finished.',
    noMembers: 'The group has no members.',
    noMember: 'No member is assigned this partition.',
    notBegun: (reset: string, records: number) =>
      reset === 'latest'
        ? `No member has fetched yet. share.auto.offset.reset is latest: ${
            records === 0
              ? 'only new records will be delivered'
              : `the ${counted(records, 'record')} here will not be delivered`
          }.`
        : `No member has fetched yet. share.auto.offset.reset is ${reset}.`,
    beganAtLatest: (reset: string, records: number) =>
      `share.auto.offset.reset was ${reset}: the ${counted(records, 'record')} before the start offset ${records === 1 ? 'is' : 'are'} not delivered.`,
    locked: (holders: string) => `Every record is acquired: ${holders}.`,
    holder: (records: number, name: string, ends: string) =>
      `${integer(records)} by ${name}, the last lock ends in ${ends}`,
    others: (count: number) => `${counted(count, 'other member')}`,
    locksExhausted: (limit: number, holders: string) =>
      `The limit of ${integer(limit)} offsets in flight is reached${holders === '' ? '' : `: ${holders}`}.`,
    openTransaction: (offset: number, records: number) =>
      `share.isolation.level is read_committed, and a transaction is open at offset ${integer(offset)}: ${counted(records, 'record')} behind it must wait.`,
    notFetching: (members: string, since: string | null) =>
      since === null
        ? `Records are available, but ${members} has not fetched yet.`
        : `Records are available, but ${members} has not fetched for ${since}: it works on what it holds, or is stuck.`,
    lastAttempt: (offset: number, limit: number) =>
      `Offset ${integer(offset)} is on its last of ${limit} deliveries, and is delivered alone.`,
    exhausted: (records: number, limit: number) =>
      `${counted(records, 'record')} ${records === 1 ? 'was' : 'were'} archived after ${limit} deliveries.`,
  },
  change: 'Set the start offset',
  deadLetters: {
    title: 'Dead letters',
    problem: {
      version: (topic: string) => `Not written to ${topic}: share.version is below 2 (kafka-features upgrade).`,
      missing: (topic: string) => `Not written: topic ${topic} does not exist.`,
      notEnabled: (topic: string) => `Not written to ${topic}: its errors.deadletterqueue.group.enable is false.`,
    },
  },
  redeliver: {
    open: 'Deliver again…',
    named: (first: number, last: number) => `Deliver again: ${range(first, last)}`,
    title: (first: number, last: number, place: string) => `Deliver ${range(first, last)} of ${place} again?`,
    text: 'Copies of these records are written to the end of the partition: key, value and headers are the same. What is no longer in the log is taken from the dead-letter topic, which keeps key and value, but no headers. All groups that read the topic get the copies, not only this one. It cannot be undone.',
    action: 'Deliver again',
    done: (records: number, place: string) => `Wrote ${counted(records, 'copy', 'copies')} to ${place}.`,
  },
} as const
