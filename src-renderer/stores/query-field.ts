import { useCallback, useMemo, useSyncExternalStore } from 'react'
import { matcherOf } from '../format/find'
import { onQueryChange, presentRoute, setQuery } from './route'

function field(name: string): string | null {
  return new URLSearchParams(presentRoute().query).get(name)
}

function setField(name: string, value: string | null): void {
  const fields = new URLSearchParams(presentRoute().query)
  if (value === null) fields.delete(name)
  else fields.set(name, value)
  setQuery(fields.toString())
}

/**
 * A field of a list that is kept in the address alone: after a reload, with the back button and from a copied link the list is the same.
 * Empty: the address does not have it.
 */
export function useQueryField(name: string): readonly [value: string, set: (value: string) => void] {
  const value = useSyncExternalStore(onQueryChange, () => field(name) ?? '')
  return [value, useCallback((next: string) => setField(name, next === '' ? null : next), [name])]
}

/** A checkbox of a list, kept in the address as `useQueryField` keeps a text. */
export function useQueryFlag(name: string): readonly [isSet: boolean, set: (isSet: boolean) => void] {
  const isSet = useSyncExternalStore(onQueryChange, () => field(name) !== null)
  return [isSet, useCallback((next: boolean) => setField(name, next ? '' : null), [name])]
}

/** The text that a list is searched for. `ListFind` is its field. */
export const useFind = () => useQueryField('find')

/** Tells the texts that a list is searched for. */
export function useMatcher(): (text: string) => boolean {
  const [find] = useFind()
  return useMemo(() => matcherOf(find), [find])
}
