import type { GroupPartition } from '../../../src-main/contract/groups'
import { hueOf } from '../../format/members'
import { integer } from '../../format/numbers'
import { span } from '../../format/time'
import css from './groups.module.css'

/** Each partition as a strip from its earliest offset to its log end: what is committed, and where its consumer reads now. */
export function Partitions({
  partitions,
  order,
}: {
  readonly partitions: readonly GroupPartition[]
  readonly order: readonly string[]
}) {
  if (partitions.length === 0) return <p className="quiet">The group has no partitions and no offsets.</p>
  return (
    <div>
      {partitions.map((partition) => (
        <Partition key={`${partition.topic}:${partition.partition}`} partition={partition} order={order} />
      ))}
    </div>
  )
}

function Partition({ partition, order }: { readonly partition: GroupPartition; readonly order: readonly string[] }) {
  const { topic, partition: number, start, end, committed, fetched, lag, lagMs, owner } = partition
  const size = Math.max(1, end - start)
  const place = (offset: number) => `${Math.min(100, Math.max(0, ((offset - start) / size) * 100))}%`
  const hue = owner === null ? 'var(--quiet)' : hueOf(owner, order)
  return (
    <div className={css.partition}>
      <span>
        {topic} <b className="data">{number}</b>
      </span>
      <span className="number quiet">{integer(start)}</span>
      <div className={css.track} role="img" aria-label={`committed ${committed ?? 'nothing'} of ${end}`}>
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
      <span className="number">{integer(end)}</span>
      <span className="number">{lag === null ? '–' : integer(lag)}</span>
      <span className="number quiet">{lagMs ? span(lagMs) : ''}</span>
    </div>
  )
}
