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
import { type Sort, TableHead } from './TableHead'
import { TableRow } from './TableRow'
import css from './table.module.css'
import { type Column, layoutOf, rowHeight, type Widths } from './table-columns'
import { useWindow } from './useWindow'

export type { Column } from './table-columns'

/** Rows by their place: a list, or something that has not all of them in memory (`undefined`: it is being read). */
export interface RowList<Row> {
  readonly length: number
  at(index: number): Row | undefined
}

interface Props<Row> {
  readonly label: string
  /** Only a list is sorted. */
  readonly rows: RowList<Row>
  readonly columns: readonly Column<Row>[]
  readonly rowKey: (row: Row) => string
  readonly selected?: string | null
  /** The cursor came to a row, by a click or the arrows: for a page that shows it beside the table. */
  readonly onSelect?: ((row: Row) => void) | undefined
  /** Enter. Where nothing is selected also a click, else a double one. */
  readonly onOpen?: (row: Row) => void
  /** A menu is asked for: by the right button, Shift F10 or the menu key. */
  readonly onMenu?: (row: Row, at: Point) => void
  /** Keys of several rows that are marked: by their boxes, with Space, or a click with Ctrl, ⌘ or Shift. */
  readonly marked?: ReadonlySet<string>
  readonly onMark?: (keys: ReadonlySet<string>) => void
  readonly initialSort?: Sort
  readonly rowClass?: (row: Row) => string | undefined
  /** How many rows ever came in front of the first one, less those that went: what is in sight stays in sight. */
  readonly shift?: number
  /** The rows in sight changed. */
  readonly onSight?: (first: number, last: number) => void
  readonly widths?: Widths
  readonly onWidths?: (widths: Widths) => void
  readonly empty: ReactNode
}

export interface Point {
  readonly x: number
  readonly y: number
}

/** Where the keys are; `shift` is what the table's was then. */
interface Cursor {
  readonly key: string
  readonly index: number
  readonly shift: number
}

const noWidths: Widths = {}

/**
 * A long table: only the rows in sight exist. It has one place for the focus and a cursor of its own. Arrows move, Enter opens, a heading
 * sorts.
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

  const keyAt = (index: number) => {
    const row = index < 0 ? undefined : ordered.at(index)
    return row === undefined ? undefined : rowKey(row)
  }
  const find = (key: string) => {
    for (let i = 0; i < ordered.length; i++) if (keyAt(i) === key) return i
    return -1
  }
  /** Where the cursor's row is now: it moved when rows came in front, or the order changed. */
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
  /** Everything between the cursor and this row. */
  const markUntil = (index: number) => {
    const [low, high] = [Math.min(at < 0 ? index : at, index), Math.max(at, index)]
    const keys = Array.from({ length: high - low + 1 }, (_, i) => keyAt(low + i)).filter((key) => key !== undefined)
    mark([...(marked ?? []), ...keys])
  }
  const click = (event: MouseEvent, row: Row, index: number) => {
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
    // Only those of the table itself: a heading's button has its own.
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
  /** A click on a row focuses the table: a focus in a row would be lost as soon as the row is out of sight. */
  const focused = (event: FocusEvent) => {
    const isOurs = event.target.matches(
      '[role=row], [role=gridcell], [role=row] > [role=gridcell] > input[type=checkbox]',
    )
    if (isOurs) grid.current?.focus({ preventScroll: true })
  }

  const layout = layoutOf(columns, widths, onMark !== undefined)
  const style = { gridTemplateColumns: layout.gridTemplateColumns }
  const drawn = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i)
  // The row that `aria-activedescendant` names must exist, also out of sight.
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
                  isSelected={isMarked || (key !== undefined && key === selected)}
                  isCursor={index === at}
                  className={row === undefined ? undefined : rowClass?.(row)}
                  mark={
                    onMark && (
                      <div role="gridcell" tabIndex={-1} className={css.mark}>
                        <input type="checkbox" tabIndex={-1} aria-label={`Mark ${key}`} checked={isMarked} readOnly />
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
          ▲ {integer(view.unseen)} new
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
