import { type CSSProperties, useState } from 'react'
import type { GroupDetail, GroupMember, GroupPartition, TopicPartitions } from '../../../src-main/contract/groups'
import { hueOf, memberName } from '../../format/members'
import { span } from '../../format/time'
import { Button } from '../../parts/Button'
import { useFeed } from '../../stores/feed'
import { partitionsText } from '../messages/partition-list'
import page from '../pages.module.css'
import css from './groups.module.css'
import { idleMs } from './idle'
import { RemoveMember } from './RemoveMember'
import { keptOffset, texts } from './texts'

/** LeaveGroup removes members of these groups; others leave by their own heartbeat only (GroupMetadataManager.classicGroupLeave). */
const canRemove: Readonly<Record<GroupDetail['type'], boolean>> = {
  classic: true,
  consumer: true,
  share: false,
  streams: false,
}

/** The members of a group, each with its assignment and its lag. */
export function Members({ group }: { readonly group: GroupDetail }) {
  const [removing, setRemoving] = useState<GroupMember | null>(null)
  // Redraws the ages every second.
  useFeed('workspace', undefined)
  if (group.members.length === 0) return <p className="quiet">{keptOffset(group.type).noMembers}</p>
  const slots = slotsOf(group.members)
  return (
    <>
      {group.members.map((member) => (
        <Member
          key={member.memberId}
          member={member}
          slots={slots}
          group={group}
          partitions={group.partitions}
          onRemove={() => setRemoving(member)}
        />
      ))}
      {removing && <RemoveMember group={group} member={removing} onClose={() => setRemoving(null)} />}
    </>
  )
}

/** So few topics get a column each, as wide as the member with the most partitions needs it. */
const mostColumns = 5
const mostInColumn = 16

/** The most partitions of a member, by topic; `null` when there is no room for columns. */
function slotsOf(members: readonly GroupMember[]): ReadonlyMap<string, number> | null {
  const slots = new Map<string, number>()
  for (const { assigned, target } of members) {
    for (const topic of new Set([...Object.keys(assigned), ...Object.keys(target ?? {})])) {
      const cells = cellsOf(assigned[topic] ?? [], target?.[topic] ?? []).length
      slots.set(topic, Math.max(slots.get(topic) ?? 0, cells))
    }
  }
  const fits = slots.size <= mostColumns && [...slots.values()].every((cells) => cells <= mostInColumn)
  return fits ? new Map([...slots].sort(([a], [b]) => (a < b ? -1 : 1))) : null
}

function Member({
  member,
  slots,
  group,
  partitions,
  onRemove,
}: {
  readonly member: GroupMember
  readonly slots: ReadonlyMap<string, number> | null
  readonly group: GroupDetail
  readonly partitions: readonly GroupPartition[]
  readonly onRemove: () => void
}) {
  const own = partitions.filter(({ owner }) => owner === member.memberId)
  const lag = lagOf(own)
  const slowest = own.reduce((max, { lagMs }) => Math.max(max, lagMs ?? 0), 0)
  const facts = [
    member.instanceId === null ? '' : texts.members.client(member.clientId),
    member.library,
    member.clientHost.replace('/', ''),
    group.type === 'consumer' || group.type === 'streams' ? texts.members.epochOf(member.epoch, group.epoch) : '',
    // Of a stable group each member is.
    group.state === 'Stable' && member.phase === 'stable' ? '' : member.phase,
  ]
  const idle = group.type === 'share' ? null : idleMs(own, Date.now())
  return (
    <div className={css.member}>
      <span className={css.swatch} style={{ background: hueOf(member) }}>
        {memberName(member).slice(-2)}
      </span>
      <div title={member.memberId}>
        <b>{memberName(member)}</b>{' '}
        <span className="quiet">
          {member.memberId === group.leader ? texts.members.leader : ''}
          {member.instanceId === null ? '' : ` ${texts.members.static}`}
        </span>
        <div className="quiet">{facts.filter(Boolean).join(' · ')}</div>
        {idle !== null && (
          <div className={css.warns} title={texts.members.idleTitle}>
            {texts.members.idle(span(idle))}
          </div>
        )}
        {member.tasks && <div className="quiet">{texts.members.tasks(member.tasks.active, member.tasks.standby)}</div>}
      </div>
      <Assignment member={member} slots={slots} />
      <span className="number">
        {own.length > 0 ? `${keptOffset(group.type).lag(lag)}${slowest > 0 ? ` · ${span(slowest)}` : ''}` : ''}
      </span>
      {canRemove[group.type] && (
        <Button
          look="plain"
          needs="group.remove"
          onClick={onRemove}
          aria-label={texts.members.removeNamed(memberName(member))}
        >
          {texts.members.remove}
        </Button>
      )}
    </div>
  )
}

/** Lag of the partitions that have a committed offset; `null` when none has. */
function lagOf(partitions: readonly GroupPartition[]): number | null {
  const lags = partitions.flatMap(({ lag }) => lag ?? [])
  return lags.length === 0 ? null : lags.reduce((sum, lag) => sum + lag, 0)
}

/** More partitions of a topic are shown as ranges. */
const mostCells = 100

/** Partitions that get a cell of their own: all of them, or of many those that come or go. */
function cellsOf(assigned: readonly number[], target: readonly number[]): readonly number[] {
  const all = [...new Set([...assigned, ...target])].sort((a, b) => a - b)
  if (assigned.length <= mostCells) return all
  return target.length === 0 ? [] : all.filter((number) => assigned.includes(number) !== target.includes(number))
}

/** Partitions of a member; with the consumer protocol also those that it must revoke (−) and those that it waits for (+). */
function Assignment({
  member,
  slots,
}: {
  readonly member: GroupMember
  readonly slots: ReadonlyMap<string, number> | null
}) {
  const { assigned, target } = member
  const own = [...new Set([...Object.keys(assigned), ...Object.keys(target ?? {})])].sort()
  const topics = slots === null || own.length === 0 ? own : [...slots.keys()]
  const has = (partitions: TopicPartitions, topic: string, number: number) =>
    partitions[topic]?.includes(number) ?? false
  return (
    <div className={page.cells}>
      {topics.length === 0 && <span className="quiet">{texts.members.noPartitions}</span>}
      {topics.map((topic) => (
        <span
          key={topic}
          className={own.includes(topic) ? css.assigned : `${css.assigned} ${css.vacant}`}
          style={{ '--cells': slots?.get(topic) ?? 0 } as CSSProperties}
          aria-hidden={!own.includes(topic)}
        >
          <span className="quiet">{topic}</span>
          <span className={css.slot}>
            {(assigned[topic]?.length ?? 0) > mostCells && (
              <span className={`${page.cell} ${css.ranges}`} style={{ background: hueOf(member) }}>
                {partitionsText(assigned[topic] ?? [])}
              </span>
            )}
            {cellsOf(assigned[topic] ?? [], target?.[topic] ?? []).map((number) => {
              if (!has(assigned, topic, number))
                return (
                  <span key={number} className={`${page.cell} ${css.coming}`} title={texts.members.assigned}>
                    +{number}
                  </span>
                )
              const isLeaving = target !== null && !has(target, topic, number)
              return (
                <span
                  key={number}
                  className={page.cell}
                  style={{ background: hueOf(member) }}
                  title={isLeaving ? texts.members.revoking : undefined}
                >
                  {isLeaving ? `−${number}` : number}
                </span>
              )
            })}
          </span>
        </span>
      ))}
    </div>
  )
}
