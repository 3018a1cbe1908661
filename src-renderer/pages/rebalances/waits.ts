import type { Lane, Rebalance } from './history'

/** How one member went through a rebalance, in ms from its begin; `null` for what it did not do. */
export interface MemberCourse {
  readonly memberId: string
  readonly joinedMs: number | null
  readonly syncedMs: number | null
  /** At work again. */
  readonly readyMs: number | null
  readonly goneMs: number | null
  /** The others waited for it. */
  readonly isLast: boolean
}

export interface Wait {
  readonly memberId: string
  /** After everybody else had joined. */
  readonly ms: number
  /** It did not come at all. */
  readonly isMissing: boolean
}

/** Whom the others waited for in the join phase: who joined last, or who never did. */
export function waitOf({ joined, fromAt, stages }: Rebalance, lanes: ReadonlyMap<string, Lane>): Wait | null {
  const phase = stages.find(({ state }) => state === 'PreparingRebalance')
  if (!phase || phase.to === null) return null
  const end = phase.to
  const inTime = [...joined].filter(([, at]) => at <= end).sort(([, a], [, b]) => a - b)
  const missing = [...lanes.values()].find(
    ({ memberId, stretches }) =>
      !joined.has(memberId) &&
      stretches.some(({ phase: was, from }) => was === 'gone' && from === end) &&
      stretches.some(({ phase: was, from, to }) => was === 'joining' && from >= fromAt && to === end),
  )
  const newest = inTime[inTime.length - 1]
  if (missing) return { memberId: missing.memberId, ms: end - (newest?.[1] ?? fromAt), isMissing: true }
  if (!newest || inTime.length < 2) return null
  return { memberId: newest[0], ms: newest[1] - (inTime[inTime.length - 2]?.[1] ?? fromAt), isMissing: false }
}

/** Everyone who was there, in the order in which they were ready. */
export function coursesOf(rebalance: Rebalance, lanes: ReadonlyMap<string, Lane>): readonly MemberCourse[] {
  const { fromAt, toAt, joined, synced, before, after } = rebalance
  const last = waitOf(rebalance, lanes)?.memberId
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
        isLast: memberId === last,
      }
    })
    .sort((a, b) => (a.joinedMs ?? a.goneMs ?? 0) - (b.joinedMs ?? b.goneMs ?? 0))
}
