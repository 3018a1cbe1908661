import { useEffect, useRef, useState } from 'react'
import { setQuery, useRoute } from '../../stores/route'
import { readView, type View, writeView } from './view'

/** While somebody drags, the address is not written at every step: browsers refuse that. */
const writeAfterMs = 200

/** What is seen of the timeline, kept in the address: a link leads to the same. */
export function useView(): [View, (change: Partial<View>) => void] {
  const { query } = useRoute()
  const [view, setView] = useState(() => readView(query))
  const written = useRef(query)
  const asked = useRef(query)
  useEffect(() => {
    // Somebody followed a link to the page that is open.
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
