import { span } from '../../format/time'
import { useFeed } from '../../stores/feed'
import { href } from '../../stores/route'
import page from '../pages.module.css'
import { heldUp } from '../transactions/lanes'
import css from './groups.module.css'
import { texts } from './texts'

/** The open transactions that a group with read_committed waits for: its lag grows, and nothing is wrong with its members. */
export function HeldUp({ groupId }: { readonly groupId: string }) {
  const { value: transactions } = useFeed('transactions', undefined)
  const now = Date.now()
  return heldUp(transactions ?? [], groupId, now).map(({ line: { transactionalId, startedAt }, records }) => (
    <p key={transactionalId} role="status" className={css.missing}>
      {texts.heldUp.messages(records)}{' '}
      <a className={page.link} href={href('transactions', transactionalId)}>
        {transactionalId}
      </a>
      {texts.heldUp.openFor(span(now - startedAt))}
    </p>
  ))
}
