import { useCallback } from 'react'
import { useSettings } from '../stores/settings'
import type { Widths } from './table-columns'

const noWidths: Widths = {}

/** The widths that the user has given to the columns of a list, kept between visits. `null` gives a column its own width back. */
export function useColumnWidths(list: string): readonly [Widths, (id: string, width: number | null) => void] {
  const widths = useSettings(({ columnWidths }) => columnWidths[list]) ?? noWidths
  const setWidth = useCallback(
    (id: string, width: number | null) =>
      useSettings.setState(({ columnWidths }) => {
        const { [id]: _, ...others } = columnWidths[list] ?? noWidths
        return { columnWidths: { ...columnWidths, [list]: width === null ? others : { ...others, [id]: width } } }
      }),
    [list],
  )
  return [widths, setWidth]
}
