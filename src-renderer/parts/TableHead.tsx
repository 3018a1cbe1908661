import type { CSSProperties, PointerEvent } from 'react'
import css from './table.module.css'
import type { Column, Widths } from './table-columns'
import { texts } from './texts'

export interface Sort {
  readonly id: string
  readonly descending: boolean
}

interface Props {
  readonly columns: readonly Column<never>[]
  readonly style: CSSProperties
  readonly sort: Sort | null
  readonly onSort: (sort: Sort) => void
  readonly widths: Widths
  readonly onWidths: ((widths: Widths) => void) | undefined
  /** Whether all rows are marked; `undefined` where rows cannot be marked. */
  readonly allMarked: boolean | undefined
  readonly onMarkAll: (mark: boolean) => void
}

const leastWidth = 40

/** The heading of a table: a click on a title sorts, its right edge changes the width. */
export function TableHead({ columns, style, sort, onSort, widths, onWidths, allMarked, onMarkAll }: Props) {
  const drag = (event: PointerEvent<HTMLSpanElement>, id: string) => {
    if (!onWidths) return
    const grip = event.currentTarget
    const startAt = event.clientX
    const startWidth = grip.parentElement?.getBoundingClientRect().width ?? leastWidth
    grip.setPointerCapture(event.pointerId)
    grip.onpointermove = (move) =>
      onWidths({ ...widths, [id]: Math.max(leastWidth, Math.round(startWidth + move.clientX - startAt)) })
    grip.onpointerup = () => {
      grip.onpointermove = null
    }
  }
  const reset = (id: string) => {
    const { [id]: _, ...rest } = widths
    onWidths?.(rest)
  }
  return (
    <div className={css.head} style={style} role="row" tabIndex={-1}>
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
      {columns.map((column) => (
        <div
          key={column.id}
          role="columnheader"
          tabIndex={-1}
          className={column.numeric ? 'number' : undefined}
          aria-sort={sort?.id !== column.id ? 'none' : sort.descending ? 'descending' : 'ascending'}
        >
          {column.sort ? (
            <button
              type="button"
              className={column.isTitleHidden ? css.hidden : undefined}
              onClick={() =>
                onSort({
                  id: column.id,
                  descending: sort?.id === column.id ? !sort.descending : column.numeric === true,
                })
              }
            >
              {column.title}
              {sort?.id === column.id ? (sort.descending ? ' ↓' : ' ↑') : ''}
            </button>
          ) : (
            <span className={column.isTitleHidden ? css.hidden : css.title}>{column.title}</span>
          )}
          {onWidths && (
            <span
              aria-hidden
              className={css.grip}
              title={texts.grip}
              onPointerDown={(event) => drag(event, column.id)}
              onDoubleClick={() => reset(column.id)}
            />
          )}
        </div>
      ))}
    </div>
  )
}
