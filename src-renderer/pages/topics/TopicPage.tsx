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
import { texts } from './texts'

const views = ['messages', 'partitions', 'groups', 'config'] as const

export function TopicPage({ topic }: { readonly topic: string }) {
  const { tab } = useRoute()
  const current = views.find((view) => view === tab) ?? 'messages'
  const { value: topics } = useFeed('topics', undefined)
  const [removing, setRemoving] = useState<'delete' | 'purge' | null>(null)
  const line = topics?.find(({ name }) => name === topic)
  if (topics && !line) {
    return (
      <Empty action={<Button onClick={() => go('topics')}>{texts.allTopics}</Button>}>{texts.notFound(topic)}</Empty>
    )
  }
  return (
    <>
      <header className={page.header}>
        <a className={page.crumb} href={href('topics')}>
          {texts.title} /
        </a>
        <h1>{topic}</h1>
        <Tabs
          label={texts.views}
          current={current}
          tabs={views.map((id) => ({
            id,
            label: texts.tabs[id],
            href: href('topics', topic, id),
          }))}
        />
        <span className={page.spacer} />
        <Button onClick={() => setRemoving('purge')}>{texts.purge}</Button>
        <Button look="danger" onClick={() => setRemoving('delete')}>
          {texts.delete}
        </Button>
      </header>
      {current === 'messages' && <MessagesOf key={topic} topic={topic} partitions={line?.partitions ?? 1} />}
      {current === 'partitions' && <PartitionsView topic={topic} />}
      {current === 'groups' && line && <GroupsOf line={line} />}
      {current === 'config' && <ConfigView topic={topic} />}
      {removing && line && <RemoveTopics action={removing} topics={[line]} onClose={() => setRemoving(null)} />}
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
    title: texts.partitions.columns.partition,
    width: '90px',
    numeric: true,
    cell: ({ number }) => number,
    sort: ({ number }) => number,
  },
  {
    id: 'start',
    title: texts.partitions.columns.earliest,
    width: '130px',
    numeric: true,
    cell: ({ start }) => integer(start),
    sort: ({ start }) => start,
  },
  {
    id: 'end',
    title: texts.partitions.columns.logEnd,
    width: '130px',
    numeric: true,
    cell: ({ end }) => integer(end),
    sort: ({ end }) => end,
  },
  {
    id: 'messages',
    title: texts.partitions.columns.messages,
    width: '130px',
    numeric: true,
    cell: ({ start, end }) => integer(end - start),
    sort: ({ start, end }) => end - start,
  },
  {
    id: 'stable',
    title: texts.partitions.columns.stable,
    width: '130px',
    numeric: true,
    cell: ({ stable, end }) => (stable < end ? integer(stable) : '='),
    sort: ({ stable }) => stable,
  },
  {
    id: 'size',
    title: texts.partitions.columns.size,
    width: '90px',
    numeric: true,
    cell: ({ sizeBytes }) => bytes(sizeBytes),
    sort: ({ sizeBytes }) => sizeBytes,
  },
  {
    id: 'producers',
    title: texts.partitions.columns.producers,
    width: '90px',
    numeric: true,
    cell: ({ producers }) => producers,
    sort: ({ producers }) => producers,
  },
  {
    id: 'newest',
    title: texts.partitions.columns.lastMessage,
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
          {texts.partitions.add}
        </Button>
      </div>
      <Table
        label={texts.partitions.title}
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
      label={texts.groups.title}
      rows={line.groups}
      columns={[
        {
          id: 'group',
          title: texts.groups.group,
          width: '2fr',
          cell: ({ groupId }) => groupId,
          sort: ({ groupId }) => groupId,
        },
        {
          id: 'lag',
          title: texts.groups.lag,
          width: '1fr',
          numeric: true,
          cell: ({ lag }) => integer(lag),
          sort: ({ lag }) => lag,
        },
      ]}
      rowKey={({ groupId }) => groupId}
      onOpen={({ groupId }) => go('groups', groupId)}
      empty={<Empty>{texts.groups.empty}</Empty>}
    />
  )
}
