import type { Clock } from '../base/clock'
import type { Outlet } from '../contract/server'
import type { Pulse } from './home/pulse'
import { type Changes, live } from './live'
import type { ClusterSource } from './source/source'

/** What every subject of the desk is given. */
export interface Parts {
  readonly source: ClusterSource
  readonly clock: Clock
  /** Once a second. */
  readonly pulse: Pulse
  readonly onError: (error: unknown) => void
  /** Answers a feed with whole pictures: now, and after each change. */
  readonly live: <T>(outlet: Outlet<T>, picture: () => T | Promise<T>, changes: readonly Changes[]) => () => void
}

/** Pictures follow events at most this often: faster than eyes, slower than a busy broker. */
const pauseMs = 100

export function partsOf(parts: Omit<Parts, 'live'>): Parts {
  return {
    ...parts,
    live: (outlet, picture, changes) => live(outlet, parts.clock, pauseMs, picture, changes),
  }
}
