import { Plus, Star } from 'lucide-react'
import { Fragment, useEffect, useState } from 'react'
import type { TopicLine } from '../../../src-main/contract/topics'
import { bytes, compact, counted, integer } from '../../format/numbers'
import { ago } from '../../format/time'
import { Button } from '../../parts/Button'
import { Empty } from '../../parts/Empty'
import { ListHeader } from '../../parts/ListHeader'
import { type Column, Table } from '../../parts/Table'
import { onCommand } from '../../stores/commands'
import { useFeed } from '../../stores/feed'
import { useFind, useMatcher, useQueryFlag } from '../../stores/query-field'
import { go, href, useRoute } from '../../stores/route'
import { useSettings } from '../../stores/settings'
import page from '../pages.module.css'
import { CreateTopic } from './CreateTopic'
import { RemoveTopics } from './RemoveTopics'
import { TopicPage } from './TopicPage'
import { texts } from './texts'
import { type TreeRow, treeRows } from './topic-tree'
import css from './topics.module.css'

type Row = TopicLine & Partial<Pick<TreeRow, 'prefix' | 'depth' | 'topics'>>

const columns: readonly Column<Row>[] = [
  {
    id: 'favourite',
    title: texts.favourites,
    isTitleHidden: true,
    width: '20px',
    cell: (row) => (row.prefix ? null : <Favourite topic={row.name} />),
  },
  {
    id: 'name',
    title: texts.columns.topic,
    // Names that differ only behind a long prefix are told apart.
    width: 'minmax(200px, 2.4fr)',
    cell: ({ name, prefix, depth = 0, topics = 0 }) => (
      <span style={{ paddingLeft: depth * 16 }} title={name}>
        {prefix ? (
          <>
            <b>{name}</b> <span className="quiet">{texts.group(topics)}</span>
          </>
        ) : (
          <a className={page.nameLink} href={href('topics', name)} tabIndex={-1}>
            {name}
          </a>
        )}
      </span>
    ),
    sort: ({ name }) => name,
  },
  {
    id: 'partitions',
    yields: 2,
    title: texts.columns.partitions,
    width: '68px',
    numeric: true,
    cell: ({ partitions }) => integer(partitions),
    sort: ({ partitions }) => partitions,
  },
  {
    id: 'messages',
    title: texts.columns.messages,
    width: '80px',
    numeric: true,
    cell: ({ messages }) => integer(messages),
    sort: ({ messages }) => messages,
  },
  {
    id: 'size',
    yields: 1,
    title: texts.columns.size,
    width: '68px',
    numeric: true,
    cell: ({ sizeBytes }) => bytes(sizeBytes),
    sort: ({ sizeBytes }) => sizeBytes,
  },
  {
    id: 'in',
    title: texts.columns.in,
    width: '110px',
    numeric: true,
    // A cluster elsewhere tells offsets, but no bytes.
    cell: ({ inPerSecond, inBytesPerSecond }) =>
      [
        ...(inPerSecond > 0 ? [`${compact(inPerSecond)}/s`] : []),
        ...(inBytesPerSecond > 0 ? [`${bytes(inBytesPerSecond)}/s`] : []),
      ].join(' · '),
    sort: ({ inPerSecond }) => inPerSecond,
  },
  {
    id: 'out',
    yields: 4,
    title: texts.columns.out,
    width: '78px',
    numeric: true,
    cell: ({ outBytesPerSecond }) => (outBytesPerSecond > 0 ? `${bytes(outBytesPerSecond)}/s` : ''),
    sort: ({ outBytesPerSecond }) => outBytesPerSecond,
  },
  {
    id: 'groups',
    title: texts.columns.groups,
    width: 'minmax(92px, 2fr)',
    cell: ({ groups }) => (
      <span title={groups.map(({ groupId, lag }) => texts.lag(groupId, lag)).join(', ')}>
        {groups.map(({ groupId, lag }, i) => (
          <Fragment key={groupId}>
            {i > 0 && ', '}
            <a className={page.nameLink} href={href('groups', groupId)} tabIndex={-1}>
              {texts.lag(groupId, lag)}
            </a>
          </Fragment>
        ))}
      </span>
    ),
    sort: ({ groups }) => groups.reduce((sum, { lag }) => sum + lag, 0),
  },
  {
    id: 'policy',
    yields: 3,
    title: texts.columns.cleanup,
    width: '80px',
    cell: ({ cleanupPolicy }) => cleanupPolicy,
    sort: ({ cleanupPolicy }) => cleanupPolicy,
  },
  {
    id: 'last',
    title: texts.columns.lastMessage,
    width: '82px',
    numeric: true,
    cell: ({ lastMessageAt }) => ago(lastMessageAt, Date.now()),
    sort: ({ lastMessageAt }) => lastMessageAt,
  },
]

/** In a tree the order is that of the names. */
const treeColumns = columns.map(({ sort: _, ...column }) => column)

function Favourite({ topic }: { readonly topic: string }) {
  const favourites = useSettings((settings) => settings.favourites)
  const isOne = favourites.includes(topic)
  const label = texts.favourite(topic, isOne)
  return (
    <button
      type="button"
      className={css.star}
      tabIndex={-1}
      aria-pressed={isOne}
      aria-label={label}
      title={label}
      onClick={(event) => {
        event.stopPropagation()
        const others = favourites.filter((other) => other !== topic)
        useSettings.setState({ favourites: isOne ? others : [...others, topic] })
      }}
    >
      <Star size={12} fill={isOne ? 'currentColor' : 'none'} />
    </button>
  )
}

export function TopicsPage() {
  const { subject } = useRoute()
  return subject === null ? <TopicList /> : <TopicPage topic={subject} />
}

function TopicList() {
  const { value, hasCome } = useFeed('topics', undefined)
  const topics = value ?? []
  const [find] = useFind()
  const matches = useMatcher()
  const [internal, setInternal] = useQueryFlag('internal')
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set())
  const [dialog, setDialog] = useState<'create' | 'delete' | 'purge' | null>(null)
  useEffect(() => onCommand('createTopic', () => setDialog('create')), [])
  const favourites = useSettings((settings) => settings.favourites)
  const isTopicTree = useSettings((settings) => settings.isTopicTree)
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const found = topics.filter((topic) => (internal || !topic.internal) && matches(topic.name))
  // A search opens nothing: it lists what it finds.
  const isTree = isTopicTree && find === ''
  const isFirst = (name: string) => Number(favourites.includes(name))
  const rows: readonly Row[] = isTree
    ? treeRows(found, open)
    : [...found].sort((a, b) => isFirst(b.name) - isFirst(a.name) || (a.name < b.name ? -1 : 1))
  const openRow = ({ name, prefix }: Row) => {
    if (!prefix) return go('topics', name)
    const next = new Set(open)
    if (!next.delete(name)) next.add(name)
    setOpen(next)
  }
  // A marked group stands for the topics in it.
  const groups = rows.flatMap(({ prefix }) => (prefix && marked.has(prefix) ? [prefix] : []))
  const chosen = found.filter(({ name }) => marked.has(name) || groups.some((prefix) => name.startsWith(prefix)))
  return (
    <>
      <ListHeader title={texts.title} find={{ label: texts.find, placeholder: texts.findPlaceholder }}>
        <label className="quiet">
          <input type="checkbox" checked={internal} onChange={(event) => setInternal(event.target.checked)} />{' '}
          {texts.internal}
        </label>
        <label className="quiet" title={texts.treeTitle}>
          <input
            type="checkbox"
            checked={isTopicTree}
            onChange={(event) => useSettings.setState({ isTopicTree: event.target.checked })}
          />{' '}
          {texts.tree}
        </label>
        <span className={page.spacer} />
        {chosen.length > 0 && (
          <>
            <span className="quiet">{counted(chosen.length, 'topic')}</span>
            <Button
              onClick={() =>
                chosen.length === 1
                  ? go('topics', chosen[0]?.name)
                  : go('messages', chosen.map(({ name }) => name).join(','))
              }
            >
              {chosen.length === 1 ? texts.open : texts.messagesOf}
            </Button>
            <Button needs="topics.purge" onClick={() => setDialog('purge')}>
              {texts.purge}
            </Button>
            <Button needs="topics.delete" look="danger" onClick={() => setDialog('delete')}>
              {texts.delete}
            </Button>
          </>
        )}
        <Button look="primary" needs="topic.create" onClick={() => setDialog('create')}>
          <Plus size={14} /> {texts.create}
        </Button>
      </ListHeader>
      <Table
        label={texts.title}
        list="topics"
        keepsOrder
        rows={rows}
        key={isTree ? 'tree' : 'list'}
        columns={isTree ? treeColumns : columns}
        rowKey={({ name }) => name}
        marked={marked}
        onMark={setMarked}
        onOpen={openRow}
        empty={
          hasCome && (
            <Empty
              action={
                <Button needs="topic.create" onClick={() => setDialog('create')}>
                  {texts.create}
                </Button>
              }
            >
              {topics.length === 0 ? texts.empty : texts.noMatch}
            </Empty>
          )
        }
      />
      {dialog === 'create' && <CreateTopic onClose={() => setDialog(null)} />}
      {(dialog === 'delete' || dialog === 'purge') && chosen.length > 0 && (
        <RemoveTopics action={dialog} topics={chosen.map(({ name }) => name)} onClose={() => setDialog(null)} />
      )}
    </>
  )
}
