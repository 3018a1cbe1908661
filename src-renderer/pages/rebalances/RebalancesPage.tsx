import { type KeyboardEvent, useEffect, useRef } from 'react'
import type { RebalancedGroup } from '../../../src-main/contract/groups'
import { counted } from '../../format/numbers'
import { ago } from '../../format/time'
import { StateBadge, StateGlyph } from '../../parts/Badge'
import { Button } from '../../parts/Button'
import { Empty } from '../../parts/Empty'
import { Choice } from '../../parts/Field'
import { useFeed } from '../../stores/feed'
import { go, href, useRoute } from '../../stores/route'
import { stateSentence } from '../groups/states'
import page from '../pages.module.css'
import css from './rebalances.module.css'
import { Timeline } from './Timeline'
import { texts } from './texts'
import { useTick } from './useTick'
import { epochWord } from './words'

export function RebalancesPage() {
  const { subject } = useRoute()
  const { value: groups } = useFeed('rebalances.groups', undefined)
  /** The group that was shown first: the page does not jump to another one when it loses its members. */
  const stays = useRef<string | null>(null)
  // A page has its heading at once, also while its data is on the way.
  if (!groups)
    return (
      <header className={page.header}>
        <h1>{texts.title}</h1>
      </header>
    )
  const named = groups.find(({ groupId }) => groupId === subject)
  const before = groups.find(({ groupId }) => groupId === stays.current)
  const group = named ?? before ?? movedLast(groups)[0]
  if (!group) {
    return (
      <>
        <header className={page.header}>
          <h1>{texts.title}</h1>
        </header>
        <Empty action={<Button onClick={() => go('home')}>{texts.connect}</Button>}>{texts.noGroups}</Empty>
      </>
    )
  }
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
      {groups.length > 1 && <GroupStrip groups={groups} chosen={group.groupId} />}
      <Timeline key={group.groupId} groupId={group.groupId} />
    </>
  )
}

/** The group whose last rebalance is the newest first. */
function movedLast(groups: readonly RebalancedGroup[]): readonly RebalancedGroup[] {
  return [...groups].sort((a, b) => (b.rebalancedAt ?? -1) - (a.rebalancedAt ?? -1) || b.members - a.members)
}

/** From one group to the next: all of them are one stop of the Tab key, however many there are. */
function moveInStrip(event: KeyboardEvent<HTMLElement>): void {
  const { key, target, currentTarget, altKey, ctrlKey, metaKey } = event
  if (altKey || ctrlKey || metaKey) return
  const links: readonly EventTarget[] = [...currentTarget.querySelectorAll('a')]
  const at = links.indexOf(target)
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    Home: 0,
    End: links.length - 1,
  }
  const next = links[steps[key] ?? -1]
  if (!(next instanceof HTMLElement)) return
  event.preventDefault()
  next.focus()
}

/** All groups at a glance, in the order of their names so that none jumps: state, and how long ago each moved. */
function GroupStrip({ groups, chosen }: { readonly groups: readonly RebalancedGroup[]; readonly chosen: string }) {
  useTick()
  const now = Date.now()
  const newest = movedLast(groups)[0]
  const strip = useRef<HTMLElement>(null)
  // Of many groups the one that is shown is in view.
  useEffect(() => {
    strip.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [chosen])
  return (
    <nav ref={strip} className={css.groups} aria-label={texts.groups} onKeyDown={moveInStrip}>
      {groups.map(({ groupId, state, rebalancedAt }) => (
        <a
          key={groupId}
          href={href('rebalances', groupId)}
          aria-current={groupId === chosen ? 'true' : undefined}
          tabIndex={groupId === chosen ? 0 : -1}
          className={groupId === newest?.groupId ? css.movedLast : undefined}
          title={`${groupId}\n${state}: ${stateSentence(state)}`}
        >
          <StateGlyph state={state} />
          <span>{groupId}</span>
          <span className="quiet number">{rebalancedAt === null ? texts.neverMoved : ago(rebalancedAt, now)}</span>
        </a>
      ))}
    </nav>
  )
}
