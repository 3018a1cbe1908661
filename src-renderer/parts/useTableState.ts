import {
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  type RefObject,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { claimFocus } from '../stores/arrival'
import type { RowList, TableProps } from './table-props'
import { useSort } from './useSort'
import { useWindow } from './useWindow'

/** The row that the keys act on; `shift` is the value that the table had when the cursor was set. */
interface Cursor {
  readonly key: string
  readonly index: number
  readonly shift: number
}

/** The order of the rows, the cursor, the marks and the keys of a table. @param id prefix of the ids of its rows */
export function useTableState<Row>(props: TableProps<Row>, grid: RefObject<HTMLDivElement | null>, id: string) {
  const { rows, columns, rowKey, selected = null, onSelect, onOpen, onMenu, marked, onMark, shift = 0, onSight } = props
  const [sort, setSort] = useSort(props.keepsOrder === true, props.initialSort ?? null)
  const [cursor, setCursor] = useState<Cursor | null>(null)
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
  const { first, last } = view
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
  /** The row to start at, until it has come. */
  const start = useRef(props.startsAtSelected ? selected : null)
  useEffect(() => {
    const index = start.current === null ? -1 : find(start.current)
    if (index < 0) return
    start.current = null
    view.center(index)
  }, [ordered.length])
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
  return {
    ordered,
    view,
    at,
    sort,
    setSort,
    click,
    move,
    focused,
    markAll: (isAll: boolean) => mark(isAll ? allKeys(ordered, rowKey) : []),
    openMenu(event: MouseEvent, row: Row, index: number) {
      if (!onMenu) return
      event.preventDefault()
      setCursor({ key: rowKey(row), index, shift })
      onMenu(row, { x: event.clientX, y: event.clientY })
    },
  }
}

function allKeys<Row>(rows: RowList<Row>, rowKey: (row: Row) => string): string[] {
  return Array.from({ length: rows.length }, (_, i) => rows.at(i)).flatMap((row) =>
    row === undefined ? [] : [rowKey(row)],
  )
}
