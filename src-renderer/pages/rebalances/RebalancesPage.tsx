import { useRef } from 'react'
import { counted } from '../../format/numbers'
import { StateBadge } from '../../parts/Badge'
import { Empty } from '../../parts/Empty'
import { Choice } from '../../parts/Field'
import { useFeed } from '../../stores/feed'
import { go, useRoute } from '../../stores/route'
import page from '../pages.module.css'
import css from './rebalances.module.css'
import { Timeline } from './Timeline'
import { texts } from './texts'
import { epochWord } from './words'

export function RebalancesPage() {
  const { subject } = useRoute()
  const { value: groups } = useFeed('groups', undefined)
  /** The group that was shown first: the page does not jump to another one when it loses its members. */
  const stays = useRef<string | null>(null)
  if (!groups) return null
  const named = groups.find(({ groupId }) => groupId === subject)
  const before = groups.find(({ groupId }) => groupId === stays.current)
  const group = named ?? before ?? groups.find(({ members }) => members > 0) ?? groups[0]
  if (!group) return <Empty>{texts.noGroups}</Empty>
  stays.current = group.groupId
  return (
    <>
      <header className={page.header}>
        <h1>{texts.title}</h1>
        <Choice
          aria-label={texts.group}
          value={group.groupId}
          onChange={(event) => go('rebalances', event.target.value)}
        >
          {groups.map(({ groupId }) => (
            <option key={groupId}>{groupId}</option>
          ))}
        </Choice>
        <StateBadge state={group.state} />
        <span className={css.facts}>
          {epochWord(group.type)} {group.epoch} · {counted(group.members, 'member')}
          {group.protocol && ` · ${group.protocol}`}
        </span>
      </header>
      <Timeline key={group.groupId} groupId={group.groupId} />
    </>
  )
}
