import { bytes, compact, counted, integer } from '../../format/numbers'
import { span } from '../../format/time'
import page from '../pages.module.css'
import css from './messages.module.css'
import type { SearchState } from './useSearch'

interface Props {
  readonly state: SearchState
  readonly isLive: boolean
}

/** How far a search has come, and what the view does not show. */
export function SearchLine({ state, isLive }: Props) {
  const { progress, problem, rows, left, hasMore, isReading } = state
  if (problem && rows.length > 0)
    return (
      <div className={page.bar} role="alert">
        {problem}
      </div>
    )
  if (!progress) return null
  const { scanned, matched, elapsedMs, note, done, failed } = progress
  const end = isLive ? note : hasMore ? 'more below' : (note ?? (done ? 'complete' : null))
  const gone = isLive ? 'older ones left this view; they are in the log' : 'before these were let go'
  return (
    <div className={`${css.searchLine} quiet`} aria-live="polite">
      {integer(matched)} of {compact(scanned)} scanned · {bytes(progress.bytes)} · {span(elapsedMs)}
      {isReading && !isLive && done === false ? ' · reading' : ''}
      {end ? ` · ${end}` : ''}
      {failed && (
        <span className={css.problem}>
          {' '}
          · {counted(failed.records, 'record')} failed: first {failed.first}
        </span>
      )}
      {left > 0 && <span> · {`${integer(left)} ${gone}`}</span>}
    </div>
  )
}
