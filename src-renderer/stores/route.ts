import { useSyncExternalStore } from 'react'

export const pages = [
  'home',
  'topics',
  'messages',
  'groups',
  'rebalances',
  'clients',
  'transactions',
  'wire',
  'settings',
] as const
export type Page = (typeof pages)[number]

/** Where the person is: a page, what is open on it, and which view of that. */
export interface Route {
  readonly page: Page
  readonly subject: string | null
  readonly tab: string | null
}

function parse(hash: string): Route {
  const [page, subject, tab] = hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent)
  return {
    page: pages.find((known) => known === page) ?? 'home',
    subject: subject || null,
    tab: tab || null,
  }
}

let current = parse(location.hash)

window.addEventListener('hashchange', () => {
  current = parse(location.hash)
})

function subscribe(changed: () => void): () => void {
  window.addEventListener('hashchange', changed)
  return () => window.removeEventListener('hashchange', changed)
}

export function useRoute(): Route {
  return useSyncExternalStore(subscribe, () => current)
}

/** The address of a place, for links: the back button works as everywhere. */
export function href(page: Page, subject?: string | null, tab?: string | null): string {
  return `#/${[page, subject, tab]
    .filter((part) => part !== null && part !== undefined)
    .map((part) => encodeURIComponent(String(part)))
    .join('/')}`
}

export function go(page: Page, subject?: string | null, tab?: string | null): void {
  location.hash = href(page, subject, tab)
}
