import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react'
import { rowHeight } from './table-columns'
import { useScroll } from './useScroll'

/** Rows kept in the document above and below the visible ones, so that a fast scroll shows no blank area. */
const overscan = 12

/**
 * The visible range of a long list. `shift` counts the rows that were inserted before the first one so far. When it grows, the visible rows
 * stay where they are, unless the list is scrolled to the very top; `unseen` counts the rows that came meanwhile.
 */
export function useWindow(scroller: RefObject<HTMLDivElement | null>, count: number, shift: number) {
  const [unseen, setUnseen] = useState(0)
  const lastShift = useRef(shift)
  const isHeld = useRef(false)
  /** The last known scroll position: reading it from the element would force a layout. */
  const lastTop = useRef(0)
  const [{ top, height }, measure] = useScroll(scroller, (scrolledTo) => {
    lastTop.current = scrolledTo
    if (scrolledTo >= rowHeight / 2) return
    isHeld.current = false
    setUnseen(0)
  })

  useLayoutEffect(() => {
    const box = scroller.current
    const came = shift - lastShift.current
    lastShift.current = shift
    if (!box || came === 0 || (lastTop.current === 0 && !isHeld.current)) return
    box.scrollTop += came * rowHeight
    lastTop.current = box.scrollTop
    measure()
    if (came > 0) setUnseen((before) => before + came)
  }, [scroller, shift, measure])

  /** Scrolls as little as needed to make a row visible. */
  const reveal = useCallback(
    (index: number) => {
      const box = scroller.current
      if (!box) return
      const at = index * rowHeight
      const inSight = box.clientHeight - 2 * rowHeight
      if (at < box.scrollTop) box.scrollTop = at
      else if (at > box.scrollTop + inSight) box.scrollTop = at - inSight
    },
    [scroller],
  )
  /** Scrolls a row to the middle. */
  const center = useCallback(
    (index: number) => {
      const box = scroller.current
      if (box) box.scrollTop = Math.max(0, (index + 0.5) * rowHeight - box.clientHeight / 2)
    },
    [scroller],
  )
  /** The user is at a row: new rows must not push it away, even at the top. */
  const hold = useCallback(() => {
    isHeld.current = true
  }, [])
  const toTop = useCallback(() => scroller.current?.scrollTo({ top: 0 }), [scroller])

  const first = Math.max(0, Math.floor(top / rowHeight))
  const last = Math.min(count - 1, Math.ceil((top + height) / rowHeight))
  return {
    /** Visible. */
    first: Math.min(first, Math.max(0, count - 1)),
    last,
    /** In the document. */
    from: Math.max(0, Math.min(first, count) - overscan),
    to: Math.min(count - 1, last + overscan),
    rowsInSight: Math.max(1, Math.floor(height / rowHeight) - 2),
    unseen,
    reveal,
    center,
    hold,
    toTop,
  }
}
