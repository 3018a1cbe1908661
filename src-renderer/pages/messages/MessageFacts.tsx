import type { ReactNode } from 'react'
import type { MessageDetail } from '../../../src-main/contract/messages'
import { bytes, integer } from '../../format/numbers'
import { exactTime } from '../../format/time'
import { href } from '../../stores/route'
import page from '../pages.module.css'
import { CellText } from './CellText'
import { Transaction } from './columns'
import css from './messages.module.css'

interface Props {
  readonly detail: MessageDetail
}

function Facts({ of }: { readonly of: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className={page.facts}>
      {of.map(([name, content], i) => (
        <div key={i} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd style={{ whiteSpace: 'pre-line' }}>{content}</dd>
        </div>
      ))}
    </dl>
  )
}

export function Headers({ detail }: Props) {
  if (detail.headers.length === 0) return <p className="quiet">This message has no headers.</p>
  return <Facts of={detail.headers.map(({ key, value }) => [key, <CellText key={key} cell={value} />])} />
}

const transactionWords = { open: 'open', committed: 'committed', aborted: 'aborted' } as const

export function Metadata({ detail }: Props) {
  const { batch, transaction } = detail
  const ratio =
    batch.codec === 'none' ? '' : `, ${(batch.unpackedBytes / Math.max(1, batch.sizeBytes - 61)).toFixed(1)} : 1`
  return (
    <Facts
      of={[
        ['Topic', detail.topic],
        ['Partition', String(detail.partition)],
        ['Offset', integer(detail.offset)],
        [detail.timestampType, exactTime(detail.timestamp)],
        ['Batch', `${integer(batch.baseOffset)} to ${integer(batch.lastOffset)}, ${integer(batch.records)} records`],
        ['Compression', `${batch.codec}, ${bytes(batch.sizeBytes)} in the log${ratio}`],
        ['CRC-32C', batch.crc.toString(16).padStart(8, '0')],
        [
          'Producer',
          batch.producerId === '-1'
            ? 'without id'
            : `${batch.producerId}, epoch ${batch.producerEpoch}, sequence ${batch.baseSequence}`,
        ],
        [
          'Transaction',
          transaction === null ? (
            'none'
          ) : (
            <>
              <Transaction state={transaction.state} />
              {transactionWords[transaction.state]}
              {transaction.id === null ? '' : `, ${transaction.id}`}
            </>
          ),
        ],
        ['Leader epoch', String(batch.leaderEpoch)],
        [
          'Next offset',
          detail.next ? `${integer(detail.next.offset)}${detail.next.gap ? `\n${detail.next.gap}` : ''}` : 'none yet',
        ],
      ]}
    />
  )
}

const consumedStates = {
  committed: ['●', 'var(--good)', 'committed'],
  delivered: ['◐', 'var(--waiting)', 'delivered, not committed'],
  'not reached': ['○', 'var(--quiet)', 'not reached'],
} as const

/** Per group: whether it has this message. */
export function ConsumedBy({ detail }: Props) {
  if (detail.consumedBy.length === 0) return <p className="quiet">No group reads this partition.</p>
  return (
    <dl className={page.facts}>
      {detail.consumedBy.map(({ groupId, state, committed }) => {
        const [glyph, color, text] = consumedStates[state]
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
              {text}
              {committed !== null && <span className="quiet"> · at {integer(committed)}</span>}
            </dd>
          </div>
        )
      })}
    </dl>
  )
}
