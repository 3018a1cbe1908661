import { useState } from 'react'
import type { TransactionLine } from '../../../src-main/contract/workspace'
import { counted, integer } from '../../format/numbers'
import { ago, span } from '../../format/time'
import { StateBadge } from '../../parts/Badge'
import { Empty } from '../../parts/Empty'
import { Choice, Field } from '../../parts/Field'
import { type Column, Table } from '../../parts/Table'
import { useFeed } from '../../stores/feed'
import { go, useRoute } from '../../stores/route'
import page from '../pages.module.css'
import { TransactionPane } from './TransactionPane'

const columns: readonly Column<TransactionLine>[] = [
  {
    id: 'id',
    title: 'Transactional id',
    width: 'minmax(140px, 2fr)',
    cell: ({ transactionalId }) => transactionalId,
    sort: ({ transactionalId }) => transactionalId,
  },
  {
    id: 'state',
    title: 'State',
    width: '120px',
    cell: ({ state }) => <StateBadge state={state} />,
    sort: ({ state }) => state,
  },
  {
    id: 'open',
    title: 'Open for',
    width: '80px',
    numeric: true,
    cell: ({ startedAt, state }) => (state === 'Ongoing' ? span(Math.max(0, Date.now() - startedAt)) : ''),
    sort: ({ startedAt, state }) => (state === 'Ongoing' ? -startedAt : 0),
  },
  {
    id: 'committed',
    title: 'Committed',
    width: '86px',
    numeric: true,
    cell: ({ committed }) => integer(committed),
    sort: ({ committed }) => committed,
  },
  {
    id: 'aborted',
    title: 'Aborted',
    width: '76px',
    numeric: true,
    cell: ({ aborted }) => integer(aborted),
    sort: ({ aborted }) => aborted,
  },
  { id: 'producer', title: 'Producer id', width: '92px', numeric: true, cell: ({ producerId }) => producerId },
  { id: 'epoch', title: 'Epoch', width: '60px', numeric: true, cell: ({ producerEpoch }) => producerEpoch },
  { id: 'timeout', title: 'Timeout', width: '70px', numeric: true, cell: ({ timeoutMs }) => span(timeoutMs) },
  {
    id: 'partitions',
    title: 'Partitions',
    width: 'minmax(80px, 2fr)',
    cell: ({ partitions }) => partitions.join(', '),
  },
  {
    id: 'updated',
    title: 'Last change',
    width: '96px',
    numeric: true,
    cell: ({ updatedAt }) => ago(updatedAt, Date.now()),
    sort: ({ updatedAt }) => updatedAt,
  },
]

/** What is shown beside the pane, which has the rest. */
const narrow = columns.filter(({ id }) => ['id', 'state', 'open', 'committed', 'aborted', 'updated'].includes(id))

const states = [
  ['', 'all states'],
  ['Ongoing', 'open'],
  ['CompleteCommit', 'committed'],
  ['CompleteAbort', 'aborted'],
  ['Empty', 'none yet'],
] as const

export function TransactionsPage() {
  const { value: transactions } = useFeed('transactions', undefined)
  // Open transactions grow older between two changes.
  useFeed('traffic', undefined)
  const { subject: selected } = useRoute()
  const [find, setFind] = useState('')
  const [state, setState] = useState('')
  const all = transactions ?? []
  const rows = all.filter(
    (line) =>
      (state === '' || line.state === state) &&
      `${line.transactionalId} ${line.producerId} ${line.partitions.join(' ')}`
        .toLowerCase()
        .includes(find.toLowerCase()),
  )
  const chosen = all.find(({ transactionalId }) => transactionalId === selected)
  const open = all.filter((line) => line.state === 'Ongoing').length
  return (
    <>
      <header className={page.header}>
        <h1>Transactions</h1>
        <Field
          type="search"
          placeholder="Id, producer, topic"
          aria-label="Find a transaction"
          value={find}
          onChange={(event) => setFind(event.target.value)}
        />
        <Choice aria-label="State" value={state} onChange={(event) => setState(event.target.value)}>
          {states.map(([id, text]) => (
            <option key={id} value={id}>
              {text}
            </option>
          ))}
        </Choice>
        <span className="quiet">
          {counted(all.length, 'transactional id')}, {integer(open)} open
        </span>
      </header>
      <div className={page.split}>
        <Table
          label="Transactions"
          rows={rows}
          columns={chosen ? narrow : columns}
          rowKey={({ transactionalId }) => transactionalId}
          selected={selected}
          onSelect={({ transactionalId }) => go('transactions', transactionalId)}
          empty={
            transactions && (
              <Empty>
                {transactions.length === 0
                  ? 'No producer has used a transactional id.'
                  : 'No transaction is like this.'}
              </Empty>
            )
          }
        />
        {chosen && <TransactionPane line={chosen} onClose={() => go('transactions')} />}
      </div>
    </>
  )
}
