import type { TransactionLine } from '../../../src-main/contract/workspace'
import { ago, span } from '../../format/time'
import { StateBadge } from '../../parts/Badge'
import { Empty } from '../../parts/Empty'
import { type Column, Table } from '../../parts/Table'
import { useFeed } from '../../stores/feed'
import page from '../pages.module.css'

const columns: readonly Column<TransactionLine>[] = [
  {
    id: 'id',
    title: 'Transactional id',
    width: '2fr',
    cell: ({ transactionalId }) => transactionalId,
    sort: ({ transactionalId }) => transactionalId,
  },
  {
    id: 'state',
    title: 'State',
    width: '140px',
    cell: ({ state }) => <StateBadge state={state} />,
    sort: ({ state }) => state,
  },
  { id: 'producer', title: 'Producer id', width: '110px', numeric: true, cell: ({ producerId }) => producerId },
  { id: 'epoch', title: 'Epoch', width: '70px', numeric: true, cell: ({ producerEpoch }) => producerEpoch },
  {
    id: 'open',
    title: 'Open for',
    width: '110px',
    numeric: true,
    cell: ({ startedAt }) => (startedAt < 0 ? '' : span(Date.now() - startedAt)),
  },
  { id: 'timeout', title: 'Timeout', width: '90px', numeric: true, cell: ({ timeoutMs }) => span(timeoutMs) },
  { id: 'partitions', title: 'Partitions', width: '2fr', cell: ({ partitions }) => partitions.join(', ') },
  {
    id: 'updated',
    title: 'Last change',
    width: '110px',
    numeric: true,
    cell: ({ updatedAt }) => ago(updatedAt, Date.now()),
    sort: ({ updatedAt }) => updatedAt,
  },
]

export function TransactionsPage() {
  const { value: transactions } = useFeed('transactions', undefined)
  if (!transactions) return null
  return (
    <>
      <header className={page.header}>
        <h1>Transactions</h1>
      </header>
      <Table
        label="Transactions"
        rows={transactions}
        columns={columns}
        rowKey={({ transactionalId }) => transactionalId}
        empty={<Empty>No producer has used a transactional id.</Empty>}
      />
    </>
  )
}
