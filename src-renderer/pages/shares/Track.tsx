import type { ShareLane, ShareRun } from '../../../src-main/contract/share'
import type { Names } from '../../format/members'
import { leftOf } from './members'
import css from './shares.module.css'
import { texts } from './texts'

/** Of what was not delivered yet, no more is drawn than half of the window. */
const mostRest = 0.5

/** The offsets of a lane, from its start offset at the left to the log end. */
export function Track({ lane, names, now }: { readonly lane: ShareLane; readonly names: Names; readonly now: number }) {
  const { runs, moreRuns, start, windowEnd, logEnd, logStart } = lane
  const rest = Math.max(0, logEnd - (start === null ? logStart : Math.max(windowEnd, logStart)))
  const inWindow = runs.reduce((sum, { first, last }) => sum + last - first + 1, 0)
  const restSize = inWindow === 0 ? 1 : Math.min(rest, Math.max(1, inWindow * mostRest))
  return (
    <div className={css.track} role="img" aria-label={texts.lane(runs, rest)}>
      {runs.map((run) => (
        <Run key={run.first} run={run} names={names} now={now} />
      ))}
      {moreRuns > 0 && <span className={css.more} title={texts.moreRuns(moreRuns)} />}
      {rest > 0 && (
        <span className={css.rest} style={{ flexGrow: restSize }} title={texts.rest(rest)}>
          {texts.rest(rest)}
        </span>
      )}
    </div>
  )
}

function Run({ run, names, now }: { readonly run: ShareRun; readonly names: Names; readonly now: number }) {
  const { first, last, state, deliveryCount, memberId, acquiredAt, lockedUntil } = run
  const isHeld = memberId !== null && lockedUntil !== null
  const left = isHeld ? leftOf(lockedUntil, now) : null
  const whole = lockedUntil !== null && acquiredAt !== null ? Math.max(1, lockedUntil - acquiredAt) : 1
  const share = lockedUntil === null ? 0 : Math.min(1, Math.max(0, (lockedUntil - now) / whole))
  return (
    <span
      className={`${css.run} ${css[state]}`}
      style={{ flexGrow: last - first + 1, ...(isHeld ? { background: names.hue(memberId) } : {}) }}
      title={texts.run(run, memberId === null ? null : names.of(memberId), left)}
    >
      {deliveryCount > 1 ? deliveryCount : ''}
      {isHeld && <i className={css.lock} style={{ width: `${share * 100}%` }} />}
    </span>
  )
}
