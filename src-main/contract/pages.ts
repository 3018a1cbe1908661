/** The pages in the order of the sidebar, each with its key (with Ctrl or ⌘): menu, keys and palette follow it. */
export const pageList = [
  { id: 'home', label: 'Home', key: '1' },
  { id: 'topics', label: 'Topics', key: '2' },
  { id: 'messages', label: 'Messages', key: '3' },
  { id: 'schemas', label: 'Schemas', key: '.' },
  { id: 'groups', label: 'Groups', key: '4' },
  { id: 'rebalances', label: 'Rebalances', key: '5' },
  { id: 'clients', label: 'Clients', key: '6' },
  { id: 'transactions', label: 'Transactions', key: '7' },
  { id: 'wire', label: 'Wire', key: '8' },
  { id: 'security', label: 'Security', key: '9' },
  { id: 'connections', label: 'Connections', key: ';' },
  // As in every app.
  { id: 'settings', label: 'Settings', key: ',' },
] as const

export type Page = (typeof pageList)[number]['id']
