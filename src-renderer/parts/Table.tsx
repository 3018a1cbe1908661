import {
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react'
import { integer } from '../format/numbers'
import { claimFocus } from '../stores/arrival'
import { type Sort, TableHead } from './TableHead'
import { TableRow } from './TableRow'
import css from './table.module.css'
import { type Column, layoutOf, rowHeight, type Widths } from './table-columns'
import { texts } from './texts'
import { useWindow } from './useWindow'

export type { Column } from './table-columns'

/** Rows by index: an array, or a list that holds only some of them in memory (`undefined`: the row is being read). */
export interface RowList<Row> {
  readonly length: number
  at(index: number): Row | undefined
}

interface Props<Row> {
  readonly label: string
  /** Only an array can be sorted. */
  readonly rows: RowList<Row>
  readonly columns: readonly Column<Row>[]
  readonly rowKey: (row: Row) => string
  readonly selected?: string | null
  /** The cursor moved to a row, by a click or the arrow keys: for a page that shows the row beside the table. */
  readonly onSelect?: ((row: Row) => void) | undefined
  /** Enter opens a row. So does a click, or a double click where `onSelect` takes the single one. */
  readonly onOpen?: (row: Row) => void
  /** Opens the menu of a row: by the right button, Shift F10 or the menu key. */
  readonly onMenu?: (row: Row, at: Point) => void
  /** Keys of the marked rows. Rows are marked by their boxes, with Space, or by a click with Ctrl, ⌘ or Shift. */
  readonly marked?: ReadonlySet<string>
  readonly onMark?: (keys: ReadonlySet<string>) => void
  readonly initialSort?: Sort
  readonly rowClass?: (row: Row) => string | undefined
  /** Rows inserted before the first one so far, minus those removed there: the visible rows stay in place when it changes. */
  readonly shift?: number
  /** The range of visible rows changed. */
  readonly onSight?: (first: number, last: number) => void
  readonly widths?: Widths
  readonly onWidths?: (widths: Widths) => void
  readonly empty: ReactNode
}

export interface Point {
  readonly x: number
  readonly y: number
}

/** The row that the keys act on; `shift` is the value that the table had when the cursor was set. */
interface Cursor {
  readonly key: string
  readonly index: number
  readonly shift: number
}

const noWidths: Widths = {}

/**
 * A table of any length: only the visible rows are in the document. The grid has the focus, and a cursor of its own. Arrows move it, Enter
 * opens a row, a column heading sorts.
 */
export function Table<Row>(props: Props<Row>) {
  const { label, rows, columns, rowKey, selected = null, onSelect, onOpen, onMenu, marked, onMark } = props
  const { shift = 0, onSight, widths = noWidths, rowClass, empty } = props
  const [sort, setSort] = useState<Sort | null>(props.initialSort ?? null)
  const [cursor, setCursor] = useState<Cursor | null>(null)
  const grid = useRef<HTMLDivElement>(null)
  const id = useId()
  const ordered = useMemo((): RowList<Row> => {
    const by = sort && columns.find((column) => column.id === sort.id)?.sort
    if (!by || !Array.isArray(rows)) return rows
    const sign = sort.descending ? -1 : 1
    return [...(rows as readonly Row[])].sort((a, b) => {
      const [left, right] = [by(a), by(b)]
      return left < right ? -sign : left > right ? sign : 0
    })
  }, [rows, columns, sort])
  const view = useWindow(grid, ordered.length, shift)
  const { first, last, from, to } = view
  useEffect(() => onSight?.(first, last), [onSight, first, last])
  useEffect(() => claimFocus(grid.current), [])

  const keyAt = (index: number) => {
    const row = index < 0 ? undefined : ordered.at(index)
    return row === undefined ? undefined : rowKey(row)
  }
  const find = (key: string) => {
    for (let i = 0; i < ordered.length; i++) if (keyAt(i) === key) return i
    return -1
  }
  /** Index of the cursor's row now: it changes when rows are inserted before it, or sorted. */
  const at = useMemo(() => {
    if (cursor === null) return -1
    const expected = cursor.index + shift - cursor.shift
    return keyAt(expected) === cursor.key ? expected : find(cursor.key)
  }, [cursor, ordered, shift])

  const place = (index: number) => {
    const row = ordered.at(index)
    if (row === undefined) return
    setCursor({ key: rowKey(row), index, shift })
    view.hold()
    onSelect?.(row)
  }
  const mark = (keys: Iterable<string>) => onMark?.(new Set(keys))
  const toggle = (key: string) => {
    const next = new Set(marked)
    if (!next.delete(key)) next.add(key)
    mark(next)
  }
  /** Marks all rows between the cursor and this one. */
  const markUntil = (index: number) => {
    const [low, high] = [Math.min(at < 0 ? index : at, index), Math.max(at, index)]
    const keys = Array.from({ length: high - low + 1 }, (_, i) => keyAt(low + i)).filter((key) => key !== undefined)
    mark([...(marked ?? []), ...keys])
  }
  const click = (event: MouseEvent, row: Row, index: number) => {
    // A link in a cell leads elsewhere; it neither selects nor marks its row.
    if (event.target instanceof Element && event.target.closest('a')) return
    const isBox = event.target instanceof HTMLInputElement
    if (onMark && event.shiftKey) markUntil(index)
    else if (onMark && (isBox || event.ctrlKey || event.metaKey)) toggle(rowKey(row))
    else {
      if (marked && marked.size > 0) mark([])
      place(index)
      if (!onSelect) onOpen?.(row)
      return
    }
    setCursor({ key: rowKey(row), index, shift })
  }
  const menuAt = (index: number) => {
    const row = ordered.at(index)
    if (row === undefined || !onMenu) return
    const box = document.getElementById(`${id}-${index - shift}`)?.getBoundingClientRect()
    onMenu(row, { x: (box?.left ?? 0) + 40, y: box?.bottom ?? 0 })
  }
  const move = (event: KeyboardEvent) => {
    // Keys of the grid itself: a button in a heading handles its own.
    if (event.target !== event.currentTarget) return
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: view.rowsInSight,
      PageUp: -view.rowsInSight,
      Home: -Infinity,
      End: Infinity,
    }
    const begin = at >= 0 ? at : selected === null ? -1 : find(selected)
    const row = ordered.at(Math.max(0, begin))
    if (event.key === ' ' && onMark && row && begin >= 0) toggle(rowKey(row))
    else if (event.key === 'Enter' && row && begin >= 0) (onOpen ?? onSelect)?.(row)
    else if ((event.key === 'F10' && event.shiftKey) || event.key === 'ContextMenu') menuAt(Math.max(0, begin))
    else {
      const step = steps[event.key]
      if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return
      const next = Math.min(ordered.length - 1, Math.max(0, begin + step))
      if (onMark && event.shiftKey) markUntil(next)
      place(next)
      view.reveal(next)
    }
    event.preventDefault()
  }
  /** A click on a row focuses the grid: focus on a row would be lost when the row scrolls out of view. */
  const focused = (event: FocusEvent) => {
    const isOurs = event.target.matches(
      '[role=row], [role=gridcell], [role=row] > [role=gridcell] > input[type=checkbox]',
    )
    if (isOurs) grid.current?.focus({ preventScroll: true })
  }

  const layout = layoutOf(columns, widths, onMark !== undefined)
  const style = { gridTemplateColumns: layout.gridTemplateColumns }
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
        onKeyDown={move}
        onFocus={focused}
      >
        <div style={{ minWidth: layout.minWidth }}>
          <TableHead
            columns={columns}
            style={style}
            sort={sort}
            onSort={setSort}
            widths={widths}
            onWidths={props.onWidths}
            allMarked={onMark && !isEmpty && (marked?.size ?? 0) >= ordered.length}
            onMarkAll={(all) => mark(all ? allKeys(ordered, rowKey) : [])}
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
                  style={style}
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
                  onClick={(event) => row !== undefined && click(event, row, index)}
                  onDoubleClick={() => row !== undefined && onSelect && onOpen?.(row)}
                  onContextMenu={(event) => {
                    if (row === undefined || !onMenu) return
                    event.preventDefault()
                    setCursor({ key: rowKey(row), index, shift })
                    onMenu(row, { x: event.clientX, y: event.clientY })
                  }}
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

function allKeys<Row>(rows: RowList<Row>, rowKey: (row: Row) => string): string[] {
  return Array.from({ length: rows.length }, (_, i) => rows.at(i)).flatMap((row) =>
    row === undefined ? [] : [rowKey(row)],
  )
}
