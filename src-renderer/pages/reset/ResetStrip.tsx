import { type KeyboardEvent, type PointerEvent, useRef } from 'react'
import type { ResetLine } from '../../../src-main/contract/groups'
import { integer } from '../../format/numbers'
import { Density } from './Density'
import css from './reset.module.css'

interface Props {
  readonly line: ResetLine
  readonly onMove: (offset: number) => void
  /** The person looks at this strip. */
  readonly onFocus: () => void
}

/** One partition from its earliest offset to its log end, with a handle for the new position, and how fast messages came under it. */
export function ResetStrip({ line, onMove, onFocus }: Props) {
  const track = useRef<HTMLDivElement>(null)
  const { topic, partition, start, end, current, next, replayed, skipped, problem } = line
  const size = Math.max(1, end - start)
  const place = (offset: number) => Math.min(100, Math.max(0, ((offset - start) / size) * 100))
  const shown = next ?? current ?? start
  const from = current ?? start
  const moveTo = (offset: number) => onMove(Math.min(end, Math.max(start, Math.round(offset))))
  const follow = (event: PointerEvent) => {
    if (event.buttons === 0) return
    const { left = 0, width = 1 } = track.current?.getBoundingClientRect() ?? {}
    moveTo(start + ((event.clientX - left) / width) * size)
  }
  const onKey = (event: KeyboardEvent) => {
    const step = event.shiftKey ? 10 : 1
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: shown - step,
      ArrowRight: shown + step,
      PageDown: shown - size / 100,
      PageUp: shown + size / 100,
      Home: start,
      End: end,
    }
    const target = steps[event.key]
    if (target === undefined) return
    event.preventDefault()
    event.stopPropagation()
    moveTo(target)
  }
  return (
    <div className={css.strip}>
      <span>
        {topic} <b className="data">{partition}</b>
      </span>
      <span className="number quiet">{integer(start)}</span>
      <div
        ref={track}
        className={css.track}
        onPointerDown={(event) => {
          onFocus()
          follow(event)
        }}
        onPointerMove={follow}
      >
        <Density topic={topic} partition={partition} start={start} end={end} />
        <div
          className={css.change}
          style={{ left: `${Math.min(place(from), place(shown))}%`, width: `${Math.abs(place(from) - place(shown))}%` }}
        />
        {current !== null && (
          <div
            className={css.committed}
            style={{ left: `${place(current)}%` }}
            title={`committed ${integer(current)}`}
          />
        )}
        <button
          type="button"
          className={css.handle}
          style={{ left: `${place(shown)}%` }}
          role="slider"
          aria-label={`New position in ${topic} partition ${partition}`}
          aria-valuemin={start}
          aria-valuemax={end}
          aria-valuenow={shown}
          onFocus={onFocus}
          onKeyDown={onKey}
        />
      </div>
      <span className="number">{integer(end)}</span>
      <span className="number">{next === null ? 'deleted' : integer(next)}</span>
      <span className="quiet">
        {problem ??
          (replayed > 0 ? `${integer(replayed)} again` : skipped > 0 ? `${integer(skipped)} skipped` : 'stays')}
      </span>
    </div>
  )
}
