import { type CSSProperties, memo, useEffect, useMemo, useRef, useState } from 'react'
import { counted } from '../../format/numbers'
import { clockTime, exactTime, span, timeTrack } from '../../format/time'
import { useVisibleRows } from '../../parts/useVisibleRows'
import { useWidth } from '../../parts/useWidth'
import { useToday } from '../../stores/today'
import { causeKinds, causeLabels } from './causes'
import { type RebalanceLine, type Storm, storms } from './lines'
import css from './rebalances.module.css'
import { texts } from './texts'

interface Props {
  /** Rebalances that pass the filter, the oldest first. */
  readonly lines: readonly RebalanceLine[]
  readonly selected: number | null
  /** Selected by the user: it is kept in view. */
  readonly isChosen: boolean
  readonly onSelect: (line: RebalanceLine) => void
  readonly onHover: (seq: number | null) => void
}

type Row =
  | { readonly storm: Storm; readonly isOpen: boolean }
  | { readonly line: RebalanceLine; readonly isInStorm: boolean }

const rowHeight = 28
/** Of rows in two lines: the cause, and below it when, which generation and how long. */
const stackedHeight = 46
/** What the rest of a row takes in one line, and a character of a cause, in pixels: about. */
const restWidth = 260
const characterWidth = 6.5

/** Rebalances, the newest first; a storm is one row until it is expanded. Only visible rows are rendered. Rows have two lines where a cause would be cut. */
export const RebalanceList = memo(function RebalanceList({ lines, selected, isChosen, onSelect, onHover }: Props) {
  useToday()
  const body = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set())
  const rows = useMemo(() => {
    const result: Row[] = []
    for (const entry of [...storms(lines)].reverse()) {
      if (!('lines' in entry)) {
        result.push({ line: entry, isInStorm: false })
        continue
      }
      const isOpen = open.has(entry.lines[0]?.seq ?? 0)
      result.push({ storm: entry, isOpen })
      if (isOpen) for (const line of [...entry.lines].reverse()) result.push({ line, isInStorm: true })
    }
    return result
  }, [lines, open])
  const width = useWidth(body)
  const longest = useMemo(() => lines.reduce((most, { cause }) => Math.max(most, cause.length), 0), [lines])
  const isStacked = width > 0 && width < restWidth + longest * characterWidth
  const height = isStacked ? stackedHeight : rowHeight
  const visible = useVisibleRows(
    body,
    rows.map(() => height),
  )
  const place = rows.findIndex((row) =>
    'line' in row ? row.line.seq === selected : !row.isOpen && row.storm.lines.some(({ seq }) => seq === selected),
  )
  useEffect(() => {
    if (isChosen && place >= 0) visible.reveal(place)
  }, [selected, isChosen, place >= 0])
  const time = timeTrack([lines[0]?.fromAt, lines[lines.length - 1]?.fromAt])
  const columns = isStacked ? {} : { gridTemplateColumns: `${time} 28px minmax(0, 1fr) max-content` }
  return (
    <div
      ref={body}
      className={isStacked ? `${css.list} ${css.stacked}` : css.list}
      onPointerLeave={() => onHover(null)}
    >
      {rows.length === 0 && <p className={css.none}>{texts.filter.noMatch}</p>}
      <ul style={{ height: visible.totalHeight }} aria-label={texts.title}>
        {visible.rows.map(({ index, top }) => {
          const row = rows[index] as Row
          return (
            <li key={index} style={{ transform: `translateY(${top}px)`, height }}>
              {'storm' in row ? (
                <StormRow
                  row={row}
                  style={columns}
                  isSelected={index === place}
                  onToggle={(first) =>
                    setOpen((before) => {
                      const next = new Set(before)
                      if (!next.delete(first)) next.add(first)
                      return next
                    })
                  }
                />
              ) : (
                <button
                  type="button"
                  style={columns}
                  className={row.isInStorm ? css.inStorm : undefined}
                  aria-pressed={row.line.seq === selected}
                  title={`${row.line.cause}\n${exactTime(row.line.fromAt)}`}
                  onClick={() => onSelect(row.line)}
                  onPointerEnter={() => onHover(row.line.seq)}
                >
                  <span className="data">{clockTime(row.line.fromAt)}</span>
                  <span className="data quiet">{row.line.epoch}</span>
                  <span className={css.cause}>{row.line.cause}</span>
                  <span className="number">
                    {row.line.isNote
                      ? ''
                      : row.line.toAt === null
                        ? texts.running
                        : span(row.line.toAt - row.line.fromAt)}
                  </span>
                </button>
              )}
            </li>
          )
        })}
      </ul>
    </div>
  )
})

function StormRow({
  row: { storm, isOpen },
  style,
  isSelected,
  onToggle,
}: {
  readonly row: Extract<Row, { readonly storm: Storm }>
  readonly style: CSSProperties
  readonly isSelected: boolean
  readonly onToggle: (first: number) => void
}) {
  const { lines } = storm
  const first = lines[0] as RebalanceLine
  const last = lines[lines.length - 1] as RebalanceLine
  const kinds = causeKinds.flatMap((kind) => {
    const count = lines.filter((line) => line.kind === kind).length
    return count > 0 ? [`${count} × ${causeLabels[kind].toLowerCase()}`] : []
  })
  return (
    <button
      type="button"
      style={style}
      className={isSelected ? css.stormSelected : undefined}
      aria-expanded={isOpen}
      onClick={() => onToggle(first.seq)}
    >
      <span className="data">{clockTime(last.fromAt)}</span>
      <span className="quiet" aria-hidden>
        {isOpen ? '▾' : '▸'}
      </span>
      <span className={css.cause}>
        <b>{counted(lines.length, 'rebalance')}</b> <span className="quiet">{kinds.join(', ')}</span>
      </span>
      <span className="number">{span((last.toAt ?? last.fromAt) - first.fromAt)}</span>
    </button>
  )
}
