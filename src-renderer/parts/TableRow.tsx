import type { MouseEvent, ReactNode } from 'react'
import css from './table.module.css'
import { type Column, rowHeight } from './table-columns'

interface Props<Row> {
  readonly id: string
  /** `undefined` while it is being read. */
  readonly row: Row | undefined
  readonly index: number
  readonly columns: readonly Column<Row>[]
  readonly isSelected: boolean
  readonly isMarked: boolean
  readonly isCursor: boolean
  readonly className: string | undefined
  /** The checkbox that marks the row. */
  readonly mark: ReactNode
  readonly onClick: (event: MouseEvent) => void
  readonly onDoubleClick: () => void
  readonly onContextMenu: (event: MouseEvent) => void
}

export function TableRow<Row>({ row, index, columns, isSelected, isMarked, isCursor, mark, ...rest }: Props<Row>) {
  const { id, className, onClick, onDoubleClick, onContextMenu } = rest
  const classes = [css.row, isSelected && css.selected, isMarked && css.marked, isCursor && css.cursor, className]
    .filter(Boolean)
    .join(' ')
  return (
    <div
      id={id}
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 2}
      aria-selected={isSelected || isMarked}
      aria-busy={row === undefined}
      className={classes}
      style={{ transform: `translateY(${index * rowHeight}px)` }}
      onClick={onClick}
      onDoubleClick={onDoubleClick}
      onContextMenu={onContextMenu}
    >
      {mark}
      {columns.map((column) => (
        <div key={column.id} role="gridcell" tabIndex={-1} className={column.numeric ? 'number' : undefined}>
          {row === undefined ? <span className="quiet">…</span> : column.cell(row)}
        </div>
      ))}
    </div>
  )
}
