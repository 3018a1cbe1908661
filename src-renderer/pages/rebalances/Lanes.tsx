import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { timeOfDay } from '../../format/time'
import { useSettings } from '../../stores/settings'
import { drawAxis, drawHead, drawLanes } from './draw'
import { type Hit, hitAt } from './hit'
import type { RebalanceLine } from './lines'
import { type Palette, paletteOf } from './palette'
import css from './rebalances.module.css'
import type { Scene, Window } from './scene'

type Look = Omit<Scene, 'scrollTop' | 'height' | 'nowAt'>

interface Props {
  readonly look: Look
  readonly spanMs: number
  /** The right edge; `null` is now. */
  readonly endAt: number | null
  readonly word: 'gen' | 'epoch'
  readonly names: ReactNode
  readonly owned: ReactNode
  /** Of what the arrows step through. */
  readonly place: { readonly index: number; readonly count: number; readonly text: string }
  readonly onPan: (endAt: number) => void
  /** `part` of the window stays where it is: 0 is its left edge, 1 its right one. */
  readonly onZoom: (factor: number, part: number) => void
  readonly onHover: (hit: Hit | null, x: number, y: number) => void
  readonly onSelect: (line: RebalanceLine | null) => void
  readonly onFit: (line: RebalanceLine) => void
  readonly onKey: (event: KeyboardEvent) => void
}

const headHeight = 26
const axisHeight = 22
/** Movements up to this many pixels are a click. */
const clickReach = 3
const still = matchMedia('(prefers-reduced-motion: reduce)')
const stillEveryMs = 1000

interface Pointer {
  readonly clientX: number
  readonly clientY: number
  /** On the canvas. */
  readonly x: number
  readonly y: number
  hit: Hit | null
}

function sameThing(a: Hit, b: Hit | null): boolean {
  return a.line === b?.line && a.lane === b?.lane && a.stretch === b?.stretch
}

/** Lanes on a canvas that is as large as what is in sight: it is drawn again as time goes on, and nothing is laid out for it. */
export function Lanes(props: Props) {
  const { look, names, owned, place } = props
  const scroller = useRef<HTMLDivElement>(null)
  const lanes = useRef<HTMLCanvasElement>(null)
  const head = useRef<HTMLCanvasElement>(null)
  const axis = useRef<HTMLCanvasElement>(null)
  const theme = useSettings(({ theme: chosen }) => chosen)
  const newest = useRef(props)
  newest.current = props
  const drawn = useRef<{ scene: Scene; window: Window } | null>(null)
  const pointer = useRef<Pointer | null>(null)
  const isDirty = useRef(true)
  isDirty.current = true
  const [isHeld, setHeld] = useState(false)

  useEffect(() => {
    let palette: Palette | null = null
    let themeOfPalette: string | undefined
    let lastAt = 0
    let handle = 0
    const sizes = new ResizeObserver(() => {
      isDirty.current = true
    })
    if (scroller.current) sizes.observe(scroller.current)
    if (lanes.current) sizes.observe(lanes.current)
    const paint = () => {
      handle = requestAnimationFrame(paint)
      const { look: scenery, spanMs, endAt, word } = newest.current
      const now = Date.now()
      const moves = endAt === null && (!still.matches || now - lastAt >= stillEveryMs)
      if (!moves && !isDirty.current) return
      const box = scroller.current
      const main = contextOf(lanes.current, box?.clientHeight ?? 0)
      const top = contextOf(head.current, headHeight, main?.width)
      const bottom = contextOf(axis.current, axisHeight, main?.width)
      if (!box || !main || !top || !bottom) return
      isDirty.current = false
      lastAt = now
      const themeNow = document.documentElement.dataset.theme
      if (!palette || themeNow !== themeOfPalette) palette = paletteOf(box, devicePixelRatio)
      themeOfPalette = themeNow
      const toAt = endAt ?? now
      const window = { fromAt: toAt - spanMs, toAt, width: main.width }
      const scene = { ...scenery, scrollTop: box.scrollTop, height: box.clientHeight, nowAt: now }
      drawn.current = { scene, window }
      drawLanes(main.context, scene, window, palette)
      drawHead(top.context, scene, window, palette, word, headHeight)
      drawAxis(bottom.context, window, palette, timeWords, axisHeight)
      // What moves under a pointer that rests is told too.
      const pointed = pointer.current
      if (!pointed) return
      const found = hitAt(scene, window, pointed.x, pointed.y)
      if (sameThing(found, pointed.hit)) return
      pointed.hit = found
      newest.current.onHover(found, pointed.clientX, pointed.clientY)
    }
    handle = requestAnimationFrame(paint)
    return () => {
      cancelAnimationFrame(handle)
      sizes.disconnect()
    }
  }, [theme])

  // React listens passively to the wheel, and could not keep the page from scrolling.
  useEffect(() => {
    const element = lanes.current
    if (!element) return
    const onWheel = (event: WheelEvent) => {
      const box = scroller.current
      const isTall = box !== null && box.scrollHeight > box.clientHeight + 1
      const { onPan, onZoom, spanMs, endAt } = newest.current
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        event.preventDefault()
        onPan((endAt ?? Date.now()) + (event.deltaX / element.clientWidth) * spanMs)
      } else if (!isTall || event.ctrlKey || event.metaKey) {
        event.preventDefault()
        onZoom(event.deltaY > 0 ? 1.15 : 1 / 1.15, event.offsetX / element.clientWidth)
      }
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [])

  const leave = () => {
    pointer.current = null
    props.onHover(null, 0, 0)
  }
  const drag = useRef<{ x: number; endAt: number; isPan: boolean } | null>(null)
  const hit = ({ clientX, clientY }: { clientX: number; clientY: number }): Hit | null => {
    const box = lanes.current?.getBoundingClientRect()
    if (!drawn.current || !box) return null
    return hitAt(drawn.current.scene, drawn.current.window, clientX - box.left, clientY - box.top)
  }
  return (
    <div className={css.timeline}>
      <div className={css.head}>
        <span className="quiet">
          {look.lanes.length} {look.lanes.length === 1 ? 'member' : 'members'}
        </span>
        <canvas ref={head} aria-hidden />
        <span className="quiet">owns</span>
      </div>
      <div
        ref={scroller}
        className={css.scroller}
        style={{ height: look.lanes.length * look.laneHeight }}
        onScroll={() => {
          isDirty.current = true
        }}
      >
        <div className={css.rows} style={{ height: look.lanes.length * look.laneHeight }}>
          <div className={css.names}>{names}</div>
          <div className={css.canvasCell}>
            <canvas
              ref={lanes}
              className={isHeld ? `${css.canvas} ${css.held}` : css.canvas}
              tabIndex={0}
              role="slider"
              aria-label="Rebalances over time: arrows step through them"
              aria-valuemin={0}
              aria-valuemax={Math.max(0, place.count - 1)}
              aria-valuenow={Math.max(0, place.index)}
              aria-valuetext={place.text}
              onKeyDown={props.onKey}
              onPointerDown={(event) => {
                event.currentTarget.setPointerCapture(event.pointerId)
                drag.current = { x: event.clientX, endAt: props.endAt ?? Date.now(), isPan: false }
              }}
              onPointerMove={(event) => {
                const { current } = drag
                if (!current) {
                  const { clientX, clientY } = event
                  const box = event.currentTarget.getBoundingClientRect()
                  const found = hit(event)
                  pointer.current = { clientX, clientY, x: clientX - box.left, y: clientY - box.top, hit: found }
                  props.onHover(found, clientX, clientY)
                  return
                }
                const moved = event.clientX - current.x
                if (Math.abs(moved) > clickReach && !current.isPan) {
                  current.isPan = true
                  setHeld(true)
                  leave()
                }
                if (current.isPan) props.onPan(current.endAt - (moved / event.currentTarget.clientWidth) * props.spanMs)
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
            />
          </div>
          <div className={css.owned}>{owned}</div>
        </div>
      </div>
      <div className={css.head}>
        <span />
        <canvas ref={axis} aria-hidden />
        <span />
      </div>
    </div>
  )
}

/** As short as the distance of two of them allows; a number of the epoch stays one. */
function timeWords(at: number, hasMs: boolean): string {
  const text = timeOfDay(Math.round(at))
  return hasMs ? text : text.replace(/\.\d{3}$/, '')
}

/** The context of a canvas, which is made as large as it is shown. */
function contextOf(
  canvas: HTMLCanvasElement | null,
  height: number,
  given?: number,
): { readonly context: CanvasRenderingContext2D; readonly width: number } | null {
  const context = canvas?.getContext('2d')
  if (!canvas || !context) return null
  const width = given ?? canvas.parentElement?.clientWidth ?? 0
  const scale = devicePixelRatio
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale)
    canvas.height = Math.round(height * scale)
    canvas.style.width = `${width}px`
    canvas.style.height = `${height}px`
  }
  context.setTransform(scale, 0, 0, scale, 0, 0)
  return { context, width }
}
