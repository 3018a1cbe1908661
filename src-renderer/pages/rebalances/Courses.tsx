import { span } from '../../format/time'
import look from './detail.module.css'
import type { Lane, Rebalance, Stretch } from './history'
import marks from './members.module.css'
import css from './rebalances.module.css'
import type { Roster } from './roster'
import { texts } from './texts'
import { coursesOf } from './waits'
import { phaseWord, stageWord } from './words'

/** Durations of the phases, of the group and of each member: a bar per member over the time of the rebalance. */
export function Courses({
  rebalance,
  lanes,
  roster,
  endAt,
}: {
  readonly rebalance: Rebalance
  readonly lanes: ReadonlyMap<string, Lane>
  readonly roster: Roster
  /** End of the rebalance, or now. */
  readonly endAt: number
}) {
  const { fromAt, stages, type } = rebalance
  const courses = coursesOf(rebalance, lanes)
  // Members of a classic group may fetch their assignment after the group is stable.
  const lastAt = Math.max(endAt, ...courses.flatMap(({ syncedMs }) => (syncedMs === null ? [] : [fromAt + syncedMs])))
  const total = Math.max(1, lastAt - fromAt)
  const box = (from: number, to: number) => ({
    left: `${((Math.max(from, fromAt) - fromAt) / total) * 100}%`,
    width: `${((Math.min(to, lastAt) - Math.max(from, fromAt)) / total) * 100}%`,
  })
  return (
    <div className={look.courses}>
      <span />
      <div className={look.stages}>
        {stages.map(({ state, from, to }) => (
          <span
            key={from}
            style={{ flexGrow: Math.max(1, (to ?? endAt) - from) }}
            title={`${stageWord(state)} ${span((to ?? endAt) - from)}`}
          >
            <span>
              {stageWord(state)} <b className="data">{span((to ?? endAt) - from)}</b>
            </span>
          </span>
        ))}
      </div>
      <span className={look.columnName}>{type === 'classic' ? texts.detail.joined : ''}</span>
      <span className={look.columnName}>{type === 'classic' ? texts.detail.synced : texts.detail.ready}</span>
      {courses.map(({ memberId, joinedMs, syncedMs, readyMs, goneMs, isWaitedFor }) => (
        <div key={memberId} style={{ display: 'contents' }}>
          <span className={look.who}>
            <span className={marks.swatch} style={{ background: roster.color(memberId) }}>
              {roster.number(memberId)}
            </span>
            {roster.name(memberId)}
          </span>
          <span className={look.course}>
            {stretchesIn(lanes.get(memberId), fromAt, lastAt).map(({ phase, from, to }) => (
              <i
                key={from}
                data-phase={phase}
                title={`${phaseWord(phase, type)}, ${span((to ?? endAt) - from)}`}
                style={{ ...box(from, to ?? endAt), ...colored(phase, roster.color(memberId)) }}
              />
            ))}
          </span>
          <span className={isWaitedFor ? `number ${look.lastJoined}` : 'number'}>
            {isWaitedFor && <span className={css.hidden}>{texts.detail.waitedFor}</span>}
            {goneMs !== null ? texts.detail.gone : joinedMs === null ? '' : `+${span(joinedMs)}`}
          </span>
          <span className="number">{after(type === 'classic' ? syncedMs : readyMs)}</span>
        </div>
      ))}
    </div>
  )
}

function stretchesIn(lane: Lane | undefined, fromAt: number, toAt: number): readonly Stretch[] {
  return (lane?.stretches ?? []).filter(
    ({ phase, from, to }) => phase !== 'gone' && from < toAt && (to ?? toAt) > fromAt,
  )
}

/** Members that are waited for, or send no heartbeat, have the colour of that phase. */
function colored(phase: Stretch['phase'], color: string) {
  return phase === 'joining' || phase === 'silent' ? {} : { color }
}

function after(ms: number | null): string {
  return ms === null ? '' : `+${span(ms)}`
}
