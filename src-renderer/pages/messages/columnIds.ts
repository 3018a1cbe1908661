export const columnIds = ['topic', 'time', 'partition', 'offset', 'key', 'value', 'headers', 'size'] as const
export type ColumnId = (typeof columnIds)[number]

export const columnTitles: Readonly<Record<ColumnId, string>> = {
  topic: 'Topic',
  time: 'Timestamp',
  partition: 'Partition',
  offset: 'Offset',
  key: 'Key',
  value: 'Value',
  headers: 'Headers',
  size: 'Size',
}
