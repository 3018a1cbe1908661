import type { ReactNode } from 'react'
import type { HeldBack } from '../../../src-main/contract/messages'
import { bytes, compact, integer } from '../../format/numbers'
import { clockTime, span } from '../../format/time'
import { PageFooter } from '../../parts/PageFooter'
import { href } from '../../stores/route'
import page from '../pages.module.css'
import css from './messages.module.css'
import { texts } from './texts'
import type { SearchState } from './useSearch'

/** Why a message is not there yet: an open transaction stands before it. */
function Held({ held: { records, by } }: { readonly held: HeldBack }) {
  const [first] = by
  return (
    <span>
      {' · '}
      {texts.held(records)}
      {first && (
        <>
          {' '}
          <a href={href('transactions', first.transactionalId)}>{first.transactionalId}</a>{' '}
          {texts.heldSince(clockTime(first.since), by.length - 1)}
        </>
      )}
    </span>
  )
}

interface Props {
  readonly state: SearchState
  readonly isLive: boolean
  /** At the end of the line. */
  readonly children: ReactNode
}

/** Progress of a search, and what the view does not show. */
export function SearchLine({ state, isLive, children }: Props) {
  const { progress, problem, rows, left, held, hasMore, isReading } = state
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
    <PageFooter className={`${css.searchLine} quiet`}>
      <span aria-live="polite">
        {texts.progress.matched(matched, compact(scanned), hasMore && !isLive)} · {bytes(progress.bytes)} ·{' '}
        {span(elapsedMs)}
        {isReading && !isLive && done === false ? ` · ${texts.progress.reading(Math.floor(progress.share * 100))}` : ''}
        {end ? ` · ${end}` : ''}
        {failed && <span className={css.problem}> · {texts.progress.failed(failed.records, failed.first)}</span>}
        {held && <Held held={held} />}
        {left > 0 && <span> · {`${integer(left)} ${released}`}</span>}
      </span>
      {children}
    </PageFooter>
  )
}
