import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import { useHost } from '../../host'
import { MessageSearch, noSearch, type Query } from './message-search'

export type { Query, SearchState } from './message-search'

const never = () => () => {}
const none = () => noSearch
const ignored = () => {}

/** Runs a query whenever it changes. */
export function useSearch(query: Query) {
  const client = useHost((host) => host.client)
  const [search, setSearch] = useState<MessageSearch | null>(null)
  const [round, setRound] = useState(0)
  const key = `${round} ${JSON.stringify(query)}`
  useEffect(() => {
    if (!client) return
    const started = new MessageSearch(client, query)
    setSearch(started)
    return () => started.dispose()
  }, [client, key])
  const state = useSyncExternalStore(search?.subscribe ?? never, search?.state ?? none)
  /** Runs the same query again. */
  const again = useCallback(() => setRound((before) => before + 1), [])
  return {
    state,
    again,
    sight: search?.sight ?? ignored,
    pause: search?.pause ?? ignored,
    stop: search?.stop ?? ignored,
  }
}
