import { useCallback } from 'react'
import { useSettings } from '../stores/settings'
import type { Widths } from './table-columns'

const noWidths: Widths = {}

/** The widths that the user has given to the columns of a list, kept between visits. */
export function useColumnWidths(list: string) {
  const widths = useSettings(({ columnWidths }) => columnWidths[list]) ?? noWidths
  const change = useCallback(
    (next: (before: Widths) => Widths) =>
      useSettings.setState(({ columnWidths }) => ({
        columnWidths: { ...columnWidths, [list]: next(columnWidths[list] ?? noWidths) },
      })),
    [list],
  )
  const setWidths = useCallback((more: Widths) => change((before) => ({ ...before, ...more })), [change])
  /** Gives a column its own width back. */
  const resetWidth = useCallback((id: string) => change(({ [id]: _, ...others }) => others), [change])
  return { widths, setWidths, resetWidth }
}
