import type { BlockedPartition, TransactionLine } from '../../../src-main/contract/workspace'

/** Partitions of a lane that have a line; the others are counted. */
const mostParts = 3

/** What an open transaction does to others: `waits` when a group with read_committed waits for it, `holds` when it holds messages back. */
export type Effect = 'waits' | 'holds' | 'nothing'

/** An open transaction, and whom it holds up where. */
export interface Lane {
  readonly line: TransactionLine
  readonly effect: Effect
  /** Groups that wait for it. */
  readonly waiting: readonly string[]
  /** Groups of which it is not known whether they wait. */
  readonly unknown: readonly string[]
  /** Messages that it holds back. */
  readonly records: number
  /** The partitions that it holds back, those first that a group waits for, then those with the most messages. */
  readonly parts: readonly BlockedPartition[]
  /** Partitions that it holds back besides. */
  readonly moreParts: number
}

/** Messages that read_committed consumers do not get while the transaction is open. */
export function heldBack({ blocked }: Pick<TransactionLine, 'blocked'>): number {
  return blocked.reduce((sum, { records }) => sum + records, 0)
}

/** A shorter transaction holds up nobody who would notice: lanes that come and go within a second could not be read. */
const leastOpenMs = 1000

/** The lanes of transactions that are open for a second or longer. */
export function lastingLanes(lanes: readonly Lane[], now: number): readonly Lane[] {
  return lanes.filter(({ line }) => now - line.startedAt >= leastOpenMs)
}

/** Open transactions: those that hold up a group first, then those that hold messages back; of these the oldest first. */
export function lanesOf(lines: readonly TransactionLine[]): readonly Lane[] {
  const rank: Readonly<Record<Effect, number>> = { waits: 0, holds: 1, nothing: 2 }
  return lines
    .filter(({ state }) => state === 'Ongoing')
    .map(laneOf)
    .sort((a, b) => rank[a.effect] - rank[b.effect] || a.line.startedAt - b.line.startedAt)
}

/** Transactions that a group has waited for a second or longer, and how many messages each keeps from it. */
export function heldUp(lines: readonly TransactionLine[], groupId: string, now: number) {
  return lastingLanes(lanesOf(lines), now)
    .filter(({ waiting }) => waiting.includes(groupId))
    .map(({ line }) => ({ line, records: heldBack({ blocked: line.blocked.filter(isReadBy(groupId)) }) }))
}

function isReadBy(groupId: string) {
  return ({ groups }: BlockedPartition) => groups.some((group) => group.groupId === groupId)
}

function laneOf(line: TransactionLine): Lane {
  const groupsWith = (isolation: 'read_committed' | null) => [
    ...new Set(
      line.blocked
        .flatMap(({ groups }) => groups.filter((group) => group.isolation === isolation))
        .map((one) => one.groupId),
    ),
  ]
  const waiting = groupsWith('read_committed').sort()
  const unknown = groupsWith(null)
    .filter((groupId) => !waiting.includes(groupId))
    .sort()
  const parts = [...line.blocked].sort(
    (a, b) => Number(isWaitedFor(b)) - Number(isWaitedFor(a)) || b.records - a.records,
  )
  return {
    line,
    effect: waiting.length > 0 ? 'waits' : line.blocked.length > 0 ? 'holds' : 'nothing',
    waiting,
    unknown,
    records: heldBack(line),
    parts: parts.slice(0, mostParts),
    moreParts: Math.max(0, parts.length - mostParts),
  }
}

function isWaitedFor({ groups }: BlockedPartition): boolean {
  return groups.some(({ isolation }) => isolation === 'read_committed')
}

/** The axis of all lanes, in ms: from when the oldest began. */
export interface Axis {
  readonly from: number
  readonly to: number
}

/** A shorter axis would show differences of milliseconds. */
const leastSpanMs = 10_000

export function axisOf(lanes: readonly Lane[], now: number): Axis {
  const oldest = lanes.reduce((from, { line }) => Math.min(from, line.startedAt), now)
  return { from: Math.min(oldest, now - leastSpanMs), to: now }
}

/** Where a time lies on the axis, from 0 to 1. */
export function placeOn({ from, to }: Axis, at: number): number {
  return Math.min(1, Math.max(0, (at - from) / (to - from)))
}
