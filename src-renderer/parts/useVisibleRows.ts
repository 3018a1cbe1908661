import type { RefObject } from 'react'
import { useScroll } from './useScroll'

export interface VisibleRow {
  readonly index: number
  /** Distance from the top of the list, in pixels. */
  readonly top: number
  readonly height: number
}

/** Pixels above and below the visible area in which rows are kept in the document. */
const margin = 240

/** The rows of a list that are visible, and some around them, with their places. Rows may differ in height. */
export function useVisibleRows(scroller: RefObject<HTMLElement | null>, heights: readonly number[]) {
  const [{ top, height }] = useScroll(scroller)
  const rows: VisibleRow[] = []
  let end = 0
  heights.forEach((own, index) => {
    if (end + own > top - margin && end < top + height + margin) rows.push({ index, top: end, height: own })
    end += own
  })
  return {
    rows,
    totalHeight: end,
    /** Scrolls as little as needed to make a row visible. */
    reveal(index: number) {
      const box = scroller.current
      const own = heights[index]
      if (!box || own === undefined) return
      const start = heights.slice(0, index).reduce((sum, one) => sum + one, 0)
      if (start < box.scrollTop) box.scrollTop = start
      else if (start + own > box.scrollTop + box.clientHeight) box.scrollTop = start + own - box.clientHeight
    },
  }
}
