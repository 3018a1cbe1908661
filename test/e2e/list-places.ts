/** A page with a list, and what there is to do with it. */
export interface List {
  readonly place: string
  /** Name of the table. */
  readonly table: string
  /** The title of a column that sorts. */
  readonly sorted: string
  readonly field: string
  /** What is typed, and how many rows have it; there are more without it. */
  readonly find: string
  readonly rows: number
  /** A further choice of the list that leaves these rows: a checkbox, or an option. */
  readonly also?: { readonly label: string; readonly option?: string }
  /** A row opens beside the list. */
  readonly opensBeside?: true
}

export const lists: readonly List[] = [
  {
    place: 'topics',
    table: 'Topics',
    sorted: 'Messages',
    field: 'Find a topic',
    find: 'order',
    rows: 2,
    also: { label: 'internal' },
  },
  {
    place: 'topics/orders/config',
    table: 'Configs',
    sorted: 'Config',
    field: 'Find a config',
    find: 'retention.b',
    rows: 1,
    also: { label: 'changed only' },
  },
  {
    place: 'groups',
    table: 'Groups',
    sorted: 'Members',
    field: 'Find a group',
    find: 'bill',
    rows: 1,
    also: { label: 'State', option: 'Empty' },
  },
  {
    place: 'schemas',
    table: 'Schemas',
    sorted: 'Subject',
    field: 'Find a subject',
    find: 'orders',
    rows: 1,
    also: { label: 'Type', option: 'AVRO' },
  },
  {
    place: 'clients',
    table: 'Clients',
    sorted: 'Client',
    field: 'Find a client',
    find: 'till',
    rows: 1,
    opensBeside: true,
  },
  {
    place: 'transactions',
    table: 'Transactions',
    sorted: 'Committed',
    field: 'Find a transaction',
    find: 'pay',
    rows: 1,
    also: { label: 'State', option: 'CompleteCommit' },
    opensBeside: true,
  },
  { place: 'connections', table: 'Connections', sorted: 'Name', field: 'Find connections', find: 'stag', rows: 1 },
  {
    place: 'wire',
    table: 'Requests and responses',
    sorted: 'Took',
    field: 'Find a request',
    find: 'client:nobody',
    rows: 0,
    also: { label: 'errors only' },
  },
]
