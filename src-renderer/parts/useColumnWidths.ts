import { useCallback } from 'react'
import { useSettings } from '../stores/settings'
import type { Widths } from './table-columns'

const noWidths: Widths = {}

/** The widths that the user has given to the columns of a list, kept between visits. */
export function useColumnWidths(list: string) {
  const widths = useSettings(({ columnWidths }) => columnWidths[list]) ?? noWidths
  const room = useSettings(({ columnRooms }) => columnRooms[list]) ?? null
  /** @param tableWidth how wide the table is, in pixels */
  const setWidths = useCallback(
    (next: Widths, tableWidth: number) =>
      useSettings.setState(({ columnWidths, columnRooms }) => ({
        columnWidths: { ...columnWidths, [list]: next },
        columnRooms: { ...columnRooms, [list]: tableWidth },
      })),
    [list],
  )
  /** Gives a column its own width back. */
  const resetWidth = useCallback(
    (id: string) =>
      useSettings.setState(({ columnWidths }) => {
        const { [id]: _, ...others } = columnWidths[list] ?? noWidths
        return { columnWidths: { ...columnWidths, [list]: others } }
      }),
    [list],
  )
  return { dragged: { widths, room }, setWidths, resetWidth }
}
