/** The pages in the order of the sidebar: the menu, the keys and the palette follow it. */
export const pageList = [
  { id: 'home', label: 'Home' },
  { id: 'topics', label: 'Topics' },
  { id: 'messages', label: 'Messages' },
  { id: 'groups', label: 'Groups' },
  { id: 'rebalances', label: 'Rebalances' },
  { id: 'clients', label: 'Clients' },
  { id: 'transactions', label: 'Transactions' },
  { id: 'wire', label: 'Wire' },
  { id: 'security', label: 'Security' },
  { id: 'settings', label: 'Settings' },
] as const

export type Page = (typeof pageList)[number]['id']

/** The digit that goes to a page with Ctrl or ⌘: 1 to 9 in their order. Settings, the last, has the comma, as in every app. */
export function keyOf(index: number): string | undefined {
  return index < 9 ? String(index + 1) : undefined
}
