import { useEffect, useState } from 'react'
import { readTime, timeText, zoneName } from '../../format/time'
import { Field } from '../../parts/Field'

interface Props {
  readonly label: string
  readonly placeholder: string
  /** ms; `null` for none. */
  readonly at: number | null
  readonly onChange: (at: number | null) => void
}

/** A time in the zone that is shown, as ISO 8601 or since the epoch. */
export function TimeField({ label, placeholder, at, onChange }: Props) {
  const shown = at === null ? '' : timeText(at)
  const [text, setText] = useState(shown)
  // What is typed stays as it is typed, as long as it means the same.
  useEffect(() => setText((typed) => (readTime(typed) === at ? typed : shown)), [at])
  useEffect(() => setText(shown), [zoneName()])
  const isWrong = text.trim() !== '' && readTime(text) === null
  return (
    <Field
      aria-label={label}
      aria-invalid={isWrong}
      title={`${label}, ${zoneName()}: 2026-01-31 14:02:11.204, 14:02, 2026-01-31T14:02Z, or seconds or milliseconds since the epoch`}
      placeholder={placeholder}
      size={22}
      style={isWrong ? { borderColor: 'var(--bad)' } : undefined}
      value={text}
      onChange={(event) => {
        setText(event.target.value)
        onChange(readTime(event.target.value))
      }}
      onBlur={() => !isWrong && setText(shown)}
    />
  )
}
