import { useEffect, useState } from 'react'
import { readTime, timeText, zoneName, zoneNote } from '../format/time'
import { Field } from './Field'
import css from './parts.module.css'
import { texts } from './texts'

interface Props {
  readonly label: string
  readonly placeholder: string
  /** ms; `null` for none. */
  readonly at: number | null
  readonly onChange: (at: number | null) => void
  /** The text is not a time. Absent: the last valid time stays in effect. */
  readonly onInvalid?: () => void
}

/** The one time field of the app: in the zone and style in which times are shown, as ISO 8601, a time of today, or since the epoch. */
export function TimeField({ label, placeholder, at, onChange, onInvalid }: Props) {
  const shown = at === null ? '' : timeText(at)
  const [text, setText] = useState(shown)
  // Text stays as it was typed, as long as it means the same time.
  useEffect(() => setText((typed) => (readTime(typed) === at || (at === null && typed !== '') ? typed : shown)), [at])
  useEffect(() => setText(shown), [zoneName()])
  const isWrong = text.trim() !== '' && readTime(text) === null
  const note = zoneNote(text)
  const change = (next: string) => {
    setText(next)
    const read = readTime(next)
    if (read !== null || next.trim() === '') onChange(read)
    else onInvalid?.()
  }
  return (
    <span className={css.time}>
      <Field
        aria-label={label}
        aria-invalid={isWrong}
        title={texts.timeTitle(label, zoneName())}
        placeholder={placeholder}
        size={24}
        value={text}
        onChange={(event) => change(event.target.value)}
        onBlur={() => !isWrong && setText(shown)}
      />
      {isWrong && (
        <span className={css.timeProblem} role="alert">
          {note?.kind === 'skipped' ? texts.timeSkipped(zoneName()) : texts.timeWrong(zoneName())}
        </span>
      )}
      {note?.kind === 'twice' && (
        <span className={css.timeNote} role="status">
          {texts.timeTwice(note.first, note.second)}
        </span>
      )}
    </span>
  )
}
