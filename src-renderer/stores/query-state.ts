import { useCallback, useEffect, useState } from 'react'
import { onRouteChange, presentRoute, setQuery } from './route'

/**
 * State of a view that is more than fields of the address (`useQueryField`): `write` puts it there, links and the back button set it.
 *
 * @param read of a query; stays the same function while its result does
 */
export function useQueryState<State extends object>(
  read: (query: string) => State,
  write: (state: State) => string,
): readonly [State, change: (part: Partial<State>) => void, show: (query: string) => void] {
  const [state, setState] = useState(() => read(presentRoute().query))
  useEffect(() => setQuery(write(state)), [state, write])
  // Changes that the page makes itself cause no event.
  useEffect(() => onRouteChange(() => setState(read(presentRoute().query))), [read])
  const change = useCallback((part: Partial<State>) => setState((before) => ({ ...before, ...part })), [])
  const show = useCallback((query: string) => setState(read(query)), [read])
  return [state, change, show]
}
