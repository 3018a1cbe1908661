import { useState } from 'react'
import type { PartitionLine } from '../../../src-main/contract/topics'
import { bytes, integer } from '../../format/numbers'
import { ago } from '../../format/time'
import { Button } from '../../parts/Button'
import { Empty } from '../../parts/Empty'
import { type Column, Table } from '../../parts/Table'
import { useFeed } from '../../stores/feed'
import page from '../pages.module.css'
import { AddPartitions } from './AddPartitions'
import { DeleteRecords } from './DeleteRecords'
import { texts } from './texts'

const partitionColumns: readonly Column<PartitionLine>[] = [
  {
    id: 'number',
    title: texts.partitions.columns.partition,
    width: '76px',
    numeric: true,
    cell: ({ number }) => number,
    sort: ({ number }) => number,
  },
  {
    id: 'start',
    title: texts.partitions.columns.earliest,
    width: 'minmax(100px, 1fr)',
    numeric: true,
    cell: ({ start }) => integer(start),
    sort: ({ start }) => start,
  },
  {
    id: 'end',
    title: texts.partitions.columns.logEnd,
    width: 'minmax(100px, 1fr)',
    numeric: true,
    cell: ({ end }) => integer(end),
    sort: ({ end }) => end,
  },
  {
    id: 'messages',
    title: texts.partitions.columns.messages,
    width: 'minmax(100px, 1fr)',
    numeric: true,
    cell: ({ start, end }) => integer(end - start),
    sort: ({ start, end }) => end - start,
  },
  {
    id: 'stable',
    title: texts.partitions.columns.stable,
    width: 'minmax(100px, 1fr)',
    numeric: true,
    cell: ({ stable, end }) => (stable < end ? integer(stable) : '='),
    sort: ({ stable }) => stable,
  },
  {
    id: 'size',
    title: texts.partitions.columns.size,
    width: '76px',
    numeric: true,
    cell: ({ sizeBytes }) => bytes(sizeBytes),
    sort: ({ sizeBytes }) => sizeBytes,
  },
  {
    id: 'producers',
    yields: 1,
    title: texts.partitions.columns.producers,
    width: '76px',
    numeric: true,
    cell: ({ producers }) => producers,
    sort: ({ producers }) => producers,
  },
  {
    id: 'newest',
    title: texts.partitions.columns.lastMessage,
    width: 'minmax(96px, 1fr)',
    numeric: true,
    cell: ({ newestAt }) => ago(newestAt, Date.now()),
    sort: ({ newestAt }) => newestAt,
  },
]

/** The partitions of a topic with their offsets; adds partitions and deletes records. */
export function PartitionsView({ topic }: { readonly topic: string }) {
  const { value: partitions, problem } = useFeed('topic.partitions', { topic })
  const [dialog, setDialog] = useState<'grow' | 'delete' | null>(null)
  if (problem) return <Empty>{problem}</Empty>
  const count = partitions?.length
  return (
    <>
      <div className={page.bar}>
        <Button needs="topic.grow" disabled={count === undefined} onClick={() => setDialog('grow')}>
          {texts.partitions.add}
        </Button>
        <Button needs="topic.deleteRecords" disabled={!count} onClick={() => setDialog('delete')}>
          {texts.partitions.deleteRecords}
        </Button>
      </div>
      <Table
        label={texts.partitions.title}
        list="topicPartitions"
        rows={partitions ?? []}
        columns={partitionColumns}
        rowKey={({ number }) => String(number)}
        empty={null}
      />
      {dialog === 'grow' && count !== undefined && (
        <AddPartitions topic={topic} present={count} onClose={() => setDialog(null)} />
      )}
      {dialog === 'delete' && partitions && (
        <DeleteRecords topic={topic} partitions={partitions} onClose={() => setDialog(null)} />
      )}
    </>
  )
}
