import type { TransactionLine } from '../../../src-main/contract/workspace'
import { integer } from '../../format/numbers'
import { ago, span } from '../../format/time'
import { StateBadge } from '../../parts/Badge'
import { Empty } from '../../parts/Empty'
import { Choice } from '../../parts/Field'
import { ListHeader } from '../../parts/ListHeader'
import { type Column, Table } from '../../parts/Table'
import { rowHeight } from '../../parts/table-columns'
import { useFeed } from '../../stores/feed'
import { useFind, useMatcher, useQueryField } from '../../stores/query-field'
import { goBeside, useRoute } from '../../stores/route'
import page from '../pages.module.css'
import { EndedTransactions } from './EndedTransactions'
import { endedOf } from './ended'
import { heldBack } from './lanes'
import { OpenTransactions } from './OpenTransactions'
import { TransactionPane } from './TransactionPane'
import { texts } from './texts'
import css from './transactions.module.css'

const columns: readonly Column<TransactionLine>[] = [
  {
    id: 'id',
    title: texts.columns.id,
    width: 'minmax(140px, 2fr)',
    cell: ({ transactionalId }) => transactionalId,
    sort: ({ transactionalId }) => transactionalId,
  },
  {
    id: 'state',
    title: texts.columns.state,
    width: '120px',
    cell: ({ state }) => <StateBadge state={state} />,
    sort: ({ state }) => state,
  },
  {
    id: 'open',
    title: texts.columns.open,
    width: '80px',
    yields: 1,
    numeric: true,
    cell: ({ startedAt, state }) => (state === 'Ongoing' ? span(Math.max(0, Date.now() - startedAt)) : ''),
    sort: ({ startedAt, state }) => (state === 'Ongoing' ? -startedAt : 0),
  },
  {
    id: 'held',
    title: texts.columns.held,
    width: '92px',
    numeric: true,
    cell: (line) => (line.state === 'Ongoing' ? integer(heldBack(line)) : ''),
    sort: heldBack,
  },
  {
    id: 'committed',
    title: texts.columns.committed,
    width: '86px',
    yields: 2,
    numeric: true,
    cell: ({ committed }) => integer(committed),
    sort: ({ committed }) => committed,
  },
  {
    id: 'aborted',
    title: texts.columns.aborted,
    width: '76px',
    yields: 3,
    numeric: true,
    cell: ({ aborted }) => integer(aborted),
    sort: ({ aborted }) => aborted,
  },
  {
    id: 'producer',
    title: texts.columns.producer,
    width: '92px',
    yields: 6,
    numeric: true,
    cell: ({ producerId }) => producerId,
  },
  {
    id: 'epoch',
    title: texts.columns.epoch,
    width: '60px',
    yields: 8,
    numeric: true,
    cell: ({ producerEpoch }) => producerEpoch,
  },
  {
    id: 'timeout',
    title: texts.columns.timeout,
    width: '70px',
    yields: 5,
    numeric: true,
    cell: ({ timeoutMs }) => span(timeoutMs),
  },
  {
    id: 'partitions',
    title: texts.columns.partitions,
    width: 'minmax(80px, 2fr)',
    yields: 7,
    cell: ({ partitions }) => partitions.join(', '),
  },
  {
    id: 'updated',
    title: texts.columns.updated,
    width: '96px',
    yields: 4,
    numeric: true,
    cell: ({ updatedAt }) => ago(updatedAt, Date.now()),
    sort: ({ updatedAt }) => updatedAt,
  },
]

/** The heading with its line, and the rows that the list has room for even when it has fewer: a search moves nothing below it. */
const headHeight = 29
const fewRows = 4

export function TransactionsPage() {
  const { value: transactions } = useFeed('transactions', undefined)
  // Redraws the ages of open transactions every second.
  useFeed('workspace', undefined)
  const { subject: selected } = useRoute()
  const [find] = useFind()
  const matches = useMatcher()
  const [state, setState] = useQueryField('state')
  const all = transactions ?? []
  const found = all.filter((line) => matches(`${line.transactionalId} ${line.producerId} ${line.partitions.join(' ')}`))
  const rows = found.filter((line) => state === '' || line.state === state)
  const ids = new Set(found.map(({ transactionalId }) => transactionalId))
  const ended = endedOf(all, state).filter(
    ({ transactionalId, partitions }) => ids.has(transactionalId) || matches(partitions.join(' ')),
  )
  const chosen = all.find(({ transactionalId }) => transactionalId === selected)
  const open = all.filter((line) => line.state === 'Ongoing')
  const oldestAt = open.reduce((oldest, { startedAt }) => Math.min(oldest, startedAt), Number.POSITIVE_INFINITY)
  return (
    <>
      <ListHeader
        title={texts.title}
        find={all.length === 0 ? undefined : { label: texts.find, placeholder: texts.findPlaceholder }}
        facts={texts.summary(
          all.length,
          open.length,
          open.length > 0 ? span(Math.max(0, Date.now() - oldestAt)) : null,
        )}
      >
        {all.length > 0 && (
          <Choice aria-label={texts.state} value={state} onChange={(event) => setState(event.target.value)}>
            {texts.states.map(([id, text]) => (
              <option key={id} value={id}>
                {text}
              </option>
            ))}
          </Choice>
        )}
      </ListHeader>
      <div className={page.split}>
        <div>
          {transactions && <OpenTransactions all={all} found={rows} now={Date.now()} selected={selected} />}
          {all.length > 0 && (
            <>
              <div className={css.ids} style={{ height: headHeight + Math.max(fewRows, rows.length) * rowHeight }}>
                <Table
                  label={texts.title}
                  list="transactions"
                  keepsOrder
                  rows={rows}
                  columns={columns}
                  rowKey={({ transactionalId }) => transactionalId}
                  selected={selected}
                  onSelect={({ transactionalId }) => goBeside('transactions', transactionalId)}
                  empty={<Empty>{texts.noMatch}</Empty>}
                />
              </div>
              <EndedTransactions lines={ended} search={`${state} ${find}`.trim()} />
            </>
          )}
        </div>
        {chosen && <TransactionPane line={chosen} onClose={() => goBeside('transactions')} />}
      </div>
    </>
  )
}
