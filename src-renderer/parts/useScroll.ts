import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'

export interface ScrollPlace {
  readonly top: number
  readonly height: number
}

/**
 * The scroll position and the height of an element. `measure` reads them again after the code has scrolled it.
 *
 * @param onScroll called with each scroll position, before the list is drawn for it
 */
export function useScroll(
  scroller: RefObject<HTMLElement | null>,
  onScroll: (top: number) => void = () => {},
): readonly [place: ScrollPlace, measure: () => void] {
  const [place, setPlace] = useState<ScrollPlace>({ top: 0, height: 0 })
  const scrolledTo = useRef(onScroll)
  scrolledTo.current = onScroll
  const measure = useCallback(() => {
    const box = scroller.current
    if (box) setPlace({ top: box.scrollTop, height: box.clientHeight })
  }, [scroller])
  const [box, setBox] = useState<HTMLElement | null>(null)
  // The element may come with a later render than the first one, or be another one by then.
  useEffect(() => setBox(scroller.current))
  useEffect(() => {
    if (!box) return
    const look = () => {
      scrolledTo.current(box.scrollTop)
      measure()
    }
    // Synchronously, not a frame later: a fast scroll would show the rows of before.
    const scrolled = () => flushSync(look)
    const sizes = new ResizeObserver(measure)
    box.addEventListener('scroll', scrolled, { passive: true })
    sizes.observe(box)
    look()
    return () => {
      box.removeEventListener('scroll', scrolled)
      sizes.disconnect()
    }
  }, [box, measure])
  return [place, measure]
}
