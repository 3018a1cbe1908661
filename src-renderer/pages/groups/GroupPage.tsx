import { useEffect, useRef, useState } from 'react'
import type { GroupDetail } from '../../../src-main/contract/groups'
import { counted } from '../../format/numbers'
import { span } from '../../format/time'
import { StateBadge } from '../../parts/Badge'
import { Button } from '../../parts/Button'
import { Empty } from '../../parts/Empty'
import { Tabs } from '../../parts/Tabs'
import { claimFocus } from '../../stores/arrival'
import { useCan } from '../../stores/can'
import { useFeed } from '../../stores/feed'
import { go, href, useRoute } from '../../stores/route'
import page from '../pages.module.css'
import { Timeline } from '../rebalances/Timeline'
import { ResetView } from '../reset/ResetView'
import { topicsIn } from '../reset/useReset'
import { Deliveries } from '../shares/Deliveries'
import { Tasks } from '../streams/Tasks'
import { DeleteGroup } from './DeleteGroup'
import css from './groups.module.css'
import { HeldUp } from './HeldUp'
import { LagChart } from './LagChart'
import { Members } from './Members'
import { Partitions } from './Partitions'
import { stateSentence } from './states'
import { keptOffset, texts } from './texts'

const views = ['deliveries', 'tasks', 'members', 'rebalances', 'reset'] as const

export function GroupPage({ groupId }: { readonly groupId: string }) {
  const { tab, query } = useRoute()
  const { value: group, problem, hasCome } = useFeed('group', { groupId })
  const [isDeleting, setDeleting] = useState(false)
  const hasLanes = useCan('share.lanes') === true
  if (problem && !group) return <Empty>{problem}</Empty>
  // A page has its heading at once, also while its data is on the way.
  if (!hasCome)
    return (
      <header className={page.header}>
        <a className={page.crumb} href={href('groups')}>
          {texts.title} /
        </a>
        <h1>{groupId}</h1>
      </header>
    )
  if (group === null && tab === 'reset' && topicsIn(query).length > 0) return <FirstOffsets groupId={groupId} />
  if (group === null)
    return (
      <Empty action={<Button onClick={() => go('groups')}>{texts.allGroups}</Button>}>{texts.notFound(groupId)}</Empty>
    )
  // Only share groups deliver records one by one, and only streams groups have tasks.
  const shown = views.filter(
    (view) => (view !== 'deliveries' || group.type === 'share') && (view !== 'tasks' || group.type === 'streams'),
  )
  // A cluster elsewhere does not tell deliveries: its share groups begin with their members.
  const current = shown.find((view) => view === tab) ?? shown.find((view) => view !== 'deliveries' || hasLanes)
  return (
    <>
      <header className={`${page.header} ${page.wraps}`}>
        <a className={page.crumb} href={href('groups')}>
          {texts.title} /
        </a>
        <h1>{groupId}</h1>
        <Tabs
          label={texts.views}
          current={current ?? 'members'}
          tabs={shown.map((id) => ({
            id,
            label: texts.tabs[id],
            href: href('groups', groupId, id),
          }))}
        />
        <span className={page.spacer} />
        <span title={stateSentence(group.state)}>
          <StateBadge state={group.state} />
        </span>
        <span className={`quiet ${page.below}`}>{factsOf(group)}</span>
        <Button look="danger" needs="group.delete" onClick={() => setDeleting(true)}>
          {texts.delete}
        </Button>
      </header>
      {current === 'deliveries' && <Deliveries group={group} />}
      {current === 'tasks' && <Tasks group={group} />}
      {current === 'members' && <Overview group={group} />}
      {current === 'rebalances' && <Timeline groupId={groupId} />}
      {current === 'reset' && <ResetView group={group} />}
      {isDeleting && <DeleteGroup group={group} onClose={() => setDeleting(false)} />}
    </>
  )
}

/** Offsets for a group that does not exist yet: applying them creates it. */
function FirstOffsets({ groupId }: { readonly groupId: string }) {
  const group: GroupDetail = {
    groupId,
    type: 'classic',
    state: 'Dead',
    epoch: 0,
    protocol: '',
    leader: null,
    lag: null,
    uncommitted: 0,
    beyondEnd: 0,
    missingTopics: [],
    lagMs: null,
    members: [],
    partitions: [],
    waiting: null,
  }
  return (
    <>
      <header className={page.header}>
        <a className={page.crumb} href={href('groups')}>
          {texts.title} /
        </a>
        <h1>{groupId}</h1>
        <span className="quiet">{texts.isNew}</span>
      </header>
      <ResetView group={group} />
    </>
  )
}

function factsOf({ type, epoch, members, lag, lagMs, uncommitted, beyondEnd }: GroupDetail): string {
  const offset = keptOffset(type)
  // DescribeGroups does not tell the generation of a classic group.
  const generation = epoch < 0 ? [] : [texts.generation(type === 'classic', epoch)]
  const facts = [...generation, counted(members.length, 'member'), offset.lag(lag)]
  if (lag !== null && uncommitted > 0) facts.push(offset.missing(uncommitted))
  if (beyondEnd > 0) facts.push(offset.beyond(beyondEnd))
  if (lagMs) facts.push(texts.timeLag(span(lagMs)))
  return facts.join(' · ')
}

function Overview({ group }: { readonly group: GroupDetail }) {
  // The lanes of a share group say all of this, where a cluster tells them.
  const hasLanes = useCan('share.lanes') === true
  const scroller = useRef<HTMLDivElement>(null)
  // Page Down and the arrows scroll from the start.
  useEffect(() => claimFocus(scroller.current), [])
  return (
    <div ref={scroller} className={page.scroll} tabIndex={-1}>
      <h2 className={page.section}>{texts.members.title}</h2>
      <Members group={group} />
      {group.missingTopics.length > 0 && (
        <p role="status" className={css.missing}>
          {texts.missingTopics(group.missingTopics)}
        </p>
      )}
      {group.type !== 'share' && (group.lag ?? 0) + group.uncommitted > 0 && <HeldUp groupId={group.groupId} />}
      <h2 className={page.section}>{texts.lagChart.title}</h2>
      <LagChart groupId={group.groupId} hasLag={group.lag !== null} />
      {!(group.type === 'share' && hasLanes) && (
        <>
          <h2 className={page.section}>{texts.partitions.title}</h2>
          <Partitions partitions={group.partitions} members={group.members} type={group.type} />
        </>
      )}
    </div>
  )
}
