import { useRef, useState } from 'react'
import type { GroupType } from '../../../src-main/contract/groups'
import { moves, type ResetLine } from '../../../src-main/contract/reset'
import { integer } from '../../format/numbers'
import { axisTimes } from '../../format/time'
import { Button } from '../../parts/Button'
import { useVisibleRows } from '../../parts/useVisibleRows'
import { ResetStrip } from './ResetStrip'
import css from './reset.module.css'
import { barsOver, isBurst, offsetsAtPlaces, type Span, spanOf } from './scale'
import { resetOffset, texts } from './texts'
import { useLogTimes } from './useLogTimes'
import { lineKey, type Reset } from './useReset'

const headHeight = 36
const stripHeight = 58
/** Places of the ticks on the axis, 0 to 1. */
const ticks = [0, 0.25, 0.5, 0.75, 1]

interface Props {
  readonly type: GroupType
  readonly reset: Reset
  readonly lines: readonly ResetLine[]
  /** Lines of the reset that waits until the group is empty. */
  readonly waits: readonly ResetLine[]
}

type Row =
  | { readonly kind: 'topic'; readonly topic: string; readonly lines: readonly ResetLine[] }
  | { readonly kind: 'strip'; readonly line: ResetLine }

/** All partitions by topic, in one scale. Only the visible strips are in the document. */
export function Strips({ type, reset, lines, waits }: Props) {
  const body = useRef<HTMLDivElement>(null)
  const [axis, setAxis] = useState<'time' | 'offsets' | null>(null)
  const rows = rowsOf(lines)
  const visible = useVisibleRows(
    body,
    rows.map(({ kind }) => (kind === 'topic' ? headHeight : stripHeight)),
  )
  const times = useLogTimes(
    visible.rows.flatMap(({ index }) => {
      const row = rows[index]
      return row?.kind === 'strip' ? [row.line] : []
    }),
  )
  const known = spanOf(times.values())
  const along = axis ?? (known && !mostAreBursts([...times.values()], known) ? 'time' : 'offsets')
  const span = along === 'time' ? known : null
  const words = span && axisTimes(ticks.map((place) => span.from + (span.to - span.from) * place))
  const longest = lines.reduce((most, { start, end }) => Math.max(most, end - start), 1)
  const offsets = offsetsAtPlaces(longest, ticks).map((offset) => (offset === null ? '' : integer(offset)))
  const { excluded, byHand } = reset
  const waiting = new Map(waits.map((line) => [lineKey(line), line]))
  const topics = [...new Set(lines.map(({ topic }) => topic))]
  return (
    <div className={css.strips} ref={body}>
      <div className={css.axis}>
        <div className={css.ticks} aria-hidden>
          {ticks.map((place, i) => (
            <span key={place} style={{ left: `${place * 100}%`, transform: `translateX(-${place * 100}%)` }}>
              {words?.[i] ?? offsets[i]}
            </span>
          ))}
        </div>
        <span className="number">{texts.columns.newOffset}</span>
        <span className={css.happens}>
          {texts.columns.effect}
          <fieldset className={css.along}>
            <legend>{texts.axis.title}</legend>
            {(['time', 'offsets'] as const).map((one) => (
              <label key={one}>
                <input type="radio" name="along" checked={along === one} onChange={() => setAxis(one)} />
                <span>{texts.axis[one]}</span>
              </label>
            ))}
          </fieldset>
        </span>
      </div>
      <div style={{ height: visible.totalHeight, position: 'relative' }}>
        {visible.rows.map((item) => {
          const row = rows[item.index] as Row
          const place = { transform: `translateY(${item.top}px)`, height: item.height }
          if (row.kind === 'topic') {
            const others = lines.filter(({ topic }) => topic !== row.topic)
            return (
              <div key={row.topic} className={css.row} style={place}>
                <TopicHead
                  topic={row.topic}
                  lines={row.lines}
                  included={row.lines.filter((line) => !excluded.has(lineKey(line))).length}
                  onInclude={(isIncluded) => reset.choose(row.lines, isIncluded)}
                  onOnly={topics.length > 1 ? () => reset.only(row.lines, others) : undefined}
                />
              </div>
            )
          }
          const { line } = row
          const key = lineKey(line)
          return (
            <div key={key} className={css.row} style={place}>
              <ResetStrip
                line={line}
                offset={resetOffset(type)}
                isIncluded={!excluded.has(key)}
                wanted={reset.strategy === 'exact' && !excluded.has(key) ? (byHand.get(key) ?? undefined) : undefined}
                isByHand={reset.strategy === 'exact'}
                isMoved={reset.needs === null && moves(line)}
                waits={waiting.get(key)}
                times={times.get(key) ?? []}
                span={span}
                longest={longest}
                onInclude={(isIncluded) => reset.choose([line], isIncluded)}
                onMove={(offset) => reset.move(line, offset)}
              />
            </div>
          )
        })}
      </div>
    </div>
  )
}

function TopicHead({
  topic,
  lines,
  included,
  onInclude,
  onOnly,
}: {
  readonly topic: string
  readonly lines: readonly ResetLine[]
  readonly included: number
  readonly onInclude: (isIncluded: boolean) => void
  readonly onOnly: (() => void) | undefined
}) {
  return (
    <div className={css.topic}>
      <label>
        <input
          type="checkbox"
          aria-label={texts.strip.includeTopic(topic)}
          checked={included === lines.length}
          ref={(box) => {
            if (box) box.indeterminate = included > 0 && included < lines.length
          }}
          onChange={(event) => onInclude(event.target.checked)}
        />
        <b>{topic}</b>
      </label>
      <span className="quiet">{texts.partitionsOf(lines.length, included)}</span>
      {onOnly && (
        <Button look="plain" onClick={onOnly}>
          {texts.onlyTopic}
        </Button>
      )}
    </div>
  )
}

function rowsOf(lines: readonly ResetLine[]): readonly Row[] {
  const topics = new Map<string, ResetLine[]>()
  for (const line of lines) {
    const known = topics.get(line.topic)
    if (known) known.push(line)
    else topics.set(line.topic, [line])
  }
  return [...topics].flatMap(([topic, own]): Row[] => [
    { kind: 'topic', topic, lines: own },
    ...own.map((line): Row => ({ kind: 'strip', line })),
  ])
}

function mostAreBursts(logs: readonly (readonly { offset: number; at: number }[])[], span: Span): boolean {
  const known = logs.filter((times) => times.length > 1)
  return known.filter((times) => isBurst(barsOver(times, span, 60))).length > known.length / 2
}
