import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react'
import { clockTime, span } from '../../format/time'
import { useSettings } from '../../stores/settings'
import type { RebalanceLine } from './lines'
import { type Palette, paletteOf } from './palette'
import css from './rebalances.module.css'
import { texts } from './texts'

interface Props {
  readonly lines: readonly RebalanceLine[]
  readonly isDimmed: (line: RebalanceLine) => boolean
  /** Start of the journal. */
  readonly sinceAt: number
  readonly nowAt: number
  readonly fromAt: number
  readonly toAt: number
  readonly onMove: (endAt: number) => void
  readonly onZoom: (factor: number) => void
}

const height = 30

/** The whole journal in one strip, a mark per rebalance: drag the window over it. */
export function Strip(props: Props) {
  const { lines, isDimmed, sinceAt, nowAt, fromAt, toAt, onMove, onZoom } = props
  const canvas = useRef<HTMLCanvasElement>(null)
  const theme = useSettings(({ theme: chosen }) => chosen)
  const total = Math.max(1, nowAt - sinceAt)
  const part = (at: number) => Math.min(1, Math.max(0, (at - sinceAt) / total))
  // Measured here: measuring while drawing would force a layout.
  const [width, setWidth] = useState(0)
  const palette = useRef<{ readonly theme: string | undefined; readonly colors: Palette } | null>(null)
  useEffect(() => {
    const element = canvas.current
    if (!element) return
    const sizes = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0))
    sizes.observe(element)
    return () => sizes.disconnect()
  }, [])
  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (!element || !context) return
    if (width === 0) return
    element.width = Math.round(width * devicePixelRatio)
    element.height = Math.round(height * devicePixelRatio)
    context.scale(devicePixelRatio, devicePixelRatio)
    const shownTheme = document.documentElement.dataset.theme
    const known = palette.current
    const { colors } = (palette.current =
      known && known.theme === shownTheme ? known : { theme: shownTheme, colors: paletteOf(element, devicePixelRatio) })
    const { hairline, accent } = colors
    const counts = new Map<number, { all: number; lit: number }>()
    for (const line of lines) {
      const x = Math.round(((line.fromAt - sinceAt) / total) * (width - 3) * 0.5) * 2
      const count = counts.get(x) ?? { all: 0, lit: 0 }
      counts.set(x, { all: count.all + 1, lit: count.lit + (isDimmed(line) ? 0 : 1) })
    }
    const tall = (count: number) => (count === 0 ? 0 : Math.min(height - 8, 8 + Math.log2(count) * 5))
    for (const [x, { all, lit }] of counts) {
      context.fillStyle = hairline
      context.fillRect(x, height - tall(all), 2, tall(all))
      context.fillStyle = accent
      context.fillRect(x, height - tall(lit), 2, tall(lit))
    }
  }, [lines, isDimmed, sinceAt, Math.round(total / 1000), theme, width])
  const grab = useRef<number | null>(null)
  const timeAt = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    return sinceAt + ((event.clientX - box.left) / box.width) * total
  }
  // The window may lie before the journal already: no key to the left moves it to the right.
  const leastAt = Math.min(toAt, sinceAt + (toAt - fromAt) * 0.2)
  const move = (endAt: number) => onMove(Math.max(leastAt, endAt))
  const onKey = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -0.25, ArrowRight: 0.25, PageUp: -1, PageDown: 1 }[event.key]
    if (by !== undefined) move(toAt + by * (toAt - fromAt))
    else if (event.key === 'Home') move(sinceAt)
    else if (event.key === 'End') move(nowAt)
    else if (event.key === '+' || event.key === '=') onZoom(1 / 1.5)
    else if (event.key === '-') onZoom(1.5)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div className={css.strip}>
      <span className="data quiet">{clockTime(sinceAt).replace(/\.\d+$/, '')}</span>
      <div
        className={css.track}
        role="slider"
        tabIndex={0}
        aria-label={texts.timeline.strip}
        aria-valuemin={Math.round(sinceAt)}
        aria-valuemax={Math.round(nowAt)}
        aria-valuenow={Math.round(Math.min(nowAt, toAt))}
        aria-valuetext={texts.timeline.until(clockTime(Math.round(toAt)), span(toAt - fromAt))}
        title={texts.timeline.stripHint}
        onKeyDown={onKey}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          const at = timeAt(event)
          // A press outside the window moves it to the pointer first.
          const isInside = at >= fromAt && at <= toAt
          grab.current = isInside ? toAt - at : (toAt - fromAt) / 2
          if (!isInside) move(at + grab.current)
        }}
        onPointerMove={(event) => {
          if (grab.current !== null) move(timeAt(event) + grab.current)
        }}
        onPointerUp={() => {
          grab.current = null
        }}
        onPointerCancel={() => {
          grab.current = null
        }}
      >
        <canvas ref={canvas} className={css.stripCanvas} style={{ height }} />
        <span
          className={css.window}
          style={{
            left: `min(${part(fromAt) * 100}%, calc(100% - 6px))`,
            width: `max(6px, ${(part(toAt) - part(fromAt)) * 100}%)`,
          }}
        />
      </div>
      <span className="data quiet">{texts.timeline.present}</span>
    </div>
  )
}
