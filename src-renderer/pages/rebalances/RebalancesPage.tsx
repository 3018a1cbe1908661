import { StateBadge } from '../../parts/Badge'
import { Empty } from '../../parts/Empty'
import { Choice } from '../../parts/Field'
import { useFeed } from '../../stores/feed'
import { go, useRoute } from '../../stores/route'
import page from '../pages.module.css'
import { Timeline } from './Timeline'

export function RebalancesPage() {
  const { subject } = useRoute()
  const { value: groups } = useFeed('groups', undefined)
  if (!groups) return null
  const active = groups.filter(({ members }) => members > 0)
  const group = groups.find(({ groupId }) => groupId === subject) ?? active[0] ?? groups[0]
  if (!group) return <Empty>No consumer group has been here yet. Rebalances appear here as they happen.</Empty>
  return (
    <>
      <header className={page.header}>
        <h1>Rebalances</h1>
        <Choice aria-label="Group" value={group.groupId} onChange={(event) => go('rebalances', event.target.value)}>
          {groups.map(({ groupId }) => (
            <option key={groupId}>{groupId}</option>
          ))}
        </Choice>
        <StateBadge state={group.state} />
        <span className="quiet">
          {group.type === 'classic' ? 'generation' : 'epoch'} {group.epoch} · {group.members} members · {group.protocol}
        </span>
      </header>
      <Timeline key={group.groupId} groupId={group.groupId} />
    </>
  )
}
