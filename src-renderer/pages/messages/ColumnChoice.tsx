import { ArrowDown, ArrowUp, X } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Button } from '../../parts/Button'
import { Field } from '../../parts/Field'
import { type ColumnId, columnIds } from '../../stores/message-columns'
import { useSettings } from '../../stores/settings'
import css from './query.module.css'
import { mostColumns } from './query-draft'
import { texts } from './texts'

interface Props {
  /** Columns of fields and headers, as the address has them. */
  readonly own: readonly string[]
  readonly onOwn: (own: readonly string[]) => void
}

/** Chooses the columns of the message table and their order. */
export function ColumnChoice({ own, onOwn }: Props) {
  const { columns } = useSettings()
  const set = (next: readonly ColumnId[]) => useSettings.setState({ columns: next })
  const move = (id: ColumnId, by: number) => {
    const at = columns.indexOf(id)
    const rest = columns.filter((other) => other !== id)
    set([...rest.slice(0, at + by), id, ...rest.slice(at + by)])
  }
  const hidden = columnIds.filter((id) => !columns.includes(id))
  return (
    <section aria-label={texts.actions.columns}>
      <h2 className={css.popoverTitle}>{texts.actions.columns}</h2>
      {[...columns, ...hidden].map((id, i) => {
        const isShown = i < columns.length
        return (
          <div key={id} className={css.popoverLine}>
            <label>
              <input
                type="checkbox"
                checked={isShown}
                onChange={() => set(isShown ? columns.filter((other) => other !== id) : [...columns, id])}
              />{' '}
              {texts.columns[id]}
            </label>
            {isShown && (
              <>
                <Button
                  look="plain"
                  disabled={i === 0}
                  aria-label={texts.columnLeft(texts.columns[id])}
                  onClick={() => move(id, -1)}
                >
                  <ArrowUp size={12} />
                </Button>
                <Button
                  look="plain"
                  disabled={i === columns.length - 1}
                  aria-label={texts.columnRight(texts.columns[id])}
                  onClick={() => move(id, 1)}
                >
                  <ArrowDown size={12} />
                </Button>
              </>
            )}
          </div>
        )
      })}
      {own.map((column) => (
        <div key={column} className={css.popoverLine}>
          <span className={css.ownColumn}>{column}</span>
          <Button
            look="plain"
            aria-label={texts.ownColumns.remove(column)}
            onClick={() => onOwn(own.filter((other) => other !== column))}
          >
            <X size={12} />
          </Button>
        </div>
      ))}
      <OwnColumn onAdd={(column) => onOwn(withColumn(own, column))} />
    </section>
  )
}

/** A column is there once, and there are not too many. */
export function withColumn(own: readonly string[], column: string): readonly string[] {
  return own.includes(column) || own.length >= mostColumns ? own : [...own, column]
}

/** Adds a column for a field or a header. */
function OwnColumn({ onAdd }: { readonly onAdd: (column: string) => void }) {
  const [text, setText] = useState('')
  const column = text.trim()
  const isColumn = /^(?:value|key|\$)(?:[.[].*)?$|^headers?\../s.test(column)
  const add = (event: FormEvent) => {
    event.preventDefault()
    if (!isColumn) return
    onAdd(column)
    setText('')
  }
  return (
    <form className={css.popoverLine} onSubmit={add}>
      <Field
        aria-label={texts.ownColumns.label}
        aria-invalid={column !== '' && !isColumn}
        title={texts.ownColumns.wrong}
        placeholder={texts.ownColumns.placeholder}
        size={28}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Button type="submit" disabled={!isColumn}>
        {texts.ownColumns.add}
      </Button>
    </form>
  )
}
