import { useSyncExternalStore } from 'react'
import { type Page, pageList } from '../../src-main/contract/pages'

export type { Page }
export const pages = pageList.map(({ id }) => id)

/** A place in the app: a page, what is open on it, and which view of that. */
export interface Route {
  readonly page: Page
  readonly subject: string | null
  readonly tab: string | null
  /** State of the view, after the `?`, so that a link leads to the same. */
  readonly query: string
}

function parse(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?')
  const [page, subject, tab] = path.split('/').map(decoded)
  return {
    page: pages.find((known) => known === page) ?? 'home',
    subject: subject || null,
    tab: tab || null,
    query,
  }
}

/** Unchanged when it is not valid percent-encoding, such as a typed `%`. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

let current = parse(location.hash)

window.addEventListener('hashchange', () => {
  current = parse(location.hash)
})

/** Returns a function that stops listening. */
export function onRouteChange(changed: () => void): () => void {
  window.addEventListener('hashchange', changed)
  return () => window.removeEventListener('hashchange', changed)
}

export function presentRoute(): Route {
  return current
}

export function useRoute(): Route {
  return useSyncExternalStore(onRouteChange, presentRoute)
}

/** The address of a place, for links. */
export function href(page: Page, subject?: string | null, tab?: string | null): string {
  return `#/${[page, subject, tab]
    .filter((part) => part !== null && part !== undefined)
    .map((part) => encodeURIComponent(String(part)))
    .join('/')}`
}

/** Listeners to changes that the page makes itself: they cause no `hashchange`. */
const queryListeners = new Set<() => void>()

/** As `onRouteChange`, and also after `setQuery`. */
export function onQueryChange(changed: () => void): () => void {
  const stop = onRouteChange(changed)
  queryListeners.add(changed)
  return () => {
    stop()
    queryListeners.delete(changed)
  }
}

/** @param query state of the view */
export function go(page: Page, subject?: string | null, tab?: string | null, query = ''): void {
  location.hash = `${href(page, subject, tab)}${query === '' ? '' : `?${query}`}`
}

/** Opens a subject beside the list of its page, which stays as it is. */
export function goBeside(page: Page, subject?: string | null, tab?: string | null): void {
  go(page, subject, tab, current.query)
}

/** Writes the state of a view into the address, without an entry in the history. */
export function setQuery(query: string): void {
  const [path = ''] = location.hash.split('?')
  const hash = query === '' ? path || '#/' : `${path || '#/'}?${query}`
  if (hash === location.hash) return
  history.replaceState(null, '', hash)
  current = parse(hash)
  for (const changed of queryListeners) changed()
}
