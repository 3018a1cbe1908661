import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useSettings } from '../../stores/settings'
import { type Hit, hitAt } from './hit'
import type { RebalanceLine } from './lines'
import { Painter, type Sight } from './painter'
import css from './rebalances.module.css'
import { texts } from './texts'

interface Props extends Sight {
  readonly names: ReactNode
  readonly owned: ReactNode
  /** Position in the list that the arrows step through. */
  readonly place: { readonly index: number; readonly count: number; readonly text: string }
  readonly onPan: (endAt: number) => void
  /** `part` of the window stays where it is: 0 is its left edge, 1 its right one. */
  readonly onZoom: (factor: number, part: number) => void
  readonly onHover: (hit: Hit | null, x: number, y: number) => void
  readonly onSelect: (line: RebalanceLine | null) => void
  readonly onFit: (line: RebalanceLine) => void
  /** Lanes that there is room for: fewer leave the rest empty, so that what is below stays where it is. */
  readonly room: number
}

interface Pointer {
  readonly clientX: number
  readonly clientY: number
  hit: Hit | null
}

/** Movements up to this many pixels are a click. */
const clickReach = 3

function sameThing(a: Hit | null, b: Hit | null): boolean {
  return a?.line === b?.line && a?.lane === b?.lane && a?.stretch === b?.stretch
}

/** A lane per member between its name and what it owns, with a row of names for the columns above and the time below. */
export function Lanes(props: Props) {
  const { look, spanMs, endAt, word, names, owned, place } = props
  const scroller = useRef<HTMLDivElement>(null)
  const stage = useRef<HTMLDivElement>(null)
  const lanes = useRef<HTMLCanvasElement>(null)
  const head = useRef<HTMLCanvasElement>(null)
  const firstName = useRef<HTMLSpanElement>(null)
  const axis = useRef<HTMLCanvasElement>(null)
  const painter = useRef<Painter | null>(null)
  const newest = useRef(props)
  newest.current = props
  const { theme, times } = useSettings()
  const [isHeld, setHeld] = useState(false)
  const pointer = useRef<Pointer | null>(null)
  const drag = useRef<{ x: number; endAt: number; isPan: boolean } | null>(null)

  const hit = ({ clientX, clientY }: { readonly clientX: number; readonly clientY: number }): Hit | null => {
    const seen = painter.current?.present()
    const box = stage.current?.getBoundingClientRect()
    return seen && box ? hitAt(seen.scene, seen.window, clientX - box.left, clientY - box.top) : null
  }
  const leave = () => {
    pointer.current = null
    props.onHover(null, 0, 0)
  }

  useLayoutEffect(() => {
    if (!scroller.current || !stage.current || !lanes.current || !head.current || !axis.current) return
    if (!firstName.current) return
    const canvases = {
      scroller: scroller.current,
      stage: stage.current,
      lanes: lanes.current,
      head: head.current,
      firstName: firstName.current,
      axis: axis.current,
    }
    const made = new Painter(canvases, newest.current)
    painter.current = made
    // Content that moves under a resting pointer is reported too.
    made.drawn = () => {
      const pointed = pointer.current
      if (!pointed) return
      const found = hit(pointed)
      if (sameThing(found, pointed.hit)) return
      pointed.hit = found
      newest.current.onHover(found, pointed.clientX, pointed.clientY)
    }
    return () => {
      made.dispose()
      painter.current = null
    }
  }, [])
  useLayoutEffect(() => painter.current?.see({ look, spanMs, endAt, word }), [look, spanMs, endAt, word, theme, times])

  // React listens passively to the wheel, so it cannot stop the page from scrolling.
  useEffect(() => {
    const element = stage.current
    if (!element) return
    const onWheel = (event: WheelEvent) => {
      const box = scroller.current
      const isTall = box !== null && box.scrollHeight > box.clientHeight + 1
      const { onPan, onZoom, spanMs: ms, endAt: end } = newest.current
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        event.preventDefault()
        onPan((end ?? Date.now()) + (event.deltaX / element.clientWidth) * ms)
      } else if (!isTall || event.ctrlKey || event.metaKey) {
        event.preventDefault()
        onZoom(event.deltaY > 0 ? 1.15 : 1 / 1.15, event.offsetX / element.clientWidth)
      }
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [])

  return (
    <div className={css.timeline}>
      <div className={css.head}>
        <span className="quiet">
          {look.lanes.length} {look.lanes.length === 1 ? 'member' : 'members'}
        </span>
        <div className={css.clip}>
          <canvas ref={head} aria-hidden />
          <span ref={firstName} className={css.firstName} aria-hidden />
        </div>
        <span className="quiet">{texts.timeline.owns}</span>
      </div>
      <div
        ref={scroller}
        className={css.scroller}
        style={{ height: Math.max(look.lanes.length, props.room) * look.laneHeight + 1 }}
        onScroll={(event) => painter.current?.scrolled(event.currentTarget.scrollTop)}
      >
        <div className={css.rows} style={{ height: look.lanes.length * look.laneHeight }}>
          <div>{names}</div>
          <div>
            <div
              ref={stage}
              className={isHeld ? `${css.stage} ${css.held}` : css.stage}
              tabIndex={0}
              role="slider"
              aria-label={texts.timeline.lanes}
              aria-valuemin={0}
              aria-valuemax={Math.max(0, place.count - 1)}
              aria-valuenow={Math.max(0, place.index)}
              aria-valuetext={place.text}
              onPointerDown={(event) => {
                event.currentTarget.setPointerCapture(event.pointerId)
                drag.current = { x: event.clientX, endAt: endAt ?? Date.now(), isPan: false }
              }}
              onPointerMove={(event) => {
                const { current } = drag
                const { clientX, clientY } = event
                if (!current) {
                  const found = hit(event)
                  pointer.current = { clientX, clientY, hit: found }
                  props.onHover(found, clientX, clientY)
                  return
                }
                const moved = clientX - current.x
                if (Math.abs(moved) > clickReach && !current.isPan) {
                  current.isPan = true
                  setHeld(true)
                  leave()
                }
                if (current.isPan) props.onPan(current.endAt - (moved / event.currentTarget.clientWidth) * spanMs)
              }}
              onPointerUp={(event) => {
                if (drag.current && !drag.current.isPan) props.onSelect(hit(event)?.line ?? null)
                drag.current = null
                setHeld(false)
              }}
              onPointerCancel={() => {
                drag.current = null
                setHeld(false)
              }}
              onPointerLeave={leave}
              onDoubleClick={(event) => {
                const line = hit(event)?.line
                if (line) props.onFit(line)
              }}
            >
              <canvas ref={lanes} aria-hidden />
            </div>
          </div>
          <div>{owned}</div>
        </div>
      </div>
      <div className={css.head}>
        <span />
        <div className={css.clip}>
          <canvas ref={axis} aria-hidden />
        </div>
        <span />
      </div>
    </div>
  )
}
