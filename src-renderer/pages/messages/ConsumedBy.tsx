import type { GroupReach, MessageDetail } from '../../../src-main/contract/messages'
import { clockTime, exactTime } from '../../format/time'
import { href } from '../../stores/route'
import page from '../pages.module.css'
import css from './messages.module.css'
import { texts } from './texts'

const marks: Readonly<Record<GroupReach['state'], readonly [string, string]>> = {
  committed: ['●', 'var(--good)'],
  delivered: ['◐', 'var(--waiting)'],
  ambiguous: ['◌', 'var(--waiting)'],
  'not reached': ['○', 'var(--quiet)'],
  acquired: ['◐', 'var(--waiting)'],
  acknowledged: ['●', 'var(--good)'],
  archived: ['✕', 'var(--bad)'],
  released: ['↻', 'var(--waiting)'],
  finished: ['●', 'var(--quiet)'],
}

/** For each group, whether it has got this message, and which member. */
export function ConsumedBy({ detail }: { readonly detail: MessageDetail }) {
  const { consumed } = texts
  if (detail.consumedBy.length === 0) return <p className="quiet">{consumed.none}</p>
  return (
    <dl className={page.facts}>
      {detail.consumedBy.map(({ groupId, isShare, state, committed, member, deliveredAt, deliveries, archivedAs }) => {
        const [glyph, color] = marks[state]
        return (
          <div key={groupId} style={{ display: 'contents' }}>
            <dt>
              <a className={page.link} href={href('groups', groupId)}>
                {groupId}
              </a>
            </dt>
            <dd>
              <span className={css.transaction} style={{ color }} aria-hidden>
                {glyph}
              </span>
              {archivedAs === null ? consumed.states[state] : consumed.archivedAs[archivedAs]}
              {deliveries !== null && <span className="quiet">{consumed.deliveries(deliveries)}</span>}
              {committed !== null && (
                <span className="quiet">
                  {isShare ? consumed.startOffset(committed) : consumed.committedOffset(committed)}
                </span>
              )}
              {member && state !== 'committed' && (
                <div className="quiet" title={member.memberId}>
                  {state === 'ambiguous' ? consumed.shared(member.clientId) : consumed.member(member.clientId)}
                  {deliveredAt !== null && (
                    <span title={exactTime(deliveredAt)}>{consumed.deliveredAt(clockTime(deliveredAt))}</span>
                  )}
                </div>
              )}
            </dd>
          </div>
        )
      })}
    </dl>
  )
}
