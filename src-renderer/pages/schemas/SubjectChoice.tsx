import { memo } from 'react'
import { Choice } from '../../parts/Field'

interface Props {
  readonly label: string
  readonly value: string
  readonly names: readonly string[]
  readonly onChange: (subject: string) => void
}

/** Chooses a subject. */
export function SubjectChoice({ label, value, names, onChange }: Props) {
  return (
    <Choice aria-label={label} value={value} onChange={({ target }) => onChange(target.value)}>
      <Options names={names} />
      {value !== '' && !names.includes(value) && <option>{value}</option>}
    </Choice>
  )
}

/** There may be thousands: they are drawn when they change, not with each key that is typed beside them. */
const Options = memo(function Options({ names }: Pick<Props, 'names'>) {
  return names.map((name) => <option key={name}>{name}</option>)
})
