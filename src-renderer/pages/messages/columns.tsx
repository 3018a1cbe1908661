import type { MessageRow } from '../../../src-main/contract/messages'
import { bytes, integer } from '../../format/numbers'
import { exactTime, stamp, type TimeStyle } from '../../format/time'
import type { Column } from '../../parts/Table'
import { CellText } from './CellText'
import { type ColumnId, columnTitles } from './columnIds'

/** The columns that somebody chose, in that order. The topic is told only where there are several. */
export function columnsFor(
  ids: readonly ColumnId[],
  times: TimeStyle,
  severalTopics: boolean,
): readonly Column<MessageRow>[] {
  const all: Readonly<Record<ColumnId, Omit<Column<MessageRow>, 'id' | 'title'>>> = {
    topic: { width: 'minmax(110px, 0.8fr)', cell: ({ topic }) => topic },
    time: {
      width: 'minmax(104px, 0.5fr)',
      cell: ({ timestamp }) => (
        <span className="data" title={exactTime(timestamp)}>
          {stamp(timestamp, times)}
        </span>
      ),
    },
    partition: { width: '64px', numeric: true, cell: ({ partition }) => partition },
    offset: { width: '84px', numeric: true, cell: ({ offset }) => integer(offset) },
    key: { width: 'minmax(90px, 0.8fr)', cell: ({ key }) => <CellText cell={key} /> },
    value: {
      width: 'minmax(200px, 5fr)',
      cell: ({ value, aborted }) => (
        <span
          style={aborted ? { textDecoration: 'line-through' } : undefined}
          title={aborted ? 'Written by a transaction that was aborted' : undefined}
        >
          <CellText cell={value} nullText="tombstone" />
        </span>
      ),
    },
    headers: { width: '66px', numeric: true, cell: ({ headers }) => (headers > 0 ? headers : '') },
    size: { width: '70px', numeric: true, cell: ({ sizeBytes }) => bytes(sizeBytes) },
  }
  return ids.filter((id) => id !== 'topic' || severalTopics).map((id) => ({ id, title: columnTitles[id], ...all[id] }))
}
