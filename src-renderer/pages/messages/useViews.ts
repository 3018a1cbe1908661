import { useEffect, useRef } from 'react'
import type { SavedView } from '../../../src-main/contract/views'
import { useFeed } from '../../stores/feed'
import { presentRoute } from '../../stores/route'

interface Views {
  readonly views: readonly SavedView[]
  /** It is known whether there is a default. */
  readonly isReady: boolean
}

/** The key of the views of several topics. */
export const severalTopics = '*'

/** Saved views of a topic. A page that was opened without a query of its own shows the default one, once. */
export function useViews(topic: string, show: (query: string) => void): Views {
  const { value, problem } = useFeed('topic.views', { topic })
  const isPlain = useRef(presentRoute().query === '')
  const isReady = value !== null || problem !== null || !isPlain.current
  useEffect(() => {
    if (value === null || !isPlain.current) return
    isPlain.current = false
    const chosen = value.find(({ isDefault }) => isDefault)
    if (chosen && presentRoute().query === '') show(chosen.query)
  }, [value, show])
  return { views: value ?? [], isReady }
}
