import { useRef } from 'react'
import { axisTimes, clockTime, exactTime, span } from '../../format/time'
import { useVisibleRows } from '../../parts/useVisibleRows'
import { goBeside, href } from '../../stores/route'
import page from '../pages.module.css'
import { BlockedGroups } from './BlockedGroups'
import { type Axis, axisOf, type Lane, placeOn } from './lanes'
import { texts } from './texts'
import css from './transactions.module.css'

/** Heights in pixels, as in transactions.module.css. */
const headHeight = 50
const partHeight = 22
const gap = 9

function heightOf({ parts, moreParts }: Lane): number {
  return headHeight + (parts.length + (moreParts > 0 ? 1 : 0)) * partHeight + gap
}

/** Room that is kept when the lanes become fewer: transactions that begin and end all the time do not move the table below. */
const keptHeight = 160

interface Props {
  /** In their order. */
  readonly lanes: readonly Lane[]
  /** Open transactions that have no lane. */
  readonly short: number
  readonly now: number
  readonly selected: string | null
}

/** Open transactions as lanes on one axis of time: since when each is open, and whom it holds up where. Any number of them. */
export function Lanes({ lanes, short, now, selected }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const { rows, totalHeight } = useVisibleRows(scroller, lanes.map(heightOf))
  const kept = useRef(0)
  kept.current = Math.max(kept.current, Math.min(totalHeight, keptHeight))
  const axis = axisOf(lanes, now)
  const holding = lanes.filter(({ effect }) => effect === 'waits').length
  return (
    <section className={css.open} aria-label={texts.lanes.title}>
      <div className={css.openHead}>
        <h2>{texts.lanes.title}</h2>
        <span className="quiet">{texts.lanes.summary(lanes.length, holding, short)}</span>
      </div>
      <Heads axis={axis} />
      <div className={css.lanes} ref={scroller}>
        <div style={{ height: Math.max(totalHeight, kept.current), position: 'relative' }}>
          {lanes.length === 0 && <p className={css.noLanes}>{texts.lanes.noLanes}</p>}
          {rows.map(({ index, top, height }) => {
            const lane = lanes[index]
            return (
              lane && (
                <div key={lane.line.transactionalId} className={css.place} style={{ top, height }}>
                  <LaneView lane={lane} axis={axis} isSelected={lane.line.transactionalId === selected} />
                </div>
              )
            )
          })}
        </div>
      </div>
    </section>
  )
}

/** Titles of what stands in a lane, and the ends of the axis. */
export function Heads({ axis }: { readonly axis: Axis }) {
  const [first = ''] = axisTimes([axis.from])
  return (
    <div className={`${css.laneHead} ${css.axis}`} aria-hidden>
      <span>{texts.columns.id}</span>
      <span className={css.ticks}>
        <span>{first}</span>
        <span>{texts.lanes.now}</span>
      </span>
      <span className="number">{texts.columns.open}</span>
      <span>{texts.lanes.timeout}</span>
    </div>
  )
}

interface LaneProps {
  readonly lane: Lane
  readonly axis: Axis
  readonly isSelected?: boolean
}

/** One open transaction. */
export function LaneView({ lane, axis, isSelected = false }: LaneProps) {
  const { line, effect, parts, moreParts } = lane
  const { transactionalId, startedAt, timeoutMs } = line
  const since = Math.max(0, axis.to - startedAt)
  const left = startedAt + timeoutMs - axis.to
  return (
    <article className={css.lane} aria-label={transactionalId}>
      <div className={css.laneHead}>
        <button
          type="button"
          className={css.name}
          aria-pressed={isSelected}
          title={transactionalId}
          onClick={() => goBeside('transactions', isSelected ? null : transactionalId)}
        >
          {transactionalId}
        </button>
        <span
          className={css.track}
          role="img"
          aria-label={texts.lanes.since(clockTime(startedAt))}
          title={exactTime(startedAt)}
        >
          <i data-effect={effect} style={{ left: `${placeOn(axis, startedAt) * 100}%` }} />
        </span>
        <span className="number">{span(since)}</span>
        <span className="quiet">{left > 0 ? texts.lanes.timesOutIn(span(left)) : texts.lanes.timesOut}</span>
      </div>
      <p className={css.whom} data-effect={effect}>
        {texts.lanes.whom(lane)}
      </p>
      <ul className={css.parts}>
        {parts.map((part) => (
          <li key={`${part.topic}:${part.partition}`}>
            <a className={page.link} href={`${href('topics', part.topic)}?committed=true&partitions=${part.partition}`}>
              {part.topic} {part.partition}
            </a>
            <span className="number">{texts.pane.heldBack(part.records)}</span>
            <span className={css.readers}>
              <BlockedGroups of={part} />
            </span>
          </li>
        ))}
        {moreParts > 0 && <li className={css.more}>{texts.pane.more(moreParts)}</li>}
      </ul>
    </article>
  )
}
