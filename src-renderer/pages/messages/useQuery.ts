import { useCallback, useDeferredValue, useEffect, useMemo, useState } from 'react'
import { onRouteChange, presentRoute, setQuery } from '../../stores/route'
import type { Query } from './message-search'
import { draftOf, type QueryDraft, queryOf, queryText } from './query-draft'

/** The state of the query bar, a function to change it, and the resulting query. */
export function useQuery(topics: readonly string[]) {
  const [draft, setDraft] = useState<QueryDraft>(() => draftOf(presentRoute().query, topics))
  useEffect(() => setQuery(queryText(draft)), [draft])
  // Our own changes of the address cause no event; links and the back button do.
  useEffect(() => onRouteChange(() => setDraft(draftOf(presentRoute().query, topics))), [topics])
  const find = useDeferredValue(draft.find)
  const where = useDeferredValue(draft.where)
  const query = useMemo((): Query => queryOf({ ...draft, find, where }, topics), [draft, find, where, topics])
  const change = useMemo(() => (fields: Partial<QueryDraft>) => setDraft((before) => ({ ...before, ...fields })), [])
  const show = useCallback((text: string) => setDraft(draftOf(text, topics)), [topics])
  return { draft, query, change, show }
}
