import type { TrafficPoint } from '../../../src-main/contract/workspace'
import css from './home.module.css'

const width = 600
const height = 96
const shown = 120

/** The last two minutes: messages in as an area, bytes out as a line. */
export function TrafficChart({ points }: { readonly points: readonly TrafficPoint[] }) {
  const last = points.slice(-shown)
  const line = (of: (point: TrafficPoint) => number) => {
    const max = Math.max(1, ...last.map(of))
    return last.map(
      (point, i) =>
        `${(((shown - last.length + i) / (shown - 1)) * width).toFixed(1)},${(height - (of(point) / max) * (height - 6)).toFixed(1)}`,
    )
  }
  const incoming = line(({ inRecords }) => inRecords)
  const outgoing = line(({ outBytes }) => outBytes)
  const start = (((shown - last.length) / (shown - 1)) * width).toFixed(1)
  return (
    <svg
      className={css.chart}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label="Traffic of the last two minutes"
    >
      {incoming.length > 1 && (
        <>
          <polygon
            points={`${start},${height} ${incoming.join(' ')} ${width},${height}`}
            fill="var(--accent)"
            opacity="0.14"
          />
          <polyline
            points={incoming.join(' ')}
            fill="none"
            stroke="var(--accent)"
            strokeWidth="1.5"
            vectorEffect="non-scaling-stroke"
          />
          <polyline
            points={outgoing.join(' ')}
            fill="none"
            stroke="var(--info)"
            strokeWidth="1"
            vectorEffect="non-scaling-stroke"
          />
        </>
      )}
    </svg>
  )
}
