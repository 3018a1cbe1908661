import { compact } from '../../format/numbers'
import { clockTime } from '../../format/time'
import css from './reset.module.css'
import type { Span } from './scale'
import { texts } from './texts'

interface Props {
  readonly bars: readonly number[]
  /** The time span of all bars. */
  readonly span: Span | null
  /** The share of the strip that the bars cover. */
  readonly width: number
  readonly label: string
}

/** Bars below a strip, and the same in words for screen readers. */
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
  return texts.histogramWords(sum, clockTime(from), clockTime(to), clockTime(at), compact(bars[busiest] ?? 0))
}
