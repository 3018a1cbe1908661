import { Route } from 'lucide-react'
import type { ReactNode } from 'react'
import type { MessageDetail, WrittenBy } from '../../../src-main/contract/messages'
import { visible } from '../../format/controls'
import { integer } from '../../format/numbers'
import { exactTime } from '../../format/time'
import { Button } from '../../parts/Button'
import { href } from '../../stores/route'
import page from '../pages.module.css'
import { CellText } from './CellText'
import { Transaction } from './columns'
import css from './messages.module.css'
import { followId } from './pane-actions'
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
  return (
    <Facts
      of={detail.headers.map(({ key, value }) => [
        visible(key),
        <span key={key} className={css.header}>
          <CellText cell={value} />
          {value.kind !== 'null' && !value.cut && value.text !== '' && (
            <Button
              look="plain"
              title={texts.json.follow(key, value.text)}
              aria-label={texts.json.follow(key, value.text)}
              onClick={() => followId(value.text, key)}
            >
              <Route size={12} />
            </Button>
          )}
        </span>,
      ])}
    />
  )
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
        ...(detail.writtenBy ? [[metadata.client, <Writers key="writers" by={detail.writtenBy} />] as const] : []),
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

/** More clients than this are counted. */
const mostWriters = 5

function Writers({ by: { isExact, clients } }: { readonly by: WrittenBy }) {
  const { metadata } = texts
  if (clients.length === 0) return <span className="quiet">{metadata.noWriter}</span>
  return (
    <>
      {!isExact && <span className="quiet">{metadata.oneOf} </span>}
      {clients.slice(0, mostWriters).map(({ connectionId, clientId }, i) => (
        <span key={connectionId}>
          {i > 0 && ', '}
          <a className={page.link} href={href('clients', String(connectionId))}>
            {clientId || metadata.connection(connectionId)}
          </a>
        </span>
      ))}
      {clients.length > mostWriters && metadata.moreWriters(clients.length - mostWriters)}
    </>
  )
}
