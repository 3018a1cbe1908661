import type { GroupDetail, GroupMember, GroupPartition } from '../../../src-main/contract/groups'
import { hueOf, memberName } from '../../format/members'
import { compact, counted, integer } from '../../format/numbers'
import { span } from '../../format/time'
import { ask } from '../../host'
import { StateBadge } from '../../parts/Badge'
import { Button } from '../../parts/Button'
import { Empty } from '../../parts/Empty'
import { Tabs } from '../../parts/Tabs'
import { useFeed } from '../../stores/feed'
import { attempt } from '../../stores/notices'
import { go, href, useRoute } from '../../stores/route'
import page from '../pages.module.css'
import { Timeline } from '../rebalances/Timeline'
import { ResetView } from '../reset/ResetView'
import css from './groups.module.css'
import { Partitions } from './Partitions'

const views = ['members', 'rebalances', 'reset'] as const

export function GroupPage({ groupId }: { readonly groupId: string }) {
  const { tab } = useRoute()
  const { value: group, problem } = useFeed('group', { groupId })
  const current = views.find((view) => view === tab) ?? 'members'
  if (problem) return <Empty>{problem}</Empty>
  if (group === null)
    return <Empty action={<Button onClick={() => go('groups')}>All groups</Button>}>There is no group {groupId}.</Empty>
  const remove = async () => {
    if (await attempt(() => ask('group.delete', { groupId }), `Deleted group ${groupId}.`)) go('groups')
  }
  return (
    <>
      <header className={page.header}>
        <a className={page.crumb} href={href('groups')}>
          Groups /
        </a>
        <h1>{groupId}</h1>
        <Tabs
          label="Views of the group"
          current={current}
          tabs={views.map((id) => ({
            id,
            label: (id[0] as string).toUpperCase() + id.slice(1),
            href: href('groups', groupId, id),
          }))}
        />
        <span className={page.spacer} />
        <StateBadge state={group.state} />
        <span className="quiet">
          {group.type === 'classic' ? 'generation' : 'epoch'} {group.epoch} · {counted(group.members.length, 'member')}{' '}
          · lag {integer(group.lag)}
        </span>
        {group.state === 'Empty' && (
          <Button look="danger" onClick={remove}>
            Delete
          </Button>
        )}
      </header>
      {current === 'members' && <Overview group={group} />}
      {current === 'rebalances' && <Timeline groupId={groupId} />}
      {current === 'reset' && <ResetView group={group} />}
    </>
  )
}

function Overview({ group }: { readonly group: GroupDetail }) {
  const order = group.members.map(({ memberId }) => memberId)
  return (
    <div className={page.scroll}>
      <h2 className={page.section}>Members</h2>
      {group.members.length === 0 && (
        <p className="quiet">Nobody is in the group. Its offsets stay for when somebody comes.</p>
      )}
      {group.members.map((member) => (
        <Member
          key={member.memberId}
          member={member}
          order={order}
          isLeader={member.memberId === group.leader}
          partitions={group.partitions}
        />
      ))}
      <h2 className={page.section}>Partitions</h2>
      <Partitions partitions={group.partitions} order={order} />
    </div>
  )
}

function Member({
  member,
  order,
  isLeader,
  partitions,
}: {
  readonly member: GroupMember
  readonly order: readonly string[]
  readonly isLeader: boolean
  readonly partitions: readonly GroupPartition[]
}) {
  const own = partitions.filter(({ owner }) => owner === member.memberId)
  const lag = own.reduce((sum, partition) => sum + (partition.lag ?? 0), 0)
  const slowest = own.reduce((max, { lagMs }) => Math.max(max, lagMs ?? 0), 0)
  return (
    <div className={css.member}>
      <span className={css.swatch} style={{ background: hueOf(member.memberId, order) }}>
        {order.indexOf(member.memberId) + 1}
      </span>
      <div>
        <b>{memberName(member)}</b> {isLeader && <span className="quiet">leader</span>}
        <div className="quiet">
          {[member.library, member.clientHost.replace('/', ''), member.phase].filter(Boolean).join(' · ')}
        </div>
      </div>
      <div className={page.cells}>
        {Object.entries(member.assigned).map(([topic, numbers]) => (
          <span key={topic} className={css.assigned}>
            <span className="quiet">{topic}</span>
            {numbers.map((number) => (
              <span key={number} className={page.cell} style={{ background: hueOf(member.memberId, order) }}>
                {number}
              </span>
            ))}
          </span>
        ))}
      </div>
      <span className="number">
        {own.length > 0 ? `lag ${compact(lag)}${slowest > 0 ? ` · ${span(slowest)}` : ''}` : ''}
      </span>
    </div>
  )
}
