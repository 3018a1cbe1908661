import type { ReactNode } from 'react'
import type { Sort } from './TableHead'
import type { Column } from './table-columns'

/** Rows by index: an array, or a list that holds only some of them in memory (`undefined`: the row is being read). */
export interface RowList<Row> {
  readonly length: number
  at(index: number): Row | undefined
}

export interface TableProps<Row> {
  readonly label: string
  /** The widths of the columns are kept under this name. */
  readonly list: string
  /** Only an array can be sorted. */
  readonly rows: RowList<Row>
  readonly columns: readonly Column<Row>[]
  readonly rowKey: (row: Row) => string
  readonly selected?: string | null
  /** The table begins with the selected row in its middle, as soon as that has come. */
  readonly startsAtSelected?: boolean
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
  /** The order is in the address: for the list of a page. */
  readonly keepsOrder?: boolean
  readonly rowClass?: (row: Row) => string | undefined
  /** Rows inserted before the first one so far, minus those removed there: the visible rows stay in place when it changes. */
  readonly shift?: number
  /** The range of visible rows changed. */
  readonly onSight?: (first: number, last: number) => void
  readonly empty: ReactNode
}

export interface Point {
  readonly x: number
  readonly y: number
}
