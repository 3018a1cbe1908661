import { type KeyboardEvent, type PointerEvent, useRef } from 'react'
import type { LogTime, ResetLine } from '../../../src-main/contract/reset'
import { integer } from '../../format/numbers'
import { ask } from '../../host'
import page from '../pages.module.css'
import { Histogram } from './Histogram'
import { NextMessage } from './NextMessage'
import { OffsetField } from './OffsetField'
import css from './reset.module.css'
import { barsOver, offsetScale, ratesOver, type Span, timeScale } from './scale'
import { type resetOffset, texts } from './texts'

const bars = 120
const minuteMs = 60_000

interface Props {
  readonly line: ResetLine
  /** Words for what is set. */
  readonly offset: ReturnType<typeof resetOffset>
  readonly isIncluded: boolean
  /** Set by hand; the plan of the broker may not include it yet. */
  readonly wanted: number | undefined
  readonly isByHand: boolean
  readonly isMoved: boolean
  /** The effect of the reset that waits until the group is empty. */
  readonly waits: ResetLine | undefined
  readonly times: readonly LogTime[]
  /** The time axis; `null` when the axis shows offsets. */
  readonly span: Span | null
  /** Messages in the longest log. */
  readonly longest: number
  readonly onInclude: (isIncluded: boolean) => void
  readonly onMove: (offset: number | null | undefined) => void
}

/** One partition: a handle for its new offset over its messages in time, and the first message that the group would consume. */
export function ResetStrip(props: Props) {
  const { line, offset, isIncluded, wanted, isByHand, isMoved, waits, times, longest, onInclude, onMove } = props
  const { topic, partition, start, end, current, next } = line
  const handle = useRef<HTMLButtonElement>(null)
  const span = times.length > 0 ? props.span : null
  const scale = span ? timeScale(times, start, end, span) : offsetScale(start, end, longest)
  const at = (offset: number) => `${scale.place(offset) * 100}%`
  const position = wanted ?? next
  const shown = position ?? start
  const from = current === null ? null : Math.max(current, start)
  const moveTo = (offset: number) => onMove(Math.min(end, Math.max(start, Math.round(offset))))
  const follow = (event: PointerEvent<HTMLDivElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    moveTo(scale.offsetAt(Math.min(1, Math.max(0, (event.clientX - left) / width))))
  }
  /** Moves by a minute of messages, at least by one message. */
  const moveByTime = async (byMs: number) => {
    const here = await ask('messages.at', { topic, partition, offset: Math.min(shown, Math.max(start, end - 1)) })
    if (!here || here.timestamp < 0) return
    const there = await ask('partition.at', { topic, partition, at: Math.max(0, here.timestamp + byMs) })
    moveTo(byMs < 0 ? Math.min(there, shown - 1) : Math.max(there, shown + 1))
  }
  const onKey = (event: KeyboardEvent) => {
    const step = event.shiftKey ? 10 : 1
    const steps: Readonly<Record<string, () => unknown>> = {
      ArrowLeft: () => moveTo(shown - step),
      ArrowDown: () => moveTo(shown - step),
      ArrowRight: () => moveTo(shown + step),
      ArrowUp: () => moveTo(shown + step),
      PageDown: () => moveByTime(-minuteMs).catch(() => undefined),
      PageUp: () => moveByTime(minuteMs).catch(() => undefined),
      Home: () => moveTo(start),
      End: () => moveTo(end),
    }
    const move = steps[event.key]
    if (!move) return
    event.preventDefault()
    event.stopPropagation()
    move()
  }
  return (
    <div
      className={isIncluded ? css.strip : `${css.strip} ${css.out}`}
      role="group"
      aria-label={`${topic} ${partition}`}
    >
      <input
        type="checkbox"
        aria-label={texts.strip.include(topic, partition)}
        checked={isIncluded}
        onChange={(event) => onInclude(event.target.checked)}
      />
      <span className={`${page.cell} ${css.partition}`}>{partition}</span>
      <div
        className={css.track}
        onPointerDown={(event) => {
          if (event.button !== 0) return
          event.currentTarget.setPointerCapture(event.pointerId)
          event.preventDefault()
          handle.current?.focus()
          follow(event)
        }}
        onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && follow(event)}
      >
        <Histogram
          bars={span ? barsOver(times, span, bars) : ratesOver(times, start, end, bars)}
          span={span}
          width={span ? 1 : scale.place(end)}
          label={span ? texts.histogramOverTime : texts.histogramOverOffsets}
        />
        <div className={css.line} style={{ left: at(start), right: `${100 - scale.place(end) * 100}%` }} />
        {from !== null && position !== null && (
          <div
            className={position < from ? css.again : css.skip}
            style={{
              left: at(Math.min(from, position)),
              width: `${Math.abs(scale.place(from) - scale.place(position)) * 100}%`,
            }}
          />
        )}
        {current !== null && <div className={css.committed} style={{ left: at(current) }} title={offset.at(current)} />}
        {waits && waits.next !== null && (
          <div className={css.waits} style={{ left: at(waits.next) }} title={texts.waiting.partition(waits.next)} />
        )}
        {position !== null && <div className={css.needle} style={{ left: at(shown) }} />}
        <button
          ref={handle}
          type="button"
          className={position === null ? `${css.handle} ${css.none}` : css.handle}
          style={{ left: at(shown) }}
          role="slider"
          aria-label={texts.strip.handle(topic, partition)}
          aria-valuemin={start}
          aria-valuemax={Math.max(start, end)}
          aria-valuenow={shown}
          aria-valuetext={position === null ? offset.none : integer(position)}
          onKeyDown={onKey}
        />
      </div>
      <OffsetField line={line} offset={position} isByHand={isByHand} onMove={onMove} />
      <Effect line={line} offset={offset} isMoved={isMoved} waits={waits} />
      <div className={css.under}>
        <span className="data">{integer(start)}</span>
        <span className={css.first} aria-live="polite">
          {isMoved && next !== null && (
            <NextMessage topic={topic} partition={partition} offset={next} isThere={next < end} />
          )}
        </span>
        <span className="data">{integer(end)}</span>
      </div>
      <span className={css.from}>
        <i className={css.diamond} aria-hidden /> {current === null ? offset.none : integer(current)}
      </span>
      {isMoved && line.first && <span className={css.firstCommit}>{offset.first}</span>}
    </div>
  )
}

function Effect({ line, offset, isMoved, waits }: Pick<Props, 'line' | 'offset' | 'isMoved' | 'waits'>) {
  const { problem, replayed, skipped, first, next } = line
  if (problem) return <span className={css.problem}>{problem}</span>
  if (!isMoved && waits) return <span className={css.waitingEffect}>{texts.waiting.partition(waits.next)}</span>
  if (!isMoved) return <span className="quiet">{texts.effect.unchanged}</span>
  if (next === null) return <span>{offset.deleted}</span>
  if (first) return <span>{texts.effect.first(first.read, first.skipped)}</span>
  if (replayed > 0) return <span className={css.replays}>{texts.effect.replayed(replayed)}</span>
  return skipped > 0 ? (
    <span className={css.skips}>{texts.effect.skipped(skipped)}</span>
  ) : (
    <span>{texts.effect.earliest}</span>
  )
}
