import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { TopicLine } from '../../../src-main/contract/topics'
import { bytes, compact, counted, integer } from '../../format/numbers'
import { ago } from '../../format/time'
import { Button } from '../../parts/Button'
import { Empty } from '../../parts/Empty'
import { Field } from '../../parts/Field'
import { type Column, Table } from '../../parts/Table'
import { useFeed } from '../../stores/feed'
import { go, useRoute } from '../../stores/route'
import page from '../pages.module.css'
import { CreateTopic } from './CreateTopic'
import { RemoveTopics } from './RemoveTopics'
import { TopicPage } from './TopicPage'

const columns: readonly Column<TopicLine>[] = [
  { id: 'name', title: 'Topic', width: 'minmax(130px, 2fr)', cell: ({ name }) => name, sort: ({ name }) => name },
  {
    id: 'partitions',
    title: 'Partitions',
    width: '68px',
    numeric: true,
    cell: ({ partitions }) => integer(partitions),
    sort: ({ partitions }) => partitions,
  },
  {
    id: 'messages',
    title: 'Messages',
    width: '92px',
    numeric: true,
    cell: ({ messages }) => integer(messages),
    sort: ({ messages }) => messages,
  },
  {
    id: 'size',
    title: 'Size',
    width: '68px',
    numeric: true,
    cell: ({ sizeBytes }) => bytes(sizeBytes),
    sort: ({ sizeBytes }) => sizeBytes,
  },
  {
    id: 'in',
    title: 'In',
    width: '124px',
    numeric: true,
    cell: ({ inPerSecond, inBytesPerSecond }) =>
      inPerSecond > 0 ? `${compact(inPerSecond)}/s · ${bytes(inBytesPerSecond)}/s` : '',
    sort: ({ inPerSecond }) => inPerSecond,
  },
  {
    id: 'out',
    title: 'Out',
    width: '78px',
    numeric: true,
    cell: ({ outBytesPerSecond }) => (outBytesPerSecond > 0 ? `${bytes(outBytesPerSecond)}/s` : ''),
    sort: ({ outBytesPerSecond }) => outBytesPerSecond,
  },
  {
    id: 'groups',
    title: 'Groups and lag',
    width: 'minmax(100px, 2fr)',
    cell: ({ groups }) => groups.map(({ groupId, lag }) => `${groupId} ${integer(lag)}`).join(', '),
    sort: ({ groups }) => groups.reduce((sum, { lag }) => sum + lag, 0),
  },
  {
    id: 'policy',
    title: 'Cleanup',
    width: '80px',
    cell: ({ cleanupPolicy }) => cleanupPolicy,
    sort: ({ cleanupPolicy }) => cleanupPolicy,
  },
  {
    id: 'last',
    title: 'Last message',
    width: '92px',
    numeric: true,
    cell: ({ lastMessageAt }) => ago(lastMessageAt, Date.now()),
    sort: ({ lastMessageAt }) => lastMessageAt,
  },
]

export function TopicsPage() {
  const { subject } = useRoute()
  return subject === null ? <TopicList /> : <TopicPage topic={subject} />
}

function TopicList() {
  const { value: topics } = useFeed('topics', undefined)
  const [find, setFind] = useState('')
  const [internal, setInternal] = useState(false)
  const [selected, setSelected] = useState<string | null>(null)
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set())
  const [dialog, setDialog] = useState<'create' | 'delete' | 'purge' | null>(null)
  if (!topics) return null
  const rows = topics.filter(
    (topic) => (internal || !topic.internal) && topic.name.toLowerCase().includes(find.toLowerCase()),
  )
  const chosen = topics.filter(({ name }) => (marked.size > 0 ? marked.has(name) : name === selected))
  return (
    <>
      <header className={page.header}>
        <h1>Topics</h1>
        <Field
          type="search"
          placeholder="Find a topic"
          aria-label="Find a topic"
          value={find}
          onChange={(event) => setFind(event.target.value)}
        />
        <label className="quiet">
          <input type="checkbox" checked={internal} onChange={(event) => setInternal(event.target.checked)} /> internal
        </label>
        <span className={page.spacer} />
        {chosen.length > 0 && (
          <>
            {marked.size > 0 && <span className="quiet">{counted(chosen.length, 'topic')}</span>}
            <Button
              onClick={() =>
                chosen.length === 1
                  ? go('topics', chosen[0]?.name)
                  : go('messages', chosen.map(({ name }) => name).join(','))
              }
            >
              {chosen.length === 1 ? 'Open' : 'Messages'}
            </Button>
            <Button onClick={() => setDialog('purge')}>Purge…</Button>
            <Button look="danger" onClick={() => setDialog('delete')}>
              Delete…
            </Button>
          </>
        )}
        <Button look="primary" onClick={() => setDialog('create')}>
          <Plus size={14} /> Create topic
        </Button>
      </header>
      <Table
        label="Topics"
        rows={rows}
        columns={columns}
        rowKey={({ name }) => name}
        selected={selected}
        onSelect={({ name }) => setSelected(name)}
        marked={marked}
        onMark={setMarked}
        onOpen={({ name }) => go('topics', name)}
        initialSort={{ id: 'name', descending: false }}
        empty={
          <Empty action={<Button onClick={() => setDialog('create')}>Create topic</Button>}>
            {topics.length === 0
              ? 'There are no topics yet. A client makes one by writing to it.'
              : 'No topic has this name.'}
          </Empty>
        }
      />
      {dialog === 'create' && <CreateTopic onClose={() => setDialog(null)} />}
      {(dialog === 'delete' || dialog === 'purge') && chosen.length > 0 && (
        <RemoveTopics deed={dialog} topics={chosen} onClose={() => setDialog(null)} />
      )}
    </>
  )
}
