import type { Name } from '../../src-main/contract/contract'
import type { Page } from '../../src-main/contract/pages'

/** What each page cannot do without. */
export const pageNeeds: Readonly<Record<Page, readonly Name[]>> = {
  home: ['workspace'],
  topics: ['topics'],
  messages: ['messages.search'],
  groups: ['groups'],
  rebalances: ['rebalances'],
  clients: ['clients'],
  transactions: ['transactions'],
  // Without schemas of its own, it still chooses the registry that values are read with.
  schemas: [],
  wire: ['exchanges'],
  security: ['security'],
  connections: ['connections'],
  settings: ['settings'],
}
