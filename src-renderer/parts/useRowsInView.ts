import { type RefObject, useEffect, useLayoutEffect, useState } from 'react'
import { flushSync } from 'react-dom'

/** Rows kept in the document above and below the visible ones. */
const overscan = 10

/** Rows [from, to) of a list that are visible, and some around them. */
interface Rows {
  readonly from: number
  readonly to: number
}

/** The nearest ancestor that scrolls. */
function scrollerOf(list: HTMLElement): HTMLElement {
  let element = list.parentElement
  while (element && !/auto|scroll/.test(getComputedStyle(element).overflowY)) element = element.parentElement
  return element ?? document.documentElement
}

/** The visible rows of a list that lies, with other things, in a box that scrolls. All rows are `height` pixels high. */
export function useRowsInView(list: RefObject<HTMLElement | null>, count: number, height: number): Rows {
  const [rows, setRows] = useState<Rows>({ from: 0, to: 2 * overscan })
  const look = () => {
    if (!list.current) return
    const box = scrollerOf(list.current).getBoundingClientRect()
    const { top } = list.current.getBoundingClientRect()
    const from = Math.max(0, Math.floor((box.top - top) / height) - overscan)
    const to = Math.max(0, Math.ceil((box.bottom - top) / height) + overscan)
    setRows((before) => (before.from === from && before.to === to ? before : { from, to }))
  }
  // What lies above the list may have become larger or smaller.
  useLayoutEffect(look)
  useEffect(() => {
    if (!list.current) return
    const scroller = scrollerOf(list.current)
    const scrolled = () => flushSync(look)
    const sizes = new ResizeObserver(look)
    scroller.addEventListener('scroll', scrolled, { passive: true })
    sizes.observe(scroller)
    return () => {
      scroller.removeEventListener('scroll', scrolled)
      sizes.disconnect()
    }
  }, [list])
  return { from: Math.min(rows.from, count), to: Math.min(rows.to, count) }
}
