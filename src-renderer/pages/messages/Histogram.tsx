import { type KeyboardEvent, memo, type PointerEvent, useRef, useState } from 'react'
import type { Histogram as Counts } from '../../../src-main/contract/messages'
import { compact } from '../../format/numbers'
import { clockTime, zoneName } from '../../format/time'
import { Button } from '../../parts/Button'
import { useFeed } from '../../stores/feed'
import { useSettings } from '../../stores/settings'
import { useToday } from '../../stores/today'
import css from './messages.module.css'
import { texts } from './texts'
import type { Query } from './useSearch'

/** A bar for each is wide enough to be seen in the smallest window. */
const mostBuckets = 240

interface Props {
  /** What is counted: its filter, isolation and partitions; its time span is drawn. */
  readonly query: Query
  readonly onBrush: (fromAt: number, untilAt: number) => void
  /** The selected time span in ms; `null` for all. */
  readonly span: Span | null
  readonly onClear: () => void
}

export interface Span {
  readonly fromAt: number | null
  readonly until: number | null
}

/** Buckets from one to the other, inclusive. */
interface Brush {
  readonly from: number
  readonly to: number
}

/**
 * Messages over time. Dragging, or the arrow keys with Shift, select a span. It has many bars, so it is not rendered again with each new
 * row.
 */
export const Histogram = memo(function Histogram({ query, onBrush, span, onClear }: Props) {
  useSettings(({ times }) => times)
  useToday()
  const { counts, problem } = useCounts(query)
  const [brush, setBrush] = useState<Brush | null>(null)
  const [isDragging, setDragging] = useState(false)
  const [hovered, setHovered] = useState<number | null>(null)
  const box = useRef<HTMLDivElement>(null)
  if (problem !== null) return <p className="quiet">{problem}</p>
  if (!counts || counts.fromAt < 0) return <NoBars />
  const buckets = counts.counts.length
  const max = counts.counts.reduce((most, count) => Math.max(most, count), 1)
  const end = counts.fromAt + counts.bucketMs * buckets
  const place = (event: PointerEvent) => {
    const { left = 0, width = 1 } = box.current?.getBoundingClientRect() ?? {}
    return Math.min(buckets - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * buckets)))
  }
  const startOf = (bucket: number) => counts.fromAt + bucket * counts.bucketMs
  const bucketAt = (at: number) => Math.min(buckets, Math.max(0, (at - counts.fromAt) / counts.bucketMs))
  const [low, high] = brush ? [Math.min(brush.from, brush.to), Math.max(brush.from, brush.to)] : [0, -1]
  const say = (first: number, last: number) => {
    const messages = counts.counts.slice(first, last + 1).reduce((sum, count) => sum + count, 0)
    return texts.histogram.said(messages, clockTime(startOf(first)), clockTime(startOf(last + 1)), counts.unit)
  }
  const apply = () => {
    if (brush) onBrush(startOf(low), startOf(high + 1))
  }
  const move = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      PageDown: 10,
      PageUp: -10,
      Home: -buckets,
      End: buckets,
    }
    const step = steps[event.key]
    if (event.key === 'Enter') apply()
    else if (event.key === 'Escape' && brush) setBrush(null)
    else if (step !== undefined) {
      const begin = brush?.to ?? (step < 0 ? buckets : -1)
      const to = Math.min(buckets - 1, Math.max(0, begin + step))
      setBrush({ from: brush && event.shiftKey ? brush.from : to, to })
    } else return
    event.preventDefault()
  }
  return (
    <div className={css.histogram}>
      <div
        ref={box}
        className={css.bars}
        role="slider"
        tabIndex={0}
        aria-label={texts.histogram.label}
        aria-description={texts.histogram.help}
        aria-valuemin={0}
        aria-valuemax={buckets - 1}
        aria-valuenow={brush?.to ?? 0}
        aria-valuetext={brush ? say(low, high) : say(0, buckets - 1)}
        onKeyDown={move}
        onBlur={() => setBrush(null)}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          setDragging(true)
          setBrush({ from: place(event), to: place(event) })
        }}
        onPointerMove={(event) => {
          setHovered(place(event))
          if (isDragging && brush) setBrush({ from: brush.from, to: place(event) })
        }}
        onPointerLeave={() => setHovered(null)}
        onPointerUp={() => {
          setDragging(false)
          if (low < high) apply()
          setBrush(null)
        }}
      >
        <svg viewBox={`0 0 ${buckets} 100`} preserveAspectRatio="none" aria-hidden>
          {hovered !== null && <rect x={hovered} width={1} y={0} height={100} fill="var(--hover)" />}
          {counts.counts.map((count, i) => {
            const height = count === 0 ? 0 : Math.max(3, (count / max) * 100)
            const isLit = i === hovered || (i >= low && i <= high)
            return (
              <rect
                key={i}
                x={i + 0.1}
                width={0.8}
                y={100 - height}
                height={height}
                fill="var(--info)"
                opacity={isLit ? 1 : 0.55}
              />
            )
          })}
          {span && (
            <>
              <rect x={0} width={bucketAt(span.fromAt ?? counts.fromAt)} y={0} height={100} className={css.outside} />
              <rect x={bucketAt(span.until ?? end)} width={buckets} y={0} height={100} className={css.outside} />
            </>
          )}
          {brush && <rect x={low} width={high - low + 1} y={0} height={100} fill="var(--ink)" opacity="0.15" />}
        </svg>
      </div>
      <div className={`${css.axis} quiet`}>
        <span>{clockTime(counts.fromAt)}</span>
        <span className={css.said}>
          {brush
            ? say(low, high)
            : hovered !== null
              ? say(Math.min(hovered, buckets - 1), Math.min(hovered, buckets - 1))
              : texts.histogram.max(compact(max), counts)}
          {counts.early > 0 && <strong role="status"> · {texts.histogram.early(counts.early)}</strong>}
        </span>
        {span && (
          <Button look="plain" onClick={onClear}>
            {texts.histogram.showAll}
          </Button>
        )}
        <span title={texts.histogram.zone(zoneName())}>{clockTime(end)}</span>
      </div>
    </div>
  )
})

/** Holds the place of the bars: the rows below do not move when the first message comes. */
function NoBars() {
  return (
    <div className={css.histogram} aria-hidden>
      <div className={css.bars} />
      <div className={css.axis} />
    </div>
  )
}

/** The newest counts; those of the question before until the first of this one come. */
function useCounts({ topics, partitions, committed, find, script, conditions, follow }: Query) {
  const { value, problem } = useFeed('messages.histogram', {
    topics,
    partitions,
    committed,
    find,
    script,
    conditions,
    follow,
    buckets: mostBuckets,
  })
  const last = useRef<Counts | null>(null)
  if (value) last.current = value
  return { counts: last.current, problem: last.current ? null : problem }
}
