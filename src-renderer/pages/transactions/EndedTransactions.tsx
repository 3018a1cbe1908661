import { useMemo, useRef, useState } from 'react'
import { clockTime, exactTime, span, timeTrack } from '../../format/time'
import { Empty } from '../../parts/Empty'
import { type Column, Table } from '../../parts/Table'
import { goBeside } from '../../stores/route'
import type { EndedLine } from './ended'
import { texts } from './texts'
import css from './transactions.module.css'

const columnsFor = (time: string): readonly Column<EndedLine>[] => [
  {
    id: 'at',
    title: texts.ended.columns.at,
    width: time,
    cell: ({ at }) => (
      <span className="data" title={exactTime(at)}>
        {clockTime(at)}
      </span>
    ),
  },
  {
    id: 'id',
    title: texts.columns.id,
    width: 'minmax(120px, 2fr)',
    cell: ({ transactionalId }) => transactionalId,
  },
  {
    id: 'outcome',
    title: texts.ended.columns.outcome,
    width: '110px',
    cell: ({ outcome }) => (
      <span className={outcome === 'committed' ? css.committed : css.aborted}>{texts.pane.outcomes[outcome]}</span>
    ),
  },
  {
    id: 'took',
    title: texts.ended.columns.took,
    width: '76px',
    yields: 1,
    numeric: true,
    cell: ({ at, startedAt }) => (startedAt < 0 ? '' : span(at - startedAt)),
  },
  {
    id: 'partitions',
    title: texts.columns.partitions,
    width: 'minmax(80px, 3fr)',
    yields: 2,
    cell: ({ partitions }) => partitions.join(', '),
  },
]

interface Props {
  readonly lines: readonly EndedLine[]
  /** What the page is searched for; empty when it is not. */
  readonly search: string
}

/** How the transactions before ended, in the room that the list of ids leaves. Rows hold still while the pointer is over them. */
export function EndedTransactions({ lines: newest, search }: Props) {
  const [isPointed, point] = useState(false)
  const shown = useRef({ lines: newest, search })
  if (!isPointed || shown.current.lines.length === 0 || shown.current.search !== search)
    shown.current = { lines: newest, search }
  const { lines } = shown.current
  const time = timeTrack([lines[0]?.at, lines[lines.length - 1]?.at])
  const columns = useMemo(() => columnsFor(time), [time])
  return (
    <div className={css.endedList} onPointerEnter={() => point(true)} onPointerLeave={() => point(false)}>
      <Table
        label={texts.ended.title}
        list="ended transactions"
        rows={lines}
        columns={columns}
        rowKey={({ transactionalId, at, startedAt }) => `${transactionalId} ${at} ${startedAt}`}
        onOpen={({ transactionalId }) => goBeside('transactions', transactionalId)}
        empty={<Empty>{search === '' ? texts.ended.none : texts.noMatch}</Empty>}
      />
    </div>
  )
}
