import type { GroupMember, GroupPartition } from '../../../src-main/contract/groups'
import { hueOf, memberName } from '../../format/members'
import { integer } from '../../format/numbers'
import { span } from '../../format/time'
import page from '../pages.module.css'
import css from './groups.module.css'

/** Each partition as a strip from its earliest offset to its log end: what is committed, and where its consumer reads now. */
export function Partitions({
  partitions,
  members,
}: {
  readonly partitions: readonly GroupPartition[]
  readonly members: readonly GroupMember[]
}) {
  if (partitions.length === 0) return <p className="quiet">The group has no partitions and no offsets.</p>
  const owners = new Map(members.map((member) => [member.memberId, member]))
  return (
    <div>
      <div className={`${css.partition} ${css.head}`}>
        <span>Topic</span>
        <span title="In the colour of its owner">Part.</span>
        <span className="number">Earliest</span>
        <span>
          <i className={css.keyCommitted} aria-hidden /> committed <i className={css.keyReads} aria-hidden /> reads now
        </span>
        <span className="number">Log end</span>
        <span className="number">Committed</span>
        <span className="number">Lag</span>
        <span className="number">Behind</span>
      </div>
      {partitions.map((partition) => (
        <Partition
          key={`${partition.topic}:${partition.partition}`}
          partition={partition}
          owner={owners.get(partition.owner ?? '')}
        />
      ))}
    </div>
  )
}

function Partition({
  partition,
  owner,
}: {
  readonly partition: GroupPartition
  readonly owner: GroupMember | undefined
}) {
  const { topic, partition: number, start, end, committed, fetched, lag, lagMs, metadata } = partition
  const size = Math.max(1, end - start)
  const place = (offset: number) => `${Math.min(100, Math.max(0, ((offset - start) / size) * 100))}%`
  const hue = owner ? hueOf(owner) : 'var(--quiet)'
  return (
    <div className={css.partition}>
      <span>{topic}</span>
      <span title={owner ? memberName(owner) : 'nobody reads it'}>
        <span className={page.cell} style={{ background: hue }}>
          {number}
        </span>
      </span>
      <span className="number quiet">{integer(start)}</span>
      <div>
        <div
          className={css.track}
          role="img"
          aria-label={`committed ${committed === null ? 'nothing' : integer(committed)}${
            fetched === null ? '' : `, reads ${integer(fetched)}`
          }, log end ${integer(end)}`}
        >
          {committed !== null && <div className={css.fill} style={{ width: place(committed), background: hue }} />}
          {committed !== null && (
            <div
              className={css.mark}
              style={{ left: place(committed), background: hue }}
              title={`committed ${integer(committed)}`}
            />
          )}
          {fetched !== null && (
            <div
              className={css.mark}
              style={{ left: place(fetched), background: 'var(--ink)' }}
              title={`reads ${integer(fetched)}`}
            />
          )}
        </div>
      </div>
      <span className="number">{integer(end)}</span>
      <span className="number" title={metadata === '' ? undefined : `metadata: ${metadata}`}>
        {committed === null ? '—' : integer(committed)}
      </span>
      <span className="number">{lag === null ? '—' : integer(lag)}</span>
      <span className="number quiet">{lagMs ? span(lagMs) : ''}</span>
    </div>
  )
}
