import type { EndedRow, MessageRow } from '../../../src-main/contract/messages'

/** Most rows of a live view, and most rows that wait while it is paused. Older ones are dropped from the view and counted. */
export const liveRows = 50_000

/** The newest rows first. */
export interface LiveRows {
  readonly rows: readonly MessageRow[]
  /** Rows that came while paused, the oldest first. */
  readonly waiting: readonly MessageRow[]
  /** Number of rows that came while paused; more than `waiting` holds when there were too many. */
  readonly waitingCount: number
  readonly isPaused: boolean
  /** Rows inserted at the front so far. */
  readonly shift: number
  /** Older rows that were dropped from the view. */
  readonly left: number
}

export const noLiveRows: LiveRows = { rows: [], waiting: [], waitingCount: 0, isPaused: false, shift: 0, left: 0 }

/** Adds new rows, the oldest first. */
export function arrived(live: LiveRows, rows: readonly MessageRow[]): LiveRows {
  if (live.isPaused) {
    const waiting = [...live.waiting, ...rows].slice(-liveRows)
    return { ...live, waiting, waitingCount: live.waitingCount + rows.length }
  }
  return shown(live, rows, rows.length)
}

/** Marks rows with what has become of their transactions. */
export function withEnds(live: LiveRows, ends: readonly EndedRow[]): LiveRows {
  if (ends.length === 0) return live
  const states = new Map(ends.map((end) => [placeOf(end), end.transaction]))
  const marked = (rows: readonly MessageRow[]) =>
    rows.map((row) => {
      const transaction = states.get(placeOf(row))
      return transaction ? { ...row, transaction } : row
    })
  return { ...live, rows: marked(live.rows), waiting: marked(live.waiting) }
}

function placeOf({ topic, partition, offset }: Pick<MessageRow, 'topic' | 'partition' | 'offset'>): string {
  return `${topic}:${partition}:${offset}`
}

export function paused(live: LiveRows, isPaused: boolean): LiveRows {
  if (isPaused) return { ...live, isPaused }
  return { ...shown(live, live.waiting, live.waitingCount), isPaused, waiting: [], waitingCount: 0 }
}

/** @param count the number of new rows, with those that are not kept */
function shown(live: LiveRows, came: readonly MessageRow[], count: number): LiveRows {
  const all = [...came].reverse().concat(live.rows)
  const rows = all.slice(0, liveRows)
  return {
    ...live,
    rows,
    shift: live.shift + came.length,
    left: live.left + (count - came.length) + (all.length - rows.length),
  }
}
