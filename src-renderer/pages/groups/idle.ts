import type { GroupPartition } from '../../../src-main/contract/groups'

/** Consumers commit every five seconds unless they are told otherwise (`auto.commit.interval.ms`). */
const leastIdleMs = 15_000

/**
 * How long ago a member committed last, when that is long and there is something to commit: it may be stuck in a message, although its heartbeats
 * come. `null` when it is not so, or not known, as of a cluster elsewhere.
 */
export function idleMs(own: readonly GroupPartition[], now: number): number | null {
  if (!own.some(({ lag }) => (lag ?? 0) > 0)) return null
  const newest = own.reduce((latest, { committedAt }) => Math.max(latest, committedAt ?? -1), -1)
  return newest >= 0 && now - newest >= leastIdleMs ? now - newest : null
}
