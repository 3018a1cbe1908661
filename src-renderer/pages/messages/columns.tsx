import type { MessageRow, TransactionState } from '../../../src-main/contract/messages'
import { visible } from '../../format/controls'
import { bytes, integer } from '../../format/numbers'
import { clockTime, exactTime } from '../../format/time'
import type { Column } from '../../parts/Table'
import type { ColumnId } from '../../stores/message-columns'
import { CellText } from './CellText'
import { gapText } from './gap'
import css from './messages.module.css'
import { texts } from './texts'

/** The chosen columns in their order. The topic is a column only where there are several. @param timeWidth fits the times of the rows */
export function columnsFor(
  ids: readonly ColumnId[],
  severalTopics: boolean,
  timeWidth: string,
  own: readonly string[] = [],
): readonly Column<MessageRow>[] {
  const all: Readonly<Record<ColumnId, Omit<Column<MessageRow>, 'id' | 'title'>>> = {
    topic: { width: 'minmax(110px, 0.8fr)', cell: ({ topic }) => topic },
    time: {
      width: timeWidth,
      cell: ({ timestamp }) => (
        <span className="data" title={exactTime(timestamp)}>
          {clockTime(timestamp)}
        </span>
      ),
    },
    partition: { width: '60px', numeric: true, cell: ({ partition }) => partition },
    offset: { width: '84px', numeric: true, cell: (row) => <Offset row={row} /> },
    key: { width: 'minmax(80px, 0.8fr)', cell: ({ key }) => <CellText cell={key} /> },
    value: {
      width: 'minmax(180px, 5fr)',
      cell: ({ value, transaction }) => (
        <>
          {transaction && <Transaction state={transaction} />}
          <span className={transaction === 'aborted' ? css.aborted : undefined}>
            <CellText cell={value} nullText={texts.cell.tombstone} />
          </span>
        </>
      ),
    },
    // The message itself shows both.
    headers: { width: '56px', numeric: true, yields: 1, cell: ({ headers }) => (headers > 0 ? headers : '') },
    size: { width: '62px', numeric: true, yields: 2, cell: ({ sizeBytes }) => bytes(sizeBytes) },
  }
  const chosen: readonly Column<MessageRow>[] = ids
    .filter((id) => id !== 'topic' || severalTopics)
    .map((id) => ({ id, title: texts.columns[id], ...all[id] }))
  const added = own.map(
    (column, i): Column<MessageRow> => ({
      id: `own ${column}`,
      title: column.replace(/^(?:value|headers?|\$)\./, ''),
      width: 'minmax(90px, 1fr)',
      cell: ({ columns }) => <OwnCell text={columns?.[i] ?? null} />,
    }),
  )
  const before = chosen.findIndex(({ id }) => id === 'value')
  return before < 0 ? [...chosen, ...added] : [...chosen.slice(0, before), ...added, ...chosen.slice(before)]
}

/**
 * Beside an open message these columns yield to the value, the last one first: the message itself shows what they show. Columns of fields
 * and headers, which the user has added, yield after the topic.
 */
const yielding: readonly string[] = [
  'key',
  'own',
  'topic',
  'time',
  'offset',
  'partition',
  'headers',
  'size',
] satisfies readonly (ColumnId | 'own')[]

export function besideMessage(columns: readonly Column<MessageRow>[]): readonly Column<MessageRow>[] {
  return columns.map((column, index) => {
    if (column.id === 'value') return column
    const isKnown = yielding.includes(column.id)
    // Of several own ones the last yields first.
    return {
      ...column,
      yields: isKnown ? yielding.indexOf(column.id) : yielding.indexOf('own') + index / columns.length,
    }
  })
}

function OwnCell({ text }: { readonly text: string | null }) {
  return text === null ? (
    <span className="quiet">{texts.cell.absent}</span>
  ) : (
    <span className="data">{visible(text)}</span>
  )
}

/** The offset, with a mark for offsets before it that have no record. */
function Offset({ row: { offset, gap } }: { readonly row: MessageRow }) {
  if (!gap) return integer(offset)
  const text = gapText(gap)
  return (
    <span title={text}>
      <span className={css.gap} role="img" aria-label={text}>
        ⋯{gap.last - gap.first + 1}
      </span>
      {integer(offset)}
    </span>
  )
}

const transactionMarks: Readonly<Record<TransactionState, readonly [string, string, string]>> = {
  open: ['◐', 'var(--waiting)', texts.transaction.open],
  committed: ['◆', 'var(--quiet)', texts.transaction.committed],
  aborted: ['✕', 'var(--bad)', texts.transaction.aborted],
}

export function Transaction({ state }: { readonly state: TransactionState }) {
  const [glyph, color, text] = transactionMarks[state]
  return (
    <span className={css.transaction} style={{ color }} role="img" aria-label={text} title={text}>
      {glyph}
    </span>
  )
}
