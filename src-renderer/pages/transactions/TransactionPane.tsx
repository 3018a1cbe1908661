import { X } from 'lucide-react'
import { Fragment, useState } from 'react'
import { parseKey, type TopicPartitionKey } from '../../../src-main/contract/topic-partition'
import type { EndedTransaction, TransactionLine } from '../../../src-main/contract/workspace'
import { integer } from '../../format/numbers'
import { ago, clockTime, exactTime, span } from '../../format/time'
import { StateBadge } from '../../parts/Badge'
import { Button } from '../../parts/Button'
import { href } from '../../stores/route'
import { shared } from '../../texts'
import page from '../pages.module.css'
import { AbortDialog } from './AbortDialog'
import { BlockedGroups } from './BlockedGroups'
import { texts } from './texts'
import css from './transactions.module.css'

/** Rows of what is blocked; a transaction may be of thousands of partitions. */
const mostBlocked = 50

/** One transactional id: its open transaction, with an action to abort it, and how earlier ones ended. */
export function TransactionPane({ line, onClose }: { readonly line: TransactionLine; readonly onClose: () => void }) {
  const [asking, setAsking] = useState(false)
  const { transactionalId, state, partitions, startedAt, committed, aborted, ended } = line
  const isOpen = state === 'Ongoing'
  return (
    <aside className={page.pane} aria-label={transactionalId}>
      <div className={page.paneHead}>
        <h2>{transactionalId}</h2>
        {isOpen && (
          <Button look="danger" needs="transaction.abort" onClick={() => setAsking(true)}>
            {texts.pane.abort}
          </Button>
        )}
        <Button look="plain" aria-label={shared.close} onClick={onClose}>
          <X size={14} />
        </Button>
      </div>
      <dl className={page.facts}>
        <dt>{texts.pane.state}</dt>
        <dd>
          <StateBadge state={state} />
        </dd>
        <dt>{texts.pane.producer}</dt>
        <dd>{texts.pane.producerOf(line.producerId, line.producerEpoch)}</dd>
        <dt>{texts.pane.timeout}</dt>
        <dd>{span(line.timeoutMs)}</dd>
        {isOpen && (
          <>
            <dt>{texts.pane.openSince}</dt>
            <dd title={exactTime(startedAt)}>{clockTime(startedAt)}</dd>
            <dt>{texts.pane.partitions}</dt>
            <dd>
              <Partitions of={partitions} />
            </dd>
          </>
        )}
        <dt>{texts.pane.committed}</dt>
        <dd title={texts.pane.sinceKnown}>{integer(committed)}</dd>
        <dt>{texts.pane.aborted}</dt>
        <dd title={texts.pane.sinceKnown}>{integer(aborted)}</dd>
      </dl>
      {isOpen && partitions.length > 0 && <Blocked line={line} />}
      <h3 className={page.section}>{texts.pane.ended}</h3>
      {ended.length === 0 && <p className="quiet">{texts.pane.noneEnded}</p>}
      <ul className={css.ended}>
        {ended.map((one) => (
          <Ended key={`${one.at} ${one.startedAt}`} one={one} />
        ))}
      </ul>
      {asking && <AbortDialog line={line} onClose={() => setAsking(false)} />}
    </aside>
  )
}

/** What read_committed consumers do not get while the transaction is open. */
function Blocked({ line: { blocked, startedAt } }: { readonly line: TransactionLine }) {
  const shown = blocked.slice(0, mostBlocked)
  return (
    <section aria-label={texts.pane.blocks}>
      <h3 className={page.section}>{texts.pane.blocks}</h3>
      <p className="quiet">
        {blocked.length === 0 ? texts.pane.blocksNothing : texts.pane.blocksSince(ago(startedAt, Date.now()))}
      </p>
      <ul className={css.blocked}>
        {shown.map((part) => (
          <li key={`${part.topic}:${part.partition}`}>
            <a className={page.link} href={`${href('topics', part.topic)}?committed=true&partitions=${part.partition}`}>
              {part.topic} {part.partition}
            </a>
            <span className="number">{texts.pane.heldBack(part.records)}</span>
            <span>
              <BlockedGroups of={part} />
            </span>
          </li>
        ))}
      </ul>
      {shown.length < blocked.length && <p className="quiet">{texts.pane.more(blocked.length - shown.length)}</p>}
    </section>
  )
}

function Ended({ one }: { readonly one: EndedTransaction }) {
  const { at, outcome, startedAt, partitions } = one
  return (
    <li>
      <span className="data" title={exactTime(at)}>
        {clockTime(at)}
      </span>
      <span className={outcome === 'committed' ? css.committed : css.aborted}>{texts.pane.outcomes[outcome]}</span>
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
  for (const { topic, partition } of of.map((key) => parseKey(key as TopicPartitionKey)))
    byTopic.set(topic, [...(byTopic.get(topic) ?? []), partition])
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
