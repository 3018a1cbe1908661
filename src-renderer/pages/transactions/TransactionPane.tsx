import { X } from 'lucide-react'
import { Fragment, useState } from 'react'
import type { EndedTransaction, TransactionLine } from '../../../src-main/contract/workspace'
import { counted, integer } from '../../format/numbers'
import { clockTime, exactTime, span } from '../../format/time'
import { ask } from '../../host'
import { StateBadge } from '../../parts/Badge'
import { Button } from '../../parts/Button'
import { Dialog } from '../../parts/Dialog'
import { attempt } from '../../stores/notices'
import { href } from '../../stores/route'
import page from '../pages.module.css'
import css from './transactions.module.css'

/** One transactional id: what is open, how the ones before ended, and the way to end it by force. */
export function TransactionPane({ line, onClose }: { readonly line: TransactionLine; readonly onClose: () => void }) {
  const [asking, setAsking] = useState(false)
  const { transactionalId, state, partitions, startedAt, committed, aborted, ended } = line
  const isOpen = state === 'Ongoing'
  return (
    <aside className={page.pane} aria-label={transactionalId}>
      <div className={page.paneHead}>
        <h2>{transactionalId}</h2>
        {isOpen && (
          <Button look="danger" onClick={() => setAsking(true)}>
            Abort…
          </Button>
        )}
        <Button look="plain" aria-label="Close" onClick={onClose}>
          <X size={14} />
        </Button>
      </div>
      <dl className={page.facts}>
        <dt>State</dt>
        <dd>
          <StateBadge state={state} />
        </dd>
        <dt>Producer</dt>
        <dd>
          id {line.producerId}, epoch {line.producerEpoch}
        </dd>
        <dt>Timeout</dt>
        <dd>{span(line.timeoutMs)}</dd>
        {isOpen && (
          <>
            <dt>Open since</dt>
            <dd title={exactTime(startedAt)}>{clockTime(startedAt)}</dd>
            <dt>Partitions</dt>
            <dd>
              <Partitions of={partitions} />
            </dd>
          </>
        )}
        <dt>Committed</dt>
        <dd>{integer(committed)}</dd>
        <dt>Aborted</dt>
        <dd>{integer(aborted)}</dd>
      </dl>
      <h3 className={page.section}>Before</h3>
      {ended.length === 0 && <p className="quiet">None has ended since the broker started.</p>}
      <ul className={css.ended}>
        {ended.map((one) => (
          <Ended key={`${one.at} ${one.startedAt}`} one={one} />
        ))}
      </ul>
      {asking && <AbortDialog line={line} onClose={() => setAsking(false)} />}
    </aside>
  )
}

function Ended({ one }: { readonly one: EndedTransaction }) {
  const { at, outcome, startedAt, partitions } = one
  return (
    <li>
      <span className="data" title={exactTime(at)}>
        {clockTime(at)}
      </span>
      <span className={outcome === 'committed' ? css.committed : css.aborted}>
        {outcome === 'committed' ? '● committed' : `✕ ${outcome}`}
      </span>
      <span className="quiet">{startedAt < 0 ? '' : span(at - startedAt)}</span>
      <span>
        <Partitions of={partitions} />
      </span>
    </li>
  )
}

/** `orders 0, 3`, the topic as a link. */
function Partitions({ of }: { readonly of: readonly string[] }) {
  const byTopic = new Map<string, number[]>()
  for (const name of of) {
    const colon = name.lastIndexOf(':')
    const topic = name.slice(0, colon)
    byTopic.set(topic, [...(byTopic.get(topic) ?? []), Number(name.slice(colon + 1))])
  }
  return [...byTopic].map(([topic, numbers], i) => (
    <Fragment key={topic}>
      {i > 0 && '; '}
      <a className={page.link} href={href('topics', topic)}>
        {topic}
      </a>{' '}
      {numbers.sort((a, b) => a - b).join(', ')}
    </Fragment>
  ))
}

function AbortDialog({ line, onClose }: { readonly line: TransactionLine; readonly onClose: () => void }) {
  const { transactionalId, partitions } = line
  const abort = async () => {
    const done = `The transaction of ${transactionalId} is aborted.`
    if (await attempt(() => ask('transaction.abort', { transactionalId }), done)) onClose()
  }
  return (
    <Dialog
      title={`Abort the transaction of ${transactionalId}`}
      description={`What it wrote to ${counted(partitions.length, 'partition')} is never shown to read_committed consumers, and offsets that it sent do not count. This cannot be undone.`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" onClick={abort}>
            Abort
          </Button>
        </>
      }
    >
      <p>Its producer is fenced: its next request fails, and it must begin anew.</p>
    </Dialog>
  )
}
