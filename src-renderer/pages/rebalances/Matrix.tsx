import look from './detail.module.css'
import { type Assignment, movedIn, ownersOf, type Rebalance } from './history'
import { shortTopics } from './LaneRows'
import marks from './members.module.css'
import css from './rebalances.module.css'
import type { Roster } from './roster'

/** Who had which partition before and after: a column per partition would be too wide, so a row per member, and moved ones stand out. */
export function Matrix({
  before,
  after,
  isOver,
  roster,
}: Pick<Rebalance, 'before' | 'after'> & { readonly isOver: boolean; readonly roster: Roster }) {
  const moved = movedIn({ before, after })
  const was = ownersOf(before)
  const is = ownersOf(after)
  const topics = [...new Set([...was.keys(), ...is.keys()].map(topicOf))].sort()
  const shorten = shortTopics(topics)
  const members = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort(
    (a, b) => roster.number(a) - roster.number(b),
  )
  return (
    <table className={look.matrix} aria-label="Assignment before and after">
      <thead>
        <tr>
          <th scope="col">
            <span className={css.hidden}>Member</span>
          </th>
          <th scope="col">before</th>
          <th scope="col">{isOver ? 'after' : 'after, when it is over'}</th>
        </tr>
      </thead>
      <tbody>
        {members.map((memberId) => (
          <tr key={memberId}>
            <th scope="row">
              <span className={look.who}>
                <span className={marks.swatch} style={{ background: roster.color(memberId) }}>
                  {roster.number(memberId)}
                </span>
                {roster.name(memberId)}
              </span>
            </th>
            <td>
              <Cells
                assignment={before}
                {...{ memberId, topics, shorten, roster }}
                lost={(partition) => isOver && is.get(partition) !== memberId}
              />
            </td>
            <td>
              {isOver && (
                <Cells
                  assignment={after}
                  {...{ memberId, topics, shorten, roster }}
                  from={(partition) =>
                    moved.get(partition) ?? (was.has(partition) || was.size === 0 ? undefined : null)
                  }
                />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function topicOf(partition: string): string {
  return partition.slice(0, partition.lastIndexOf(':'))
}

function Cells({
  assignment,
  memberId,
  topics,
  shorten,
  roster,
  lost,
  from,
}: {
  readonly assignment: Assignment
  readonly memberId: string
  readonly topics: readonly string[]
  readonly shorten: ((topic: string) => string) | null
  readonly roster: Roster
  readonly lost?: (partition: string) => boolean
  /** Whose it was; `null`: nobody's, `undefined`: its own. */
  readonly from?: (partition: string) => string | null | undefined
}) {
  const own = assignment[memberId]
  const shown = topics.filter((topic) => (own?.[topic]?.length ?? 0) > 0)
  if (!own) return <span className="quiet">{lost ? 'not there' : 'gone'}</span>
  if (shown.length === 0) return <span className="quiet">–</span>
  return (
    <>
      {shown.map((topic) => (
        <span key={topic} className={`${marks.topic} ${look.wrapping}`}>
          {shorten && <span className={marks.topicName}>{shorten(topic)}</span>}
          {own[topic]?.map((number) => {
            const partition = `${topic}:${number}`
            const old = from?.(partition)
            const isLost = lost?.(partition) ?? false
            const title = isLost
              ? `${topic} ${number} goes away`
              : old
                ? `${topic} ${number} came from ${roster.name(old)}`
                : `${topic} ${number}`
            return (
              <span
                key={number}
                className={[marks.cell, isLost && marks.lost, old !== undefined && marks.moved]
                  .filter(Boolean)
                  .join(' ')}
                style={isLost ? { color: roster.color(memberId) } : { background: roster.color(memberId) }}
                title={title}
              >
                {old && <i style={{ background: roster.color(old) }} />}
                {number}
              </span>
            )
          })}
        </span>
      ))}
    </>
  )
}
