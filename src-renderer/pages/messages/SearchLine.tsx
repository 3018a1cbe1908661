import { bytes, compact, integer } from '../../format/numbers'
import { span } from '../../format/time'
import page from '../pages.module.css'
import css from './messages.module.css'
import { texts } from './texts'
import type { SearchState } from './useSearch'

interface Props {
  readonly state: SearchState
  readonly isLive: boolean
}

/** Progress of a search, and what the view does not show. */
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
  const end = isLive ? note : hasMore ? texts.progress.more : (note ?? (done ? texts.progress.complete : null))
  const released = isLive ? texts.progress.leftLive : texts.progress.leftList
  return (
    <div className={`${css.searchLine} quiet`} aria-live="polite">
      {texts.progress.matched(matched, compact(scanned))} · {bytes(progress.bytes)} · {span(elapsedMs)}
      {isReading && !isLive && done === false ? ` · ${texts.progress.reading}` : ''}
      {end ? ` · ${end}` : ''}
      {failed && <span className={css.problem}> · {texts.progress.failed(failed.records, failed.first)}</span>}
      {left > 0 && <span> · {`${integer(left)} ${released}`}</span>}
    </div>
  )
}
