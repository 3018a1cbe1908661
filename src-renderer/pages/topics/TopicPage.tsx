import { useMemo, useState } from 'react'
import type { PartitionLine, TopicLine } from '../../../src-main/contract/topics'
import { bytes, integer } from '../../format/numbers'
import { ago } from '../../format/time'
import { Button } from '../../parts/Button'
import { Empty } from '../../parts/Empty'
import { type Column, Table } from '../../parts/Table'
import { Tabs } from '../../parts/Tabs'
import { useFeed } from '../../stores/feed'
import { go, href, useRoute } from '../../stores/route'
import { MessagesView } from '../messages/MessagesView'
import page from '../pages.module.css'
import { AddPartitions } from './AddPartitions'
import { ConfigView } from './ConfigView'
import { RemoveTopics } from './RemoveTopics'

const views = ['messages', 'partitions', 'groups', 'config'] as const

export function TopicPage({ topic }: { readonly topic: string }) {
  const { tab } = useRoute()
  const current = views.find((view) => view === tab) ?? 'messages'
  const { value: topics } = useFeed('topics', undefined)
  const [removing, setRemoving] = useState<'delete' | 'purge' | null>(null)
  const line = topics?.find(({ name }) => name === topic)
  if (topics && !line) {
    return <Empty action={<Button onClick={() => go('topics')}>All topics</Button>}>There is no topic {topic}.</Empty>
  }
  return (
    <>
      <header className={page.header}>
        <a className={page.crumb} href={href('topics')}>
          Topics /
        </a>
        <h1>{topic}</h1>
        <Tabs
          label="Views of the topic"
          current={current}
          tabs={views.map((id) => ({
            id,
            label: (id[0] as string).toUpperCase() + id.slice(1),
            href: href('topics', topic, id),
          }))}
        />
        <span className={page.spacer} />
        <Button onClick={() => setRemoving('purge')}>Purge…</Button>
        <Button look="danger" onClick={() => setRemoving('delete')}>
          Delete…
        </Button>
      </header>
      {current === 'messages' && <MessagesOf key={topic} topic={topic} partitions={line?.partitions ?? 1} />}
      {current === 'partitions' && <PartitionsView topic={topic} />}
      {current === 'groups' && line && <GroupsOf line={line} />}
      {current === 'config' && <ConfigView topic={topic} />}
      {removing && line && <RemoveTopics deed={removing} topics={[line]} onClose={() => setRemoving(null)} />}
    </>
  )
}

function MessagesOf({ topic, partitions }: { readonly topic: string; readonly partitions: number }) {
  const topics = useMemo(() => [topic], [topic])
  return <MessagesView topics={topics} partitions={partitions} />
}

const partitionColumns: readonly Column<PartitionLine>[] = [
  {
    id: 'number',
    title: 'Partition',
    width: '90px',
    numeric: true,
    cell: ({ number }) => number,
    sort: ({ number }) => number,
  },
  {
    id: 'start',
    title: 'Earliest',
    width: '130px',
    numeric: true,
    cell: ({ start }) => integer(start),
    sort: ({ start }) => start,
  },
  {
    id: 'end',
    title: 'Log end',
    width: '130px',
    numeric: true,
    cell: ({ end }) => integer(end),
    sort: ({ end }) => end,
  },
  {
    id: 'messages',
    title: 'Messages',
    width: '130px',
    numeric: true,
    cell: ({ start, end }) => integer(end - start),
    sort: ({ start, end }) => end - start,
  },
  {
    id: 'stable',
    title: 'Last stable',
    width: '130px',
    numeric: true,
    cell: ({ stable, end }) => (stable < end ? integer(stable) : '='),
    sort: ({ stable }) => stable,
  },
  {
    id: 'size',
    title: 'Size',
    width: '90px',
    numeric: true,
    cell: ({ sizeBytes }) => bytes(sizeBytes),
    sort: ({ sizeBytes }) => sizeBytes,
  },
  {
    id: 'producers',
    title: 'Producers',
    width: '90px',
    numeric: true,
    cell: ({ producers }) => producers,
    sort: ({ producers }) => producers,
  },
  {
    id: 'newest',
    title: 'Last message',
    width: '1fr',
    numeric: true,
    cell: ({ newestAt }) => ago(newestAt, Date.now()),
    sort: ({ newestAt }) => newestAt,
  },
]

function PartitionsView({ topic }: { readonly topic: string }) {
  const { value: partitions, problem } = useFeed('topic.partitions', { topic })
  const [isGrowing, setGrowing] = useState(false)
  if (problem) return <Empty>{problem}</Empty>
  const count = partitions?.length
  return (
    <>
      <div className={page.bar}>
        <Button disabled={count === undefined} onClick={() => setGrowing(true)}>
          Add partitions…
        </Button>
      </div>
      <Table
        label="Partitions"
        rows={partitions ?? []}
        columns={partitionColumns}
        rowKey={({ number }) => String(number)}
        empty={null}
      />
      {isGrowing && count !== undefined && (
        <AddPartitions topic={topic} present={count} onClose={() => setGrowing(false)} />
      )}
    </>
  )
}

function GroupsOf({ line }: { readonly line: TopicLine }) {
  return (
    <Table
      label="Groups that read the topic"
      rows={line.groups}
      columns={[
        { id: 'group', title: 'Group', width: '2fr', cell: ({ groupId }) => groupId, sort: ({ groupId }) => groupId },
        {
          id: 'lag',
          title: 'Lag',
          width: '1fr',
          numeric: true,
          cell: ({ lag }) => integer(lag),
          sort: ({ lag }) => lag,
        },
      ]}
      rowKey={({ groupId }) => groupId}
      onOpen={({ groupId }) => go('groups', groupId)}
      empty={<Empty>No group has committed an offset for this topic.</Empty>}
    />
  )
}
