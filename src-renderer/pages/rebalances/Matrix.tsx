import look from './detail.module.css'
import { type Assignment, movedIn, ownersOf, type Rebalance } from './history'
import { shortTopics } from './LaneRows'
import marks from './members.module.css'
import css from './rebalances.module.css'
import type { Roster } from './roster'
import { runsIn } from './runs'
import { texts } from './texts'

/** Owners of partitions before and after: a row per member, because a column per partition would be too wide; moved ones are marked. */
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
    <table className={look.matrix} aria-label={texts.matrix.title}>
      <thead>
        <tr>
          <th scope="col">
            <span className={css.hidden}>{texts.matrix.member}</span>
          </th>
          <th scope="col">{texts.matrix.before}</th>
          <th scope="col">{isOver ? texts.matrix.after : texts.matrix.afterwards}</th>
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
  /** Its previous owner; `null`: it had none, `undefined`: the member itself. */
  readonly from?: (partition: string) => string | null | undefined
}) {
  const own = assignment[memberId]
  const shown = topics.filter((topic) => (own?.[topic]?.length ?? 0) > 0)
  if (!own) return <span className="quiet">{lost ? texts.matrix.notYet : texts.matrix.gone}</span>
  if (shown.length === 0) return <span className="quiet">–</span>
  return (
    <>
      {shown.map((topic) => (
        <span key={topic} className={`${marks.topic} ${look.wrapping}`}>
          {shorten && <span className={marks.topicName}>{shorten(topic)}</span>}
          {runsIn(own[topic] ?? [], (number) => {
            const partition = `${topic}:${number}`
            return `${lost?.(partition) ?? false} ${from?.(partition)}`
          }).map(([first, last]) => {
            const partition = `${topic}:${first}`
            const text = first === last ? String(first) : `${first}–${last}`
            const old = from?.(partition)
            const isLost = lost?.(partition) ?? false
            const title = isLost
              ? texts.matrix.lost(`${topic} ${text}`)
              : old
                ? texts.matrix.from(`${topic} ${text}`, roster.name(old))
                : `${topic} ${text}`
            return (
              <span
                key={first}
                className={[marks.cell, isLost && marks.lost, old !== undefined && marks.moved]
                  .filter(Boolean)
                  .join(' ')}
                style={isLost ? { color: roster.color(memberId) } : { background: roster.color(memberId) }}
                title={title}
              >
                {old && <i style={{ background: roster.color(old) }} />}
                {text}
              </span>
            )
          })}
        </span>
      ))}
    </>
  )
}
