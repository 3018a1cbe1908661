import { causeText } from '../../../src-main/contract/causes'
import type { RebalanceBoundary } from '../../../src-main/contract/groups'
import { type CauseKind, causeKindOf } from './causes'

/** Summary of a rebalance, or of something else that is worth a line (`isNote`), from the journal's index. */
export interface RebalanceLine {
  readonly seq: number
  readonly fromAt: number
  /** `null` while it lasts. */
  readonly toAt: number | null
  readonly lastSeq: number
  /** The generation or epoch that it led to. */
  readonly epoch: number
  readonly kind: CauseKind
  /** In words. */
  readonly cause: string
  readonly isNote: boolean
}

/** Lines with the boundaries that arrived: a rebalance starts at one and ends at another. */
export function withBoundaries(
  lines: readonly RebalanceLine[],
  boundaries: readonly RebalanceBoundary[],
): readonly RebalanceLine[] {
  if (boundaries.length === 0) return lines
  const next = [...lines]
  for (const { seq, at, boundary, epoch, kind, causes } of boundaries) {
    const isNote = boundary === 'note'
    const place = next.findLastIndex((line) => !line.isNote)
    const last = next[place]
    // The end is missing when the broker was restarted during the rebalance.
    const endAt = Math.max(at, last?.fromAt ?? at)
    if (boundary !== 'end' && !isNote && last?.toAt === null) next[place] = { ...last, toAt: endAt }
    if (boundary === 'end') {
      if (last?.toAt === null) next[place] = { ...last, toAt: endAt, lastSeq: seq, epoch }
      continue
    }
    const toAt = boundary === 'start' ? null : at
    const cause = causeText(causes)
    next.push({ seq, lastSeq: seq, fromAt: at, toAt, epoch, kind: causeKindOf({ kind, causes }), cause, isNote })
  }
  return next
}

/** Lines by their time: in the journal they are in the order in which they came, which differs where the clock was set back. */
export function inTime(lines: readonly RebalanceLine[]): readonly RebalanceLine[] {
  const isSorted = lines.every(({ fromAt }, i) => i === 0 || fromAt >= (lines[i - 1]?.fromAt ?? 0))
  return isSorted ? lines : [...lines].sort((a, b) => a.fromAt - b.fromAt || a.seq - b.seq)
}

/** Many rebalances in a row, shown as one until expanded. */
export interface Storm {
  readonly lines: readonly RebalanceLine[]
}

const fewest = 5
const longestPauseMs = 5000

/** Lines in order, those of a storm together: at least five, with less than five seconds between one's end and the next one's start. */
export function storms(lines: readonly RebalanceLine[]): readonly (RebalanceLine | Storm)[] {
  const result: (RebalanceLine | Storm)[] = []
  let run: RebalanceLine[] = []
  const close = () => {
    if (run.length >= fewest) result.push({ lines: run })
    else result.push(...run)
    run = []
  }
  for (const line of lines) {
    if (line.isNote) {
      close()
      result.push(line)
      continue
    }
    const last = run[run.length - 1]
    if (last && line.fromAt - (last.toAt ?? line.fromAt) >= longestPauseMs) close()
    run.push(line)
  }
  close()
  return result
}
