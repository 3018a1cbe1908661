import type { ActivityLine } from '../../../src-main/contract/workspace'
import { counted } from '../../format/numbers'
import { ago, exactTime } from '../../format/time'
import { useFeed } from '../../stores/feed'
import { href, type Page } from '../../stores/route'
import { activityGroups } from './activity-groups'
import css from './home.module.css'
import { texts } from './texts'

const shown = 40

/** The page that a line links to. */
const places: Readonly<Record<ActivityLine['kind'], Page>> = {
  topic: 'topics',
  client: 'clients',
  error: 'clients',
  alertOver: 'settings',
  group: 'groups',
  reset: 'groups',
  transaction: 'transactions',
}

/** The newest events of the broker, each with a link to its subject. */
export function RecentActivity({ empty }: { readonly empty: string }) {
  const { value: lines } = useFeed('activity', undefined)
  const groups = activityGroups(lines ?? [])
  const now = Date.now()
  return (
    <section aria-label={texts.activity.title}>
      <h2 className={css.heading}>{texts.activity.title}</h2>
      {lines?.length === 0 && <p className="quiet">{empty}</p>}
      <ul className={css.lines}>
        {groups.slice(0, shown).map(({ seq, at, kind, text, subject, times, steps, alike }) => (
          <li key={seq}>
            <span className="quiet" title={exactTime(at)}>
              {ago(at, now)}
            </span>
            <span className={kind === 'error' ? css.error : undefined}>
              {kind === 'error' && '✕ '}
              {subject === null ? text : <a href={href(places[kind], subject)}>{text}</a>}
              {alike.length > 0 && (
                <span className="quiet" title={alike.join('\n')}>
                  {' '}
                  · {counted(alike.length, texts.activity.more)}
                </span>
              )}
              {steps > 1 && <span className="quiet"> · {counted(steps, texts.activity.step)}</span>}
              {times > 1 && <span className="quiet"> × {times}</span>}
            </span>
          </li>
        ))}
      </ul>
      {groups.length > shown && <p className={css.more}>{counted(groups.length - shown, texts.activity.earlier)}</p>}
    </section>
  )
}
