/** A small series: the newest on the right. Nothing is drawn for a series of zeros. */
export function Spark({
  values,
  width = 96,
  height = 18,
  color = 'var(--accent)',
  label,
}: {
  readonly values: readonly number[]
  readonly width?: number
  readonly height?: number
  readonly color?: string
  readonly label: string
}) {
  const max = Math.max(1, ...values)
  const step = width / Math.max(1, values.length - 1)
  const points = values
    .map((value, i) => `${(i * step).toFixed(1)},${(height - 1 - (value / max) * (height - 2)).toFixed(1)}`)
    .join(' ')
  return (
    <svg width={width} height={height} role="img" aria-label={label} viewBox={`0 0 ${width} ${height}`}>
      {values.length > 1 && <polyline points={points} fill="none" stroke={color} strokeWidth="1.25" />}
    </svg>
  )
}
