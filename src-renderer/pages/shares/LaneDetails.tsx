import { useState } from 'react'
import type { ShareLane, ShareOutcome } from '../../../src-main/contract/share'
import type { Names } from '../../format/members'
import { clockTime } from '../../format/time'
import { Button } from '../../parts/Button'
import { ConfirmDialog } from '../../parts/ConfirmDialog'
import { change } from '../../stores/can'
import { notify } from '../../stores/notices'
import { href } from '../../stores/route'
import page from '../pages.module.css'
import { leftOf } from './members'
import css from './shares.module.css'
import { texts } from './texts'
import { whySentence } from './why'

const shownRuns = 100

/** The records in flight of one partition, and what became of those before. */
export function LaneDetails({
  groupId,
  lane,
  names,
  now,
}: {
  readonly groupId: string
  readonly lane: ShareLane
  readonly names: Names
  readonly now: number
}) {
  const { topic, partition, runs, moreRuns, outcomes, why } = lane
  const { details } = texts
  const [chosen, setChosen] = useState<ShareOutcome | null>(null)
  const left = moreRuns + Math.max(0, runs.length - shownRuns)
  const link = (first: number, last: number) => (
    <a className={page.link} href={`${href('messages', topic)}?partition=${partition}&offset=${first}`}>
      {details.link(first, last)}
    </a>
  )
  return (
    <>
      {why.map((one) => (
        <p key={one.kind}>{whySentence(one, names, now)}</p>
      ))}
      <h3 className={page.section}>{details.runs}</h3>
      {runs.length === 0 && <p className="quiet">{details.noRuns}</p>}
      {runs.length > 0 && (
        <table className={css.table}>
          <thead>
            <tr>
              <th>{details.offsets}</th>
              <th>{details.state}</th>
              <th>{details.holder}</th>
              <th className="number">{details.lock}</th>
              <th className="number">{details.deliveries}</th>
            </tr>
          </thead>
          <tbody>
            {runs.slice(0, shownRuns).map(({ first, last, state, memberId, lockedUntil, deliveryCount }) => (
              <tr key={first}>
                <td>{link(first, last)}</td>
                <td>{state}</td>
                <td>{memberId === null ? '' : names.of(memberId)}</td>
                <td className="number">{lockedUntil === null ? '' : leftOf(lockedUntil, now)}</td>
                <td className="number">{deliveryCount}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {left > 0 && <p className="quiet">{texts.moreRuns(left)}</p>}
      <h3 className={page.section}>{details.outcomes}</h3>
      {outcomes.length === 0 && <p className="quiet">{details.noOutcomes}</p>}
      {outcomes.length > 0 && (
        <table className={css.table}>
          <thead>
            <tr>
              <th>{details.time}</th>
              <th>{details.offsets}</th>
              <th>{details.outcome}</th>
              <th>{details.action}</th>
            </tr>
          </thead>
          <tbody>
            {outcomes.map((outcome) => (
              <tr key={`${outcome.at} ${outcome.first} ${outcome.deliveryCount} ${outcome.kind}`}>
                <td>{clockTime(outcome.at)}</td>
                <td>{link(outcome.first, outcome.last)}</td>
                <td>
                  {texts.outcome(outcome)}
                  {outcome.memberId !== null && <div className="quiet">{names.of(outcome.memberId)}</div>}
                </td>
                <td>
                  {(outcome.kind === 'rejected' || outcome.kind === 'exhausted') && (
                    <Button
                      look="plain"
                      needs="share.redeliver"
                      aria-label={texts.redeliver.named(outcome.first, outcome.last)}
                      onClick={() => setChosen(outcome)}
                    >
                      {texts.redeliver.open}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {chosen && (
        <ConfirmDialog
          title={texts.redeliver.title(chosen.first, chosen.last, `${topic} ${partition}`)}
          description={texts.redeliver.text}
          action={texts.redeliver.action}
          look="primary"
          needs="share.redeliver"
          typed={null}
          onConfirm={async () => {
            const { first, last, at } = chosen
            const { records } = await change('share.redeliver', { groupId, topic, partition, first, last, at })
            notify({ kind: 'done', text: texts.redeliver.done(records, `${topic} ${partition}`) })
          }}
          onClose={() => setChosen(null)}
        />
      )}
    </>
  )
}
