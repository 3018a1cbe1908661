import { type Lane, lastBefore } from './history'
import type { RebalanceLine } from './lines'

export interface Window {
  readonly fromAt: number
  readonly toAt: number
  readonly width: number
}

/** Content of the canvas: lanes from the top, rebalances as columns behind them. */
export interface Scene {
  readonly lanes: readonly Lane[]
  readonly hueOf: (memberId: string) => number
  readonly laneHeight: number
  /** Scroll position of the lanes, and their visible height. */
  readonly scrollTop: number
  readonly height: number
  readonly lines: readonly RebalanceLine[]
  readonly isDimmed: (line: RebalanceLine) => boolean
  readonly selected: number | null
  readonly hovered: number | null
  /** Last heartbeat of present members whose next one is overdue. */
  readonly silentSince: ReadonlyMap<string, number>
  /** End of the known time. */
  readonly nowAt: number
}

export function placeOf({ fromAt, toAt, width }: Window): (at: number) => number {
  return (at) => ((at - fromAt) / (toAt - fromAt)) * width
}

/** Lines that touch the window. */
export function linesIn(lines: readonly RebalanceLine[], { fromAt, toAt }: Window): readonly RebalanceLine[] {
  const end = lastBefore(lines, toAt, (line) => line.fromAt) + 1
  let start = end
  while (start > 0 && ((lines[start - 1] as RebalanceLine).toAt ?? toAt) >= fromAt) start--
  return lines.slice(start, end)
}
