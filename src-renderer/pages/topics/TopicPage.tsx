import { useEffect, useMemo, useState } from 'react'
import { integer } from '../../format/numbers'
import { StateBadge } from '../../parts/Badge'
import { Button } from '../../parts/Button'
import { Empty } from '../../parts/Empty'
import { Menu } from '../../parts/Menu'
import { Table } from '../../parts/Table'
import { Tabs } from '../../parts/Tabs'
import { useCan } from '../../stores/can'
import { useFeed } from '../../stores/feed'
import { go, href, setQuery, useRoute } from '../../stores/route'
import { CopyDialog } from '../copies/CopyDialog'
import { copyQuery } from '../copies/link'
import { texts as copyTexts } from '../copies/texts'
import { NewGroup } from '../groups/NewGroup'
import { stateSentence } from '../groups/states'
import { MessagesView } from '../messages/MessagesView'
import page from '../pages.module.css'
import { TopicSchemas } from '../schemas/TopicSchemas'
import { AnalysisView } from './AnalysisView'
import { CloneTopic } from './CloneTopic'
import { ConfigView } from './ConfigView'
import { PartitionsView } from './PartitionsView'
import { RecreateTopic } from './RecreateTopic'
import { RemoveTopics } from './RemoveTopics'
import { texts } from './texts'

const views = ['messages', 'partitions', 'groups', 'schemas', 'config', 'analysis'] as const

export function TopicPage({ topic }: { readonly topic: string }) {
  const { tab, query } = useRoute()
  const current = views.find((view) => view === tab) ?? 'messages'
  const { value: topics } = useFeed('topics.names', undefined)
  const [removing, setRemoving] = useState<'delete' | 'purge' | 'recreate' | null>(null)
  /** Views of a topic that was created again begin again. */
  const [recreations, setRecreations] = useState(0)
  const [isCopying, setCopying] = useState(false)
  const [isCloning, setCloning] = useState(false)
  const mayCopy = useCan('copy.start') === true
  // A link of a comparison leads to the dialog.
  useEffect(() => {
    if (query !== copyQuery) return
    setCopying(true)
    setQuery('')
  }, [query])
  const line = topics?.find(({ name }) => name === topic)
  const internal = line?.internal ? { disabled: true, title: texts.internalStays } : {}
  if (topics && !line) {
    return (
      <Empty action={<Button onClick={() => go('topics')}>{texts.allTopics}</Button>}>{texts.notFound(topic)}</Empty>
    )
  }
  return (
    <>
      <header className={`${page.header} ${page.wraps}`}>
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
        <Menu
          label={texts.actions}
          items={[
            ...(mayCopy ? [{ label: copyTexts.open, onSelect: () => setCopying(true) }] : []),
            { label: texts.clone.open, needs: 'topic.clone', onSelect: () => setCloning(true) },
            { ...internal, label: texts.purge, needs: 'topics.purge', onSelect: () => setRemoving('purge') },
            {
              ...internal,
              label: texts.recreation.open,
              needs: 'topic.recreate',
              onSelect: () => setRemoving('recreate'),
            },
            {
              ...internal,
              label: texts.delete,
              needs: 'topics.delete',
              look: 'danger',
              onSelect: () => setRemoving('delete'),
            },
          ]}
        />
      </header>
      {current === 'messages' && (
        <MessagesOf key={`${topic} ${recreations}`} topic={topic} partitions={line?.partitions ?? 1} />
      )}
      {current === 'partitions' && <PartitionsView topic={topic} />}
      {current === 'groups' && <GroupsOf topic={topic} />}
      {current === 'schemas' && <TopicSchemas key={topic} topic={topic} />}
      {current === 'config' && <ConfigView topic={topic} />}
      {current === 'analysis' && <AnalysisView key={`${topic} ${recreations}`} topic={topic} />}
      {isCloning && <CloneTopic topic={topic} onClose={() => setCloning(false)} />}
      {isCopying && mayCopy && <CopyDialog topic={topic} onClose={() => setCopying(false)} />}
      {removing === 'recreate' && (
        <RecreateTopic topic={topic} onDone={() => setRecreations(recreations + 1)} onClose={() => setRemoving(null)} />
      )}
      {removing && removing !== 'recreate' && (
        <RemoveTopics action={removing} topics={[topic]} onClose={() => setRemoving(null)} />
      )}
    </>
  )
}

function MessagesOf({ topic, partitions }: { readonly topic: string; readonly partitions: number }) {
  const topics = useMemo(() => [topic], [topic])
  return <MessagesView topics={topics} partitions={partitions} />
}

function GroupsOf({ topic }: { readonly topic: string }) {
  const { value: groups, hasCome } = useFeed('topic.groups', { topic })
  const [isCreating, setCreating] = useState(false)
  return (
    <>
      <div className={page.bar}>
        <Button needs="reset.apply" onClick={() => setCreating(true)}>
          {texts.groups.create}
        </Button>
      </div>
      <Table
        label={texts.groups.title}
        list="topicGroups"
        rows={groups ?? []}
        columns={[
          {
            id: 'group',
            title: texts.groups.group,
            width: 'minmax(160px, 2fr)',
            cell: ({ groupId }) => <span title={groupId}>{groupId}</span>,
            sort: ({ groupId }) => groupId,
          },
          {
            id: 'state',
            title: texts.groups.state,
            width: 'minmax(112px, 1fr)',
            cell: ({ state }) => (
              <span title={stateSentence(state)}>
                <StateBadge state={state} />
              </span>
            ),
            sort: ({ state }) => state,
          },
          {
            id: 'members',
            title: texts.groups.members,
            width: '150px',
            numeric: true,
            cell: ({ members }) => integer(members),
            sort: ({ members }) => members,
          },
          {
            id: 'lag',
            title: texts.groups.lag,
            width: '110px',
            numeric: true,
            cell: ({ lag }) =>
              lag === null ? (
                <span className="quiet" title={texts.groups.notCommitted}>
                  –
                </span>
              ) : (
                integer(lag)
              ),
            sort: ({ lag }) => lag ?? -1,
          },
        ]}
        rowKey={({ groupId }) => groupId}
        onOpen={({ groupId }) => go('groups', groupId)}
        empty={hasCome && <Empty>{texts.groups.empty}</Empty>}
      />
      {isCreating && <NewGroup topic={topic} onClose={() => setCreating(false)} />}
    </>
  )
}
