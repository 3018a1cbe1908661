import { useId } from 'react'
import { Field, Labelled } from './Field'

interface Props {
  readonly label: string
  readonly value: string
  readonly options: readonly string[]
  readonly onChange: (value: string) => void
}

/** A text field with the known names as suggestions. */
export function Suggested({ label, value, options, onChange }: Props) {
  const id = useId()
  return (
    <Labelled label={label}>
      <Field list={id} value={value} onChange={(event) => onChange(event.target.value)} />
      <datalist id={id}>
        {options.map((option) => (
          <option key={option} value={option} />
        ))}
      </datalist>
    </Labelled>
  )
}
