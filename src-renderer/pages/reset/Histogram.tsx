import { compact, counted } from '../../format/numbers'
import { clockTime } from '../../format/time'
import css from './reset.module.css'
import type { Span } from './scale'

interface Props {
  readonly bars: readonly number[]
  /** Of the bars together. */
  readonly span: Span | null
  /** The share of the strip that the bars cover. */
  readonly width: number
  readonly label: string
}

/** Bars under a strip, with the same in words for who does not see them. */
export function Histogram({ bars, span, width, label }: Props) {
  const most = Math.max(0, ...bars)
  if (most === 0) return null
  return (
    <svg
      className={css.bars}
      style={{ width: `${width * 100}%` }}
      viewBox={`0 0 ${bars.length} 100`}
      preserveAspectRatio="none"
      role="img"
      aria-label={span ? `${label}: ${inWords(bars, span)}` : label}
    >
      {bars.map((count, i) =>
        count === 0 ? null : (
          <rect key={i} x={i + 0.1} width={0.8} y={100 - (8 + (92 * count) / most)} height={8 + (92 * count) / most} />
        ),
      )}
    </svg>
  )
}

function inWords(bars: readonly number[], { from, to }: Span): string {
  const sum = bars.reduce((total, count) => total + count, 0)
  const busiest = bars.indexOf(Math.max(...bars))
  const at = from + ((to - from) * (busiest + 0.5)) / bars.length
  return `${counted(sum, 'message')} from ${clockTime(from)} to ${clockTime(to)}, most of them around ${clockTime(at)} (${compact(bars[busiest] ?? 0)})`
}
