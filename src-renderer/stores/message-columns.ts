/** Columns of the message table, in their default order. */
export const columnIds = ['topic', 'time', 'partition', 'offset', 'key', 'value', 'headers', 'size'] as const
export type ColumnId = (typeof columnIds)[number]
