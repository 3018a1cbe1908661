import type { Lane, Rebalance } from './history'

/** Times of one member in a rebalance, in ms from its start; `null` for steps that it did not take. */
export interface MemberCourse {
  readonly memberId: string
  readonly joinedMs: number | null
  readonly syncedMs: number | null
  /** Consuming again. */
  readonly readyMs: number | null
  readonly goneMs: number | null
  /** Other members waited for it. */
  readonly isWaitedFor: boolean
}

export interface Wait {
  readonly memberIds: readonly string[]
  readonly ms: number
  /** They did not join at all. */
  readonly isMissing: boolean
}

/** Shorter pauses between joins are normal. */
const worthMention = 0.2

/**
 * Members that the others waited for in the join phase: those that never joined, else those after the longest pause between two joins.
 */
export function waitOf({ joined, fromAt, stages }: Rebalance, lanes: ReadonlyMap<string, Lane>): Wait | null {
  const phase = stages.find(({ state }) => state === 'PreparingRebalance')
  if (!phase || phase.to === null) return null
  const end = phase.to
  const inTime = [...joined].filter(([, at]) => at <= end).sort(([, a], [, b]) => a - b)
  const missing = [...lanes.values()].filter(
    ({ memberId, stretches }) =>
      !joined.has(memberId) &&
      stretches.some(({ phase: was, from }) => was === 'gone' && from === end) &&
      stretches.some(({ phase: was, from, to }) => was === 'joining' && from >= fromAt && to === end),
  )
  if (missing.length > 0) {
    const lastAt = inTime[inTime.length - 1]?.[1] ?? fromAt
    return { memberIds: missing.map(({ memberId }) => memberId), ms: end - lastAt, isMissing: true }
  }
  let longest = 0
  let place = 0
  for (let i = 1; i < inTime.length; i++) {
    const pause = (inTime[i]?.[1] ?? 0) - (inTime[i - 1]?.[1] ?? 0)
    if (pause > longest) {
      longest = pause
      place = i
    }
  }
  return place === 0 || longest < (end - fromAt) * worthMention
    ? null
    : { memberIds: inTime.slice(place).map(([memberId]) => memberId), ms: longest, isMissing: false }
}

/** All members of the rebalance: first those that were waited for, then the others in the order of joining. */
export function coursesOf(rebalance: Rebalance, lanes: ReadonlyMap<string, Lane>): readonly MemberCourse[] {
  const { fromAt, toAt, joined, synced, before, after } = rebalance
  const waited = new Set(waitOf(rebalance, lanes)?.memberIds)
  const members = new Set([...Object.keys(before), ...Object.keys(after), ...joined.keys()])
  return [...members]
    .map((memberId) => {
      const gone = lanes
        .get(memberId)
        ?.stretches.find(({ phase, from }) => phase === 'gone' && from >= fromAt && (toAt === null || from <= toAt))
      const ready = lanes
        .get(memberId)
        ?.stretches.find(({ phase, from }) => phase === 'stable' && from >= fromAt && (toAt === null || from <= toAt))
      const since = (at: number | undefined) => (at === undefined ? null : at - fromAt)
      return {
        memberId,
        joinedMs: since(joined.get(memberId)),
        syncedMs: since(synced.get(memberId)),
        readyMs: since(ready?.from),
        goneMs: since(gone?.from),
        isWaitedFor: waited.has(memberId),
      }
    })
    .sort(
      (a, b) =>
        Number(b.isWaitedFor) - Number(a.isWaitedFor) || (a.joinedMs ?? a.goneMs ?? 0) - (b.joinedMs ?? b.goneMs ?? 0),
    )
}
