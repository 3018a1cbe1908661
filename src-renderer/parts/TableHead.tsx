import { type KeyboardEvent, useState } from 'react'
import { dragEdge, widthsWith } from './column-drag'
import css from './table.module.css'
import { type Column, isResizable, type Widths } from './table-columns'
import { texts } from './texts'

export interface Sort {
  readonly id: string
  readonly descending: boolean
}

interface Props {
  readonly columns: readonly Column<never>[]
  readonly sort: Sort | null
  readonly onSort: (sort: Sort) => void
  /** Shows these widths while an edge is dragged. */
  readonly onDrag: (widths: Widths) => void
  readonly onWidths: (widths: Widths) => void
  /** A column gets its own width back. */
  readonly onReset: (id: string) => void
  /** Whether all rows are marked; `undefined` where rows cannot be marked. */
  readonly allMarked: boolean | undefined
  readonly onMarkAll: (mark: boolean) => void
}

const widthStep = 16

/** The next order when a heading is chosen: numbers begin with the largest. */
function nextSort({ id, numeric }: Column<never>, sort: Sort | null): Sort {
  return { id, descending: sort?.id === id ? !sort.descending : numeric === true }
}

/**
 * The heading of a table: a click on a title sorts, its right edge changes the width. It is one stop of the Tab key: there ← and → choose a
 * column, Enter sorts, Shift with an arrow changes the width, and Delete gives the column its own width back.
 */
export function TableHead({ columns, sort, onSort, onDrag, onWidths, onReset, allMarked, onMarkAll }: Props) {
  const [chosen, setChosen] = useState(0)
  const stop = Math.min(chosen, columns.length - 1)
  const press = (event: KeyboardEvent<HTMLDivElement>, column: Column<never>) => {
    const { key, shiftKey, altKey, ctrlKey, metaKey, currentTarget: heading } = event
    const arrow = key === 'ArrowLeft' ? -1 : key === 'ArrowRight' ? 1 : 0
    if (altKey || ctrlKey || metaKey) return
    if (arrow !== 0 && shiftKey && isResizable(column)) {
      onWidths(widthsWith(heading, columns, heading.getBoundingClientRect().width + arrow * widthStep))
    } else if (arrow !== 0) {
      const next = arrow < 0 ? heading.previousElementSibling : heading.nextElementSibling
      // Before the first one may be the box that marks all.
      if (next instanceof HTMLElement && next.dataset.column !== undefined) next.focus()
    } else if ((key === 'Delete' || key === 'Backspace') && isResizable(column)) {
      onReset(column.id)
    } else if ((key === 'Enter' || key === ' ') && event.target === heading && column.sort) {
      onSort(nextSort(column, sort))
    } else return
    event.preventDefault()
  }
  return (
    <div className={css.head} role="row" tabIndex={-1}>
      {allMarked !== undefined && (
        <div role="columnheader" tabIndex={-1} className={css.mark}>
          <input
            type="checkbox"
            aria-label={texts.markAll}
            checked={allMarked}
            onChange={(event) => onMarkAll(event.target.checked)}
          />
        </div>
      )}
      {columns.map((column, index) => (
        <div
          key={column.id}
          role="columnheader"
          tabIndex={index === stop ? 0 : -1}
          data-column={column.id}
          className={column.numeric ? 'number' : undefined}
          aria-sort={sort?.id !== column.id ? 'none' : sort.descending ? 'descending' : 'ascending'}
          aria-keyshortcuts={isResizable(column) ? 'Shift+ArrowLeft Shift+ArrowRight Delete' : undefined}
          onFocus={() => setChosen(index)}
          onKeyDown={(event) => press(event, column)}
        >
          {column.sort ? (
            <button
              type="button"
              tabIndex={-1}
              className={column.isTitleHidden ? css.hidden : undefined}
              onClick={() => onSort(nextSort(column, sort))}
            >
              {column.title}
              {sort?.id === column.id ? (sort.descending ? ' ↓' : ' ↑') : ''}
            </button>
          ) : (
            <span className={column.isTitleHidden ? css.hidden : css.title}>{column.title}</span>
          )}
          {isResizable(column) && (
            <span
              aria-hidden
              className={css.grip}
              title={texts.grip}
              onPointerDown={(event) => dragEdge(event, columns, onDrag, onWidths)}
              onDoubleClick={() => onReset(column.id)}
            />
          )}
        </div>
      ))}
    </div>
  )
}
