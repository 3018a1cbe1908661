import { useRef } from 'react'
import type { MessageRow } from '../../../src-main/contract/messages'
import { Combobox } from '../../parts/Combobox'
import comboboxCss from '../../parts/combobox.module.css'
import { conditionCompletions } from './condition-completions'
import { readConditions } from './conditions'
import { texts } from './texts'

/** So many messages are looked at. */
const mostRows = 100

function* first(rows: Iterable<MessageRow>): Generator<MessageRow> {
  let count = 0
  for (const row of rows) {
    yield row
    if (++count === mostRows) return
  }
}

interface Props {
  readonly value: string
  readonly onChange: (value: string) => void
  /** Messages whose fields and values are offered. */
  readonly rows: () => Iterable<MessageRow>
  /** Why the search refuses what is readable here, such as a regular expression. */
  readonly refused: string | null
}

/** Conditions that messages must meet, completed while they are typed, with what is wrong and a short help below. */
export function ConditionField({ value, onChange, rows, refused }: Props) {
  const { problem } = readConditions(value)
  /** Those that were shown last: while a condition is typed there may be none. */
  const known = useRef<readonly MessageRow[]>([])
  const sample = () => {
    const shown = [...first(rows())]
    if (shown.length > 0) known.current = shown
    return known.current
  }
  return (
    <Combobox
      type="search"
      label={texts.query.filters.conditions}
      placeholder={texts.query.conditions.placeholder}
      value={value}
      onChange={onChange}
      tabCompletes
      optionsOf={(text, caret) => conditionCompletions(text, caret, sample())}
      problem={problem ? texts.query.conditions.problem(problem) : refused}
      help={
        <dl className={comboboxCss.help}>
          {texts.query.conditions.help.map(([sign, meaning]) => (
            <div key={sign} style={{ display: 'contents' }}>
              <dt>{sign}</dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
      }
    />
  )
}
