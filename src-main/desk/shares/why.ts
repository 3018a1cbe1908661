import type { ShareHold, ShareRun, ShareWhy } from '../../contract/share'
import { firstRun, type LaneFacts } from '../source/shares'

const most = 3
/** A member that fetched this short a time ago works on what it got; nothing is wrong with it. */
const workMs = 2000

/** Why a share-partition delivers nothing at `at`, and what of it will never be delivered; empty while it delivers. */
export function whyOf(lane: LaneFacts, at: number): ShareWhy[] {
  const main = stopOf(lane, at)
  return [...(main ? [main] : []), ...lossesOf(lane, main)].slice(0, most)
}

/** The first thing that keeps the next record from being delivered, in the order in which a fetch meets them. */
function stopOf(lane: LaneFacts, at: number): ShareWhy | null {
  const { start, logStart, logEnd, readEnd, next, groupMembers, members, sessions, runs } = lane
  if (start === null) {
    const reset = { kind: 'notBegun', reset: lane.reset, records: logEnd - logStart } as const
    return groupMembers === 0 || members.length > 0 ? reset : { kind: 'noMember' }
  }
  const holders = holdersOf(runs)
  if (next >= logEnd && holders.length === 0) return { kind: 'nothingLeft' }
  if (next >= logEnd) return { kind: 'locked', holders }
  if (groupMembers === 0) return { kind: 'noMembers' }
  if (members.length === 0) return { kind: 'noMember' }
  if (next >= readEnd) return { kind: 'openTransaction', offset: readEnd, records: logEnd - readEnd }
  if (next >= lane.windowEnd && lane.inFlight >= lane.maxInFlight) {
    return { kind: 'locksExhausted', limit: lane.maxInFlight, holders }
  }
  if (sessions.some(({ isWaiting }) => isWaiting)) return null
  const since = sessions.reduce<number | null>((max, { askedAt }) => Math.max(max ?? askedAt, askedAt), null)
  if (since !== null && at - since < workMs) return null
  return { kind: 'notFetching', memberIds: members, since }
}

function lossesOf({ start, began, reset, runs, deliveryCountLimit, outcomes }: LaneFacts, main: ShareWhy | null) {
  const losses: ShareWhy[] = []
  // With a start offset that has moved, somebody works from there: what lies before it is no news.
  if (began && start === began.offset && began.offset > began.logStart && main?.kind !== 'notBegun') {
    losses.push({ kind: 'beganAtLatest', reset, records: began.offset - began.logStart })
  }
  const last = firstRun(
    runs,
    ({ state, deliveryCount }) => state === 'available' && deliveryCount >= deliveryCountLimit - 1,
  )
  if (last && deliveryCountLimit > 2)
    losses.push({ kind: 'lastAttempt', offset: last.first, limit: deliveryCountLimit })
  const exhausted = outcomes.filter(({ kind }) => kind === 'exhausted')
  const records = exhausted.reduce((sum, { first, last: end }) => sum + end - first + 1, 0)
  if (records > 0) losses.push({ kind: 'exhausted', records, limit: deliveryCountLimit })
  return losses
}

/** Who holds how much of a window, the largest first. */
export function holdersOf(runs: Iterable<ShareRun>): ShareHold[] {
  const holders = new Map<string, ShareHold>()
  for (const { first, last, memberId, lockedUntil } of runs) {
    if (memberId === null || lockedUntil === null) continue
    const known = holders.get(memberId)
    holders.set(memberId, {
      memberId,
      records: (known?.records ?? 0) + last - first + 1,
      firstLockEnd: Math.min(known?.firstLockEnd ?? lockedUntil, lockedUntil),
      lastLockEnd: Math.max(known?.lastLockEnd ?? lockedUntil, lockedUntil),
    })
  }
  return [...holders.values()].sort((a, b) => b.records - a.records)
}
