import { useRef } from 'react'
import type { MessageRow } from '../../../src-main/contract/messages'
import { clockTime, span } from '../../format/time'
import css from './follow.module.css'
import { placeText } from './place'
import { texts } from './texts'
import type { SearchState } from './useSearch'

/** More messages than this are a list, not a picture. */
const most = 200
const step = 56
const laneHeight = 36
const left = 24

interface Props {
  readonly rows: SearchState['rows']
  readonly hasMore: boolean
  readonly selected: string | null
  readonly onOpen: (row: MessageRow) => void
}

/** The way of an id through the topics: a lane for each topic, a dot for each message in the order of time, and the time between. */
export function FollowLanes({ rows, hasMore, selected, onOpen }: Props) {
  const dots = useRef<HTMLDivElement>(null)
  const shown = Array.from({ length: Math.min(most, rows.length) }, (_, i) => rows.at(i)).filter(
    (row) => row !== undefined,
  )
  const topics = [...new Set(shown.map(({ topic }) => topic))]
  const place = (row: MessageRow, i: number) => ({
    x: left + i * step,
    y: laneHeight * (topics.indexOf(row.topic) + 0.5),
  })
  const points = shown.map(place)
  const width = left * 2 + Math.max(0, shown.length - 1) * step
  const height = laneHeight * topics.length
  const move = (from: number, by: number) =>
    dots.current?.querySelectorAll('button')[Math.min(shown.length - 1, Math.max(0, from + by))]?.focus()
  return (
    <section className={css.lanes} aria-label={texts.follow.lanes}>
      <div className={css.laneNames}>
        {topics.map((topic) => (
          <span key={topic} style={{ height: laneHeight }} title={topic}>
            {topic}
          </span>
        ))}
      </div>
      <div ref={dots} className={css.laneDots}>
        <div style={{ width, height: height + 20, position: 'relative' }}>
          <svg width={width} height={height} aria-hidden>
            {topics.map((topic, i) => (
              <line key={topic} x1={0} x2={width} y1={laneHeight * (i + 0.5)} y2={laneHeight * (i + 0.5)} />
            ))}
            <polyline points={points.map(({ x, y }) => `${x},${y}`).join(' ')} />
          </svg>
          {shown.map((row, i) => {
            const { x, y } = points[i] as { x: number; y: number }
            const key = placeText(row)
            const before = shown[i - 1]
            const label = texts.follow.dot(row.topic, row.partition, row.offset, clockTime(row.timestamp))
            return (
              <div key={key}>
                <button
                  type="button"
                  className={css.dot}
                  style={{ left: x, top: y }}
                  aria-pressed={key === selected}
                  aria-label={label}
                  title={label}
                  onClick={() => onOpen(row)}
                  onKeyDown={(event) => {
                    if (event.key === 'ArrowRight') move(i, 1)
                    else if (event.key === 'ArrowLeft') move(i, -1)
                  }}
                />
                {before && (
                  <span className={css.between} style={{ left: x - step / 2, top: height }}>
                    {span(Math.max(0, row.timestamp - before.timestamp))}
                  </span>
                )}
              </div>
            )
          })}
        </div>
      </div>
      {(hasMore || rows.length > most) && <p className="quiet">{texts.follow.more}</p>}
    </section>
  )
}
