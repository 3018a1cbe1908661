import { useState } from 'react'
import { Button } from '../../parts/Button'
import { CheckList } from '../../parts/CheckList'
import { Field } from '../../parts/Field'
import { Popover } from '../../parts/Popover'
import { partitionsText, readPartitions } from './partition-list'
import css from './query.module.css'
import { texts } from './texts'

interface Props {
  /** `0,3-5`; empty for all. */
  readonly text: string
  readonly count: number
  readonly onChange: (text: string) => void
}

/** Chooses partitions: with boxes, or typed as `0,3-5`. */
export function PartitionsMenu({ text, count, onChange }: Props) {
  const chosen = readPartitions(text)
  const isChosen = new Set(chosen)
  const [typed, setTyped] = useState(text)
  const toggle = (number: number) => {
    const all = chosen ?? []
    set(partitionsText(all.includes(number) ? all.filter((other) => other !== number) : [...all, number]))
  }
  const set = (next: string) => {
    setTyped(next)
    onChange(next)
  }
  const label =
    chosen === null
      ? texts.partitions.all
      : (chosen.length === 1 ? texts.partitions.one : texts.partitions.several)(partitionsText(chosen))
  return (
    <Popover label={label} title={texts.partitions.title} align="start" onOpenChange={() => setTyped(text)}>
      <div className={css.popoverLine}>
        <Field
          aria-label={texts.partitions.title}
          placeholder={texts.partitions.placeholder}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value)
            onChange(partitionsText(readPartitions(event.target.value) ?? []))
          }}
        />
        <Button look="plain" disabled={chosen === null} onClick={() => set('')}>
          {texts.partitions.selectAll}
        </Button>
      </div>
      <CheckList
        items={Array.from({ length: count }, (_, number) => number)}
        labelOf={texts.partitions.number}
        isChecked={(number) => chosen === null || isChosen.has(number)}
        onToggle={(number) => (chosen === null ? set(String(number)) : toggle(number))}
      />
    </Popover>
  )
}
