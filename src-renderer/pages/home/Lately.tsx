import type { ActivityLine } from '../../../src-main/contract/workspace'
import { counted } from '../../format/numbers'
import { ago, exactTime } from '../../format/time'
import { useFeed } from '../../stores/feed'
import { href, type Page } from '../../stores/route'
import css from './home.module.css'

const shown = 40

/** Where a line leads: the page of its kind. */
const places: Readonly<Record<ActivityLine['kind'], Page>> = {
  topic: 'topics',
  client: 'clients',
  error: 'clients',
  group: 'groups',
  reset: 'groups',
  transaction: 'transactions',
}

/** What happened lately, each line with a way to what it speaks of. */
export function Lately() {
  const { value: lines } = useFeed('activity', undefined)
  const now = Date.now()
  return (
    <section aria-label="What happened lately">
      <h2 className={css.heading}>Lately</h2>
      {lines?.length === 0 && <p className="quiet">Nothing has happened yet. Connect a client, or play the demo.</p>}
      <ul className={css.lines}>
        {lines?.slice(0, shown).map(({ seq, at, kind, text, subject }) => (
          <li key={seq}>
            <span className="quiet" title={exactTime(at)}>
              {ago(at, now)}
            </span>
            <span className={kind === 'error' ? css.error : undefined}>
              {subject === null ? text : <a href={href(places[kind], subject)}>{text}</a>}
            </span>
          </li>
        ))}
      </ul>
      {(lines?.length ?? 0) > shown && (
        <p className={css.more}>{counted((lines?.length ?? 0) - shown, 'earlier event')}</p>
      )}
    </section>
  )
}
