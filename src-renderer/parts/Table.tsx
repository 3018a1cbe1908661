import { type CSSProperties, useId, useRef } from 'react'
import { integer } from '../format/numbers'
import { TableHead } from './TableHead'
import { TableRow } from './TableRow'
import css from './table.module.css'
import { fittedWidths, fittingColumns, layoutOf, rowHeight, type Widths } from './table-columns'
import type { TableProps } from './table-props'
import { texts } from './texts'
import { useColumnWidths } from './useColumnWidths'
import { useTableState } from './useTableState'
import { useWidth } from './useWidth'

export type { Column } from './table-columns'
export type { Point } from './table-props'

/**
 * A table of any length: only the visible rows are in the document. The grid has the focus, and a cursor of its own. Arrows move it, Enter
 * opens a row, a column heading sorts.
 */
export function Table<Row>(props: TableProps<Row>) {
  const { label, rowKey, selected = null, onSelect, onOpen, marked, onMark } = props
  const { shift = 0, rowClass, empty } = props
  const { dragged, setWidths, resetWidth } = useColumnWidths(props.list)
  const grid = useRef<HTMLDivElement>(null)
  const frame = useRef<HTMLDivElement>(null)
  const id = useId()
  const table = useTableState(props, grid, id)
  const { ordered, view, at } = table
  const { from, to } = view
  const width = useWidth(grid)
  // A column that the user makes wider lets the table scroll: no other vanishes below the pointer.
  const columns = width === 0 ? props.columns : fittingColumns(props.columns, onMark !== undefined, width)
  const widths = width === 0 ? dragged.widths : fittedWidths(columns, dragged, onMark !== undefined, width)
  const layout = layoutOf(columns, widths, onMark !== undefined)
  /** While an edge is dragged nothing is rendered: what all rows have in common is set in the document. */
  const showDragged = (changed: Widths) => {
    const { tracks, minWidth } = layoutOf(columns, { ...widths, ...changed }, onMark !== undefined)
    frame.current?.style.setProperty('--tracks', tracks)
    frame.current?.style.setProperty('min-width', `${minWidth}px`)
  }
  const drawn = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i)
  // `aria-activedescendant` needs its row in the document, even when it is not visible.
  if (at >= 0 && (at < from || at > to)) drawn.push(at)
  const isEmpty = ordered.length === 0
  return (
    <div className={css.table}>
      <div
        ref={grid}
        className={isEmpty ? css.none : css.grid}
        role="grid"
        tabIndex={0}
        aria-label={label}
        aria-multiselectable={onMark !== undefined}
        aria-rowcount={ordered.length + 1}
        aria-activedescendant={at >= 0 ? `${id}-${at - shift}` : undefined}
        onKeyDown={table.move}
        onFocus={table.focused}
      >
        <div ref={frame} style={{ minWidth: layout.minWidth, '--tracks': layout.tracks } as CSSProperties}>
          <TableHead
            columns={columns}
            sort={table.sort}
            onSort={table.setSort}
            onDrag={showDragged}
            onWidths={(changed) => setWidths({ ...widths, ...changed }, width)}
            onReset={resetWidth}
            allMarked={onMark && !isEmpty && (marked?.size ?? 0) >= ordered.length}
            onMarkAll={table.markAll}
          />
          <div className={css.rows} role="rowgroup" style={{ height: ordered.length * rowHeight }}>
            {drawn.map((index) => {
              const row = ordered.at(index)
              const key = row === undefined ? undefined : rowKey(row)
              const isMarked = key !== undefined && marked?.has(key) === true
              return (
                <TableRow
                  key={key ?? `place ${index}`}
                  id={`${id}-${index - shift}`}
                  row={row}
                  index={index}
                  columns={columns}
                  isSelected={key !== undefined && key === selected}
                  isMarked={isMarked}
                  isCursor={index === at}
                  className={row === undefined ? undefined : rowClass?.(row)}
                  mark={
                    onMark && (
                      <div role="gridcell" tabIndex={-1} className={css.mark}>
                        <input
                          type="checkbox"
                          tabIndex={-1}
                          aria-label={texts.mark(key ?? '')}
                          checked={isMarked}
                          readOnly
                        />
                      </div>
                    )
                  }
                  onClick={(event) => row !== undefined && table.click(event, row, index)}
                  onDoubleClick={() => row !== undefined && onSelect && onOpen?.(row)}
                  onContextMenu={(event) => row !== undefined && table.openMenu(event, row, index)}
                />
              )
            })}
          </div>
        </div>
      </div>
      {isEmpty && empty}
      {view.unseen > 0 && (
        <button type="button" className={css.unseen} onClick={view.toTop}>
          {texts.unseen(integer(view.unseen))}
        </button>
      )}
    </div>
  )
}
