import type { ReactNode } from 'react'
import type { MessageDetail } from '../../../src-main/contract/messages'
import { integer } from '../../format/numbers'
import { exactTime } from '../../format/time'
import { href } from '../../stores/route'
import page from '../pages.module.css'
import { CellText } from './CellText'
import { Transaction } from './columns'
import css from './messages.module.css'
import { texts } from './texts'

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
  if (detail.headers.length === 0) return <p className="quiet">{texts.pane.noHeaders}</p>
  return <Facts of={detail.headers.map(({ key, value }) => [key, <CellText key={key} cell={value} />])} />
}

export function Metadata({ detail }: Props) {
  const { batch, transaction } = detail
  const { metadata } = texts
  const ratio = batch.compressionRatio?.toFixed(1) ?? null
  return (
    <Facts
      of={[
        [metadata.topic, detail.topic],
        [metadata.partition, String(detail.partition)],
        [metadata.offset, integer(detail.offset)],
        [detail.timestampType, exactTime(detail.timestamp)],
        [metadata.batch, metadata.batchOf(batch.baseOffset, batch.lastOffset, batch.records)],
        [metadata.compression, metadata.compressionOf(batch.codec, batch.sizeBytes, ratio)],
        [metadata.crc, batch.crc.toString(16).padStart(8, '0')],
        [
          metadata.producer,
          batch.producerId === '-1'
            ? metadata.noProducer
            : metadata.producerOf(batch.producerId, batch.producerEpoch, batch.baseSequence),
        ],
        [
          metadata.transaction,
          transaction === null ? (
            metadata.noTransaction
          ) : (
            <>
              <Transaction state={transaction.state} />
              {metadata.transactions[transaction.state]}
              {transaction.id === null ? '' : `, ${transaction.id}`}
            </>
          ),
        ],
        [metadata.leaderEpoch, String(batch.leaderEpoch)],
        [
          metadata.next,
          detail.next
            ? `${integer(detail.next.offset)}${detail.next.gap ? `\n${detail.next.gap}` : ''}`
            : metadata.noNext,
        ],
      ]}
    />
  )
}

const consumedStates = {
  committed: ['●', 'var(--good)', texts.consumed.states.committed],
  delivered: ['◐', 'var(--waiting)', texts.consumed.states.delivered],
  'not reached': ['○', 'var(--quiet)', texts.consumed.states['not reached']],
} as const

/** For each group, whether it has consumed this message. */
export function ConsumedBy({ detail }: Props) {
  if (detail.consumedBy.length === 0) return <p className="quiet">{texts.consumed.none}</p>
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
              {committed !== null && <span className="quiet">{texts.consumed.at(committed)}</span>}
            </dd>
          </div>
        )
      })}
    </dl>
  )
}
