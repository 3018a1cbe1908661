/** A small chart of a series, the newest value on the right. */
export function Spark({
  values,
  width = 96,
  height = 18,
  color = 'var(--info)',
  label,
  max: scale,
}: {
  readonly values: readonly number[]
  readonly width?: number
  readonly height?: number
  readonly color?: string
  readonly label: string
  /** The value at the top; absent: the largest of this series. Charts that are compared share one. */
  readonly max?: number
}) {
  const max = Math.max(1, scale ?? Math.max(0, ...values))
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
