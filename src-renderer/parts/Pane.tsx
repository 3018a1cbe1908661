import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from 'react'
import css from './parts.module.css'
import { texts } from './texts'

interface Props {
  readonly label: string
  readonly width: number
  readonly onWidth: (width: number) => void
  readonly children: ReactNode
}

const least = 300
const most = 1200
const step = 24

/** Details beside a table. Its edge can be dragged, or moved with the arrow keys. */
export function Pane({ label, width, onWidth, children }: Props) {
  const pane = useRef<HTMLElement>(null)
  const set = (next: number) => onWidth(Math.round(Math.min(most, Math.max(least, next))))
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    const edge = event.currentTarget
    const right = pane.current?.getBoundingClientRect().right ?? 0
    edge.setPointerCapture(event.pointerId)
    edge.onpointermove = (move) => set(right - move.clientX)
    edge.onpointerup = () => {
      edge.onpointermove = null
    }
  }
  const key = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowLeft' ? step : event.key === 'ArrowRight' ? -step : 0
    if (by === 0) return
    event.preventDefault()
    set(width + by)
  }
  return (
    <>
      <div
        role="separator"
        aria-orientation="vertical"
        aria-label={texts.widthOf(label)}
        aria-valuenow={width}
        aria-valuemin={least}
        aria-valuemax={most}
        tabIndex={0}
        className={css.edge}
        onPointerDown={drag}
        onKeyDown={key}
      />
      <aside ref={pane} className={css.pane} style={{ width }} aria-label={label}>
        {children}
      </aside>
    </>
  )
}
