import { type Lane, lastBefore, type Stretch } from './history'
import type { RebalanceLine } from './lines'
import { linesIn, placeOf, type Scene, type Window } from './scene'

/** Things under the pointer. */
export interface Hit {
  readonly at: number
  readonly line: RebalanceLine | null
  readonly lane: Lane | null
  readonly stretch: Stretch | null
}

/** Rebalances are often narrower than a hand can point. */
const reach = 6

export function hitAt(scene: Scene, window: Window, x: number, y: number): Hit {
  const at = window.fromAt + (x / window.width) * (window.toAt - window.fromAt)
  const place = placeOf(window)
  let line: RebalanceLine | null = null
  let nearest = reach
  for (const candidate of linesIn(scene.lines, {
    ...window,
    fromAt: window.fromAt - (reach / window.width) * (window.toAt - window.fromAt),
    toAt: window.toAt,
  })) {
    const left = place(candidate.fromAt)
    const right = place(candidate.toAt ?? scene.nowAt)
    const distance = x < left ? left - x : x > right ? x - right : 0
    if (distance <= nearest) {
      nearest = distance
      line = candidate
    }
  }
  const lane = scene.lanes[Math.floor((y + scene.scrollTop) / scene.laneHeight)] ?? null
  const stretch = lane?.stretches[lastBefore(lane.stretches, at, ({ from }) => from)] ?? null
  const isThere = stretch !== null && stretch.phase !== 'gone' && at <= scene.nowAt
  return { at, line, lane, stretch: isThere ? stretch : null }
}
