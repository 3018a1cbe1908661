import type { MessageRow } from '../../../src-main/contract/messages'

/** A live view holds this many rows, and as many that came while it is paused; older ones make room, and are counted. */
export const liveRows = 50_000

/** The newest rows first. */
export interface LiveRows {
  readonly rows: readonly MessageRow[]
  /** What came while paused, the oldest first. */
  readonly waiting: readonly MessageRow[]
  /** How many came while paused: more than `waiting` has, when it was too many. */
  readonly waitingCount: number
  readonly isPaused: boolean
  /** Rows that ever came in front. */
  readonly shift: number
  /** Older rows that made room: they are in the log. */
  readonly left: number
}

export const noLiveRows: LiveRows = { rows: [], waiting: [], waitingCount: 0, isPaused: false, shift: 0, left: 0 }

/** `rows` came, the oldest first. */
export function arrived(live: LiveRows, rows: readonly MessageRow[]): LiveRows {
  if (live.isPaused) {
    const waiting = [...live.waiting, ...rows].slice(-liveRows)
    return { ...live, waiting, waitingCount: live.waitingCount + rows.length }
  }
  return shown(live, rows, rows.length)
}

export function paused(live: LiveRows, isPaused: boolean): LiveRows {
  if (isPaused) return { ...live, isPaused }
  return { ...shown(live, live.waiting, live.waitingCount), isPaused, waiting: [], waitingCount: 0 }
}

/** @param count how many came, with those that are not kept */
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
