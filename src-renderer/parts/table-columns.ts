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

/** Those widths, and how wide the table was when they were set; `null`: an earlier version did not keep that. */
export interface DraggedWidths {
  readonly widths: Widths
  readonly room: number | null
}

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

const leastOf = (track: string) => Number(/(\d+(?:\.\d+)?)px/.exec(track)?.[1] ?? leastWidth)

/** Grid tracks of rows and heading, and the width below which the table scrolls sideways. */
export function layoutOf<Row>(columns: readonly Column<Row>[], widths: Widths, hasMarks: boolean) {
  const tracks = [...(hasMarks ? [`${markWidth}px`] : []), ...columns.map((column) => widthOf(column, widths))]
  const least = tracks.reduce((sum, track) => sum + leastOf(track), 0)
  return { tracks: tracks.join(' '), minWidth: least + gap * (tracks.length - 1) + padding }
}

/**
 * The widths of the user in a table of this width. In one that is narrower than when they were set, columns give way until it does not
 * scroll sideways, each by the same part of what it has beyond its own least width. A table that the user made so wide that it scrolls
 * stays wider than its room by the same part.
 */
export function fittedWidths<Row>(
  columns: readonly Column<Row>[],
  { widths, room }: DraggedWidths,
  hasMarks: boolean,
  available: number,
): Widths {
  const { minWidth } = layoutOf(columns, widths, hasMarks)
  const excess = minWidth - Math.max(available, room === null ? 0 : (minWidth * available) / room)
  if (excess <= 0) return widths
  const spare = minWidth - layoutOf(columns, narrowed(columns, widths, 0), hasMarks).minWidth
  return spare === 0 ? widths : narrowed(columns, widths, Math.max(0, 1 - excess / spare))
}

/** @param part of what each dragged column has beyond its own least width, from 0 to 1 */
function narrowed<Row>(columns: readonly Column<Row>[], widths: Widths, part: number): Widths {
  const narrower = columns.flatMap(({ id, width }): [string, number][] => {
    const dragged = widths[id]
    if (dragged === undefined) return []
    const least = Math.min(dragged, leastOf(width))
    return [[id, least + (dragged - least) * part]]
  })
  return { ...widths, ...Object.fromEntries(narrower) }
}
