import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { rowHeight } from './table-columns'

/** Rows beside those in sight that exist as well, so that a quick scroll shows no hole. */
const overscan = 12

interface Place {
  readonly top: number
  readonly height: number
}

/**
 * Which rows of a long list are in sight. `shift` counts the rows that ever came in front of the first one: unless one looks at the very
 * top, what is in sight stays there when it grows, and `unseen` says how many came.
 */
export function useWindow(scroller: RefObject<HTMLDivElement | null>, count: number, shift: number) {
  const [{ top, height }, setPlace] = useState<Place>({ top: 0, height: 0 })
  const [unseen, setUnseen] = useState(0)
  const lastShift = useRef(shift)
  const isHeld = useRef(false)
  /** As last heard: to ask the browser makes it lay out everything at once. */
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
    // At once, not a frame later: else a fast scroll shows rows of before.
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

  /** Scrolls as little as it takes to have a row in sight. */
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
  /** A row is looked at: what comes must not push it away, even at the top. */
  const hold = useCallback(() => {
    isHeld.current = true
  }, [])
  const toTop = useCallback(() => scroller.current?.scrollTo({ top: 0 }), [scroller])

  const first = Math.max(0, Math.floor(top / rowHeight))
  const last = Math.min(count - 1, Math.ceil((top + height) / rowHeight))
  return {
    /** In sight. */
    first: Math.min(first, Math.max(0, count - 1)),
    last,
    /** Drawn. */
    from: Math.max(0, Math.min(first, count) - overscan),
    to: Math.min(count - 1, last + overscan),
    rowsInSight: Math.max(1, Math.floor(height / rowHeight) - 2),
    unseen,
    reveal,
    hold,
    toTop,
  }
}
