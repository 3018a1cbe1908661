import type { ReactNode } from 'react'

export interface Column<Row> {
  readonly id: string
  readonly title: string
  /** The title is for screen readers only: the cells explain themselves, and need the width that they have. */
  readonly isTitleHidden?: boolean
  /** A CSS grid track: `1fr`, `120px`, `minmax(90px, 1fr)`. */
  readonly width: string
  readonly numeric?: boolean
  /** A table that is too narrow for all of its columns leaves out those with a number, the highest first. */
  readonly yields?: number
  readonly cell: (row: Row) => ReactNode
  /** The value to sort by; columns without it cannot be sorted. */
  readonly sort?: (row: Row) => string | number
}

/** Widths that the user has set, in pixels, by column. */
export type Widths = Readonly<Record<string, number>>

/** Where the title is hidden, there is an icon or a button in each cell. */
export function isResizable({ isTitleHidden = false }: Column<never>): boolean {
  return !isTitleHidden
}

export const rowHeight = 28
const gap = 12
const padding = 32
const markWidth = 16
/** Minimum width of a column that does not set one. */
const leastWidth = 48

const widthOf = <Row>(column: Column<Row>, widths: Widths) => {
  // An earlier version let also such columns be resized.
  const dragged = column.isTitleHidden ? undefined : widths[column.id]
  return dragged === undefined ? column.width : `${dragged}px`
}

/** The columns that a table of this width has room for. */
export function fittingColumns<Row>(
  columns: readonly Column<Row>[],
  hasMarks: boolean,
  available: number,
): readonly Column<Row>[] {
  const yielding = columns.filter((column) => column.yields !== undefined)
  const order = yielding.sort((a, b) => (b.yields ?? 0) - (a.yields ?? 0))
  let fitting = columns
  for (const next of order) {
    if (layoutOf(fitting, {}, hasMarks).minWidth <= available) break
    fitting = fitting.filter((column) => column !== next)
  }
  return fitting
}

/** Grid tracks of rows and heading, and the width below which the table scrolls sideways. */
export function layoutOf<Row>(columns: readonly Column<Row>[], widths: Widths, hasMarks: boolean) {
  const tracks = [...(hasMarks ? [`${markWidth}px`] : []), ...columns.map((column) => widthOf(column, widths))]
  const least = tracks.reduce((sum, track) => sum + Number(/(\d+(?:\.\d+)?)px/.exec(track)?.[1] ?? leastWidth), 0)
  return { tracks: tracks.join(' '), minWidth: least + gap * (tracks.length - 1) + padding }
}
