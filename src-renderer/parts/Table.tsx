import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type MouseEvent, type ReactNode, useMemo, useRef, useState } from 'react'
import css from './parts.module.css'

export interface Column<Row> {
  readonly id: string
  readonly title: string
  /** A CSS grid track: `1fr`, `120px`. */
  readonly width: string
  readonly numeric?: boolean
  readonly cell: (row: Row) => ReactNode
  /** What to sort by; columns without it do not sort. */
  readonly sort?: (row: Row) => string | number
}

interface Props<Row> {
  readonly label: string
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row>[]
  readonly rowKey: (row: Row) => string
  readonly selected?: string | null
  readonly onSelect?: (row: Row) => void
  readonly onOpen?: (row: Row) => void
  /** Keys of several rows that are marked: with Space, or a click with Ctrl, ⌘ or Shift. */
  readonly marked?: ReadonlySet<string>
  readonly onMark?: (keys: ReadonlySet<string>) => void
  readonly initialSort?: { readonly id: string; readonly descending: boolean }
  readonly empty: ReactNode
}

const rowHeight = 28

/** A long table: only the rows in sight exist. Arrows move, Enter opens, a heading sorts. */
export function Table<Row>(props: Props<Row>) {
  const { label, rows, columns, rowKey, selected = null, onSelect, onOpen, marked, onMark, empty } = props
  const [sort, setSort] = useState(props.initialSort ?? null)
  const body = useRef<HTMLDivElement>(null)
  const ordered = useMemo(() => {
    const by = sort && columns.find(({ id }) => id === sort.id)?.sort
    if (!by) return rows
    const sign = sort.descending ? -1 : 1
    return [...rows].sort((a, b) => {
      const [left, right] = [by(a), by(b)]
      return left < right ? -sign : left > right ? sign : 0
    })
  }, [rows, columns, sort])
  const virtual = useVirtualizer({
    count: ordered.length,
    getScrollElement: () => body.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  })
  const template = { gridTemplateColumns: columns.map(({ width }) => width).join(' ') }
  const toggle = (key: string) => {
    const next = new Set(marked)
    if (!next.delete(key)) next.add(key)
    onMark?.(next)
  }
  /** Everything between the row that was chosen last and this one. */
  const markUntil = (index: number) => {
    const from = ordered.findIndex((row) => rowKey(row) === selected)
    const [first, last] = [Math.min(from < 0 ? index : from, index), Math.max(from, index)]
    onMark?.(new Set([...(marked ?? []), ...ordered.slice(first, last + 1).map(rowKey)]))
  }
  const click = (event: MouseEvent, row: Row, index: number) => {
    if (onMark && (event.ctrlKey || event.metaKey)) toggle(rowKey(row))
    else if (onMark && event.shiftKey) markUntil(index)
    else onMark?.(new Set())
    onSelect?.(row)
  }
  const move = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: 20,
      PageUp: -20,
      Home: -Infinity,
      End: Infinity,
    }
    const at = ordered.findIndex((row) => rowKey(row) === selected)
    if (event.key === ' ' && onMark && selected !== null) {
      event.preventDefault()
      toggle(selected)
      return
    }
    if (event.key === 'Enter') {
      const row = ordered[at]
      if (row) (onOpen ?? onSelect)?.(row)
      return
    }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    const next = Math.min(ordered.length - 1, Math.max(0, at + step))
    const row = ordered[next]
    if (row) onSelect?.(row)
    virtual.scrollToIndex(next)
  }
  return (
    <div
      className={css.table}
      role="grid"
      aria-label={label}
      aria-multiselectable={onMark !== undefined}
      aria-rowcount={ordered.length + 1}
    >
      <div className={css.head} style={template} role="row" tabIndex={-1}>
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
                onClick={() =>
                  setSort({
                    id: column.id,
                    descending: sort?.id === column.id ? !sort.descending : column.numeric === true,
                  })
                }
              >
                {column.title}
                {sort?.id === column.id ? (sort.descending ? ' ↓' : ' ↑') : ''}
              </button>
            ) : (
              column.title
            )}
          </div>
        ))}
      </div>
      {ordered.length === 0 ? (
        empty
      ) : (
        <div
          ref={body}
          className={css.body}
          role="rowgroup"
          tabIndex={0}
          onKeyDown={move}
          aria-label={`${label}, rows`}
        >
          <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
            {virtual.getVirtualItems().map((item) => {
              const row = ordered[item.index] as Row
              const key = rowKey(row)
              return (
                <div
                  key={key}
                  role="row"
                  tabIndex={-1}
                  aria-rowindex={item.index + 2}
                  aria-selected={key === selected || marked?.has(key) === true}
                  className={key === selected || marked?.has(key) ? `${css.row} ${css.selected}` : css.row}
                  style={{ ...template, transform: `translateY(${item.start}px)` }}
                  onClick={(event) => click(event, row, item.index)}
                  onDoubleClick={() => onOpen?.(row)}
                >
                  {columns.map((column) => (
                    <div
                      key={column.id}
                      role="gridcell"
                      tabIndex={-1}
                      className={column.numeric ? 'number' : undefined}
                    >
                      {column.cell(row)}
                    </div>
                  ))}
                </div>
              )
            })}
          </div>
        </div>
      )}
    </div>
  )
}
