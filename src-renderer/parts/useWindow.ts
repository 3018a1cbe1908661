import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { rowHeight } from './table-columns'

/** Rows kept in the document above and below the visible ones, so that a fast scroll shows no blank area. */
const overscan = 12

interface Place {
  readonly top: number
  readonly height: number
}

/**
 * The visible range of a long list. `shift` counts the rows that were inserted before the first one so far. When it grows, the visible rows
 * stay where they are, unless the list is scrolled to the very top; `unseen` counts the rows that came meanwhile.
 */
export function useWindow(scroller: RefObject<HTMLDivElement | null>, count: number, shift: number) {
  const [{ top, height }, setPlace] = useState<Place>({ top: 0, height: 0 })
  const [unseen, setUnseen] = useState(0)
  const lastShift = useRef(shift)
  const isHeld = useRef(false)
  /** The last known scroll position: reading it from the element would force a layout. */
  const lastTop = useRef(0)

  useEffect(() => {
    const box = scroller.current
    if (!box) return
    const look = () => {
      lastTop.current = box.scrollTop
      if (box.scrollTop < rowHeight / 2) {
        isHeld.current = false
        setUnseen(0)
      }
      setPlace({ top: box.scrollTop, height: box.clientHeight })
    }
    // Synchronously, not a frame later: a fast scroll would show the rows of before.
    const scrolled = () => flushSync(look)
    const sizes = new ResizeObserver(() => setPlace({ top: box.scrollTop, height: box.clientHeight }))
    box.addEventListener('scroll', scrolled, { passive: true })
    sizes.observe(box)
    look()
    return () => {
      box.removeEventListener('scroll', scrolled)
      sizes.disconnect()
    }
  }, [scroller])

  useLayoutEffect(() => {
    const box = scroller.current
    const came = shift - lastShift.current
    lastShift.current = shift
    if (!box || came === 0 || (lastTop.current === 0 && !isHeld.current)) return
    box.scrollTop += came * rowHeight
    lastTop.current = box.scrollTop
    setPlace({ top: box.scrollTop, height: box.clientHeight })
    if (came > 0) setUnseen((before) => before + came)
  }, [scroller, shift])

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
    hold,
    toTop,
  }
}
