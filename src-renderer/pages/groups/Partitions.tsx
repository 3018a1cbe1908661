import { useRef } from 'react'
import type { GroupMember, GroupPartition, GroupType } from '../../../src-main/contract/groups'
import { hueOf, memberName } from '../../format/members'
import { integer } from '../../format/numbers'
import { span } from '../../format/time'
import { useRowsInView } from '../../parts/useRowsInView'
import page from '../pages.module.css'
import css from './groups.module.css'
import { keptOffset, texts } from './texts'

/** As in the styles. */
const rowHeight = 28

/** Each partition as a strip from its earliest offset to its log end, with the offset that the group keeps and the fetch position. */
export function Partitions({
  partitions,
  members,
  type,
}: {
  readonly partitions: readonly GroupPartition[]
  readonly members: readonly GroupMember[]
  readonly type: GroupType
}) {
  const offset = keptOffset(type)
  const list = useRef<HTMLDivElement>(null)
  const { from, to } = useRowsInView(list, partitions.length, rowHeight)
  if (partitions.length === 0) return <p className="quiet">{texts.partitions.empty}</p>
  const owners = new Map(members.map((member) => [member.memberId, member]))
  return (
    <div>
      <div className={`${css.partition} ${css.head}`}>
        <span>{texts.partitions.topic}</span>
        <span title={texts.partitions.partitionTitle}>{texts.partitions.partition}</span>
        <span className={`number ${css.earliest}`}>{texts.partitions.earliest}</span>
        <span>
          <i className={css.keyCommitted} aria-hidden /> {offset.legend}{' '}
          {type !== 'share' && (
            <>
              <i className={css.keyReads} aria-hidden /> {texts.partitions.fetching}
            </>
          )}
        </span>
        <span className="number">{texts.partitions.logEnd}</span>
        <span className="number">{offset.column}</span>
        <span className="number">{texts.partitions.lag}</span>
        <span className="number">{texts.partitions.timeLag}</span>
      </div>
      <div ref={list} style={{ height: partitions.length * rowHeight, paddingTop: from * rowHeight }}>
        {partitions.slice(from, to).map((partition) => (
          <Partition
            key={`${partition.topic}:${partition.partition}`}
            partition={partition}
            owner={owners.get(partition.owner ?? '')}
            offset={offset}
          />
        ))}
      </div>
    </div>
  )
}

function Partition({
  partition,
  owner,
  offset,
}: {
  readonly partition: GroupPartition
  readonly owner: GroupMember | undefined
  readonly offset: ReturnType<typeof keptOffset>
}) {
  const { topic, partition: number, start, end, committed, fetched, lag, lagMs, metadata } = partition
  const size = Math.max(1, end - start)
  const place = (at: number) => `${Math.min(100, Math.max(0, ((at - start) / size) * 100))}%`
  const hue = owner ? hueOf(owner) : 'var(--quiet)'
  return (
    <div className={css.partition}>
      <span>{topic}</span>
      <span title={owner ? memberName(owner) : texts.partitions.unassigned}>
        <span className={page.cell} style={{ background: hue }}>
          {number}
        </span>
      </span>
      <span className={`number quiet ${css.earliest}`}>{integer(start)}</span>
      <div>
        <div
          className={css.track}
          role="img"
          aria-label={texts.partitions.strip(offset.at(committed), fetched, end)}
          title={texts.partitions.earliestAt(start)}
        >
          {committed !== null && <div className={css.fill} style={{ width: place(committed), background: hue }} />}
          {committed !== null && (
            <div
              className={css.mark}
              style={{ left: place(committed), background: hue }}
              title={offset.at(committed)}
            />
          )}
          {fetched !== null && (
            <div
              className={css.mark}
              style={{ left: place(fetched), background: 'var(--ink)' }}
              title={texts.partitions.fetchingAt(fetched)}
            />
          )}
        </div>
      </div>
      <span className="number">{integer(end)}</span>
      <span
        className="number"
        title={
          committed === null
            ? offset.none
            : committed > end
              ? offset.beyondEnd(committed, end)
              : metadata === ''
                ? undefined
                : texts.partitions.metadata(metadata)
        }
      >
        {committed === null ? '—' : integer(committed)}
        {committed !== null && committed > end && ' ⚠'}
      </span>
      <span className="number">{lag === null ? '—' : integer(lag)}</span>
      <span className="number quiet">{lagMs ? span(lagMs) : ''}</span>
    </div>
  )
}
