import { type PointerEvent, useEffect, useRef, useState } from 'react'
import type { Histogram as Counts } from '../../../src-main/contract/messages'
import { integer } from '../../format/numbers'
import { clockTime } from '../../format/time'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import css from './messages.module.css'

const buckets = 160
const refreshMs = 3000

interface Props {
  readonly topic: string
  /** The first rows are there: they come before the picture above them. */
  readonly isReady: boolean
  readonly onBrush: (fromAt: number, untilAt: number) => void
  readonly brushed: boolean
  readonly onClear: () => void
}

/** Messages over time; drag over it to see only those. */
export function Histogram({ topic, isReady, onBrush, brushed, onClear }: Props) {
  const [counts, setCounts] = useState<Counts | null>(null)
  const [drag, setDrag] = useState<readonly [number, number] | null>(null)
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!isReady) return
    let timer = 0
    let isGone = false
    const load = () =>
      ask('messages.histogram', { topic, buckets })
        .then(
          (next) => !isGone && setCounts(next),
          () => !isGone && setCounts(null),
        )
        .finally(() => {
          if (!isGone) timer = window.setTimeout(load, refreshMs)
        })
    load()
    return () => {
      isGone = true
      clearTimeout(timer)
    }
  }, [topic, isReady])
  if (!counts || counts.fromAt < 0) return null
  const max = Math.max(1, ...counts.counts)
  const end = counts.fromAt + counts.bucketMs * buckets
  const place = (event: PointerEvent) => {
    const { left = 0, width = 1 } = box.current?.getBoundingClientRect() ?? {}
    return Math.min(1, Math.max(0, (event.clientX - left) / width))
  }
  const timeAt = (part: number) => Math.round(counts.fromAt + part * (end - counts.fromAt))
  return (
    <div className={css.histogram}>
      <div
        ref={box}
        className={css.bars}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          setDrag([place(event), place(event)])
        }}
        onPointerMove={(event) => drag && setDrag([drag[0], place(event)])}
        onPointerUp={() => {
          if (drag && Math.abs(drag[0] - drag[1]) > 0.005) onBrush(timeAt(Math.min(...drag)), timeAt(Math.max(...drag)))
          setDrag(null)
        }}
      >
        <svg viewBox={`0 0 ${buckets} 100`} preserveAspectRatio="none" role="img" aria-label="Messages over time">
          {counts.counts.map((count, i) => {
            const height = count === 0 ? 0 : Math.max(3, (count / max) * 100)
            return (
              <rect
                key={i}
                x={i + 0.1}
                width={0.8}
                y={100 - height}
                height={height}
                fill="var(--accent)"
                opacity="0.55"
              >
                <title>{`${integer(count)} messages around ${clockTime(counts.fromAt + i * counts.bucketMs)}`}</title>
              </rect>
            )
          })}
          {drag && (
            <rect
              x={Math.min(...drag) * buckets}
              width={Math.abs(drag[0] - drag[1]) * buckets}
              y={0}
              height={100}
              fill="var(--info)"
              opacity="0.25"
            />
          )}
        </svg>
      </div>
      <div className={`${css.axis} quiet`}>
        <span>{clockTime(counts.fromAt)}</span>
        {brushed && (
          <Button look="plain" onClick={onClear}>
            Show all times
          </Button>
        )}
        <span>{clockTime(end)}</span>
      </div>
    </div>
  )
}
