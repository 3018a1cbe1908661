import { useDeferredValue, useEffect, useMemo, useState } from 'react'
import { onRouteChange, presentRoute, setQuery } from '../../stores/route'
import type { Query } from './message-search'
import { draftOf, type QueryDraft, queryOf, queryText } from './query-draft'

/** The draft, what changes it, and the query that it means. */
export function useQuery(topics: readonly string[]) {
  const [draft, setDraft] = useState<QueryDraft>(() => draftOf(presentRoute().query, topics))
  useEffect(() => setQuery(queryText(draft)), [draft])
  // Only somebody else's change of the address comes as an event: a link, or the back button.
  useEffect(() => onRouteChange(() => setDraft(draftOf(presentRoute().query, topics))), [topics])
  const find = useDeferredValue(draft.find)
  const query = useMemo((): Query => queryOf({ ...draft, find }, topics), [draft, find, topics])
  const change = useMemo(() => (fields: Partial<QueryDraft>) => setDraft((before) => ({ ...before, ...fields })), [])
  return { draft, query, change }
}
