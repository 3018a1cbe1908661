import { useEffect, useRef, useState } from 'react'
import { setQuery, useRoute } from '../../stores/route'
import { readView, type View, writeView } from './view'

/** The address is not written at every step of a drag: browsers limit that. */
const writeAfterMs = 200

/** State of the timeline, kept in the address so that a link restores it. */
export function useView(): [View, (change: Partial<View>) => void] {
  const { query } = useRoute()
  const [view, setView] = useState(() => readView(query))
  const written = useRef(query)
  const asked = useRef(query)
  useEffect(() => {
    // A link to the open page was followed.
    if (query === asked.current) return
    asked.current = query
    if (query !== written.current) setView(readView(query))
  }, [query])
  useEffect(() => {
    const text = writeView(view)
    if (text === written.current) return
    const timer = setTimeout(() => {
      written.current = text
      setQuery(text)
    }, writeAfterMs)
    return () => clearTimeout(timer)
  }, [view])
  return [view, (change) => setView((before) => ({ ...before, ...change }))]
}
