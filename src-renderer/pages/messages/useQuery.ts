import { useCallback, useDeferredValue, useMemo } from 'react'
import { useQueryState } from '../../stores/query-state'
import type { Query } from './message-search'
import { draftOf, queryOf, queryText } from './query-draft'

/** The state of the query bar, a function to change it, and the resulting query. */
export function useQuery(topics: readonly string[]) {
  const read = useCallback((text: string) => draftOf(text, topics), [topics])
  const [draft, change, show] = useQueryState(read, queryText)
  const find = useDeferredValue(draft.find)
  const where = useDeferredValue(draft.where)
  const query = useMemo((): Query => queryOf({ ...draft, find, where }, topics), [draft, find, where, topics])
  return { draft, query, change, show }
}
