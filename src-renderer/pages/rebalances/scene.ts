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

export type EpochWord = 'gen' | 'epoch'

/** The rebalance that led to what is there at a time, or that runs since before; `undefined`: there was none yet. */
export function lineBefore(lines: readonly RebalanceLine[], at: number): RebalanceLine | undefined {
  return lines.findLast(({ isNote, fromAt, toAt }) => !isNote && (toAt ?? fromAt) <= at)
}

/** The name of a column: `gen 7`. */
export function nameOf({ toAt, isNote, epoch }: RebalanceLine, word: EpochWord): string {
  return isNote ? '!' : toAt === null ? 'rebalancing' : `${word} ${epoch}`
}
