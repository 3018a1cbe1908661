import { useEffect, useMemo, useRef, useState } from 'react'
import type { RebalanceFrame } from '../../../src-main/contract/groups'
import { memberName } from '../../format/members'
import { span } from '../../format/time'
import { useHost } from '../../host'
import { Button } from '../../parts/Button'
import { Empty } from '../../parts/Empty'
import { useSettings } from '../../stores/settings'
import { axisHeight, draw, laneHeight, type Palette, paletteOf } from './draw'
import { type Lane, timelineOf } from './model'
import { RebalanceDetail } from './RebalanceDetail'
import { RebalanceList } from './RebalanceList'
import css from './rebalances.module.css'

const keptFrames = 5000
const smallestMs = 2000
const largestMs = 3_600_000

/** The life of a group: a lane per member, the right edge is now. Drag or use the arrow keys to go back, the wheel to zoom. */
export function Timeline({ groupId }: { readonly groupId: string }) {
  const frames = useFrames(groupId)
  const timeline = useMemo(() => timelineOf(frames), [frames])
  const [windowMs, setWindowMs] = useState(30_000)
  /** The right edge; `null` is now. */
  const [endAt, setEndAt] = useState<number | null>(null)
  const [selected, setSelected] = useState<number | null>(null)
  const shown = lanesIn(timeline.lanes, (endAt ?? Date.now()) - windowMs)
  const chosen =
    timeline.rebalances.find(({ seq }) => seq === selected) ??
    timeline.rebalances[timeline.rebalances.length - 1] ??
    null
  if (frames.length === 0) return <Empty>Nothing has happened in this group yet.</Empty>
  const step = (by: number) => {
    const at = timeline.rebalances.findIndex(({ seq }) => seq === chosen?.seq)
    const next = timeline.rebalances[Math.min(timeline.rebalances.length - 1, Math.max(0, at + by))]
    if (!next) return
    setSelected(next.seq)
    setEndAt((next.toAt ?? Date.now()) + windowMs * 0.3)
  }
  return (
    <div
      style={{ display: 'contents' }}
      onKeyDown={(event) => {
        if (event.key === 'ArrowLeft') step(-1)
        if (event.key === 'ArrowRight') step(1)
      }}
    >
      <div className={css.timeline}>
        <div className={css.names}>
          {shown.map((lane) => (
            <div
              key={lane.memberId}
              className={isGone(lane) ? `${css.name} ${css.gone}` : css.name}
              title={lane.memberId}
            >
              <span className={css.swatch} style={{ background: `var(--hue-${timeline.lanes.indexOf(lane) % 8})` }} />
              {memberName(lane.member)}
            </div>
          ))}
        </div>
        <Lanes
          timeline={timeline}
          shown={shown.map(({ memberId }) => memberId)}
          windowMs={windowMs}
          endAt={endAt}
          selected={chosen?.seq ?? null}
          onPan={setEndAt}
          onZoom={(factor) => setWindowMs((before) => Math.min(largestMs, Math.max(smallestMs, before * factor)))}
        />
      </div>
      <div className={css.legend}>
        <span>
          <span className={css.key} style={{ height: 6 }} />
          stable
        </span>
        <span>
          <span className={css.key} style={{ height: 12, background: 'var(--waiting)' }} />
          asked to rejoin
        </span>
        <span>
          <span className={css.key} style={{ height: 12, opacity: 0.45 }} />
          joined, waits for others
        </span>
        <span>
          <span className={css.key} style={{ height: 12, opacity: 0.7 }} />
          fetching its assignment
        </span>
        <span>
          <b style={{ color: 'var(--bad)' }}>✕</b> gone
        </span>
        <span>
          <i className={css.key} style={{ height: 4, background: 'var(--bad)', opacity: 0.45 }} />
          silent
        </span>
        <span style={{ marginLeft: 'auto' }}>{span(windowMs)} shown</span>
        <Button onClick={() => step(-1)}>← Earlier</Button>
        <Button onClick={() => step(1)}>Later →</Button>
        <Button disabled={endAt === null} onClick={() => setEndAt(null)}>
          Now ▸|
        </Button>
      </div>
      <div className={css.bottom}>
        <RebalanceList
          rebalances={timeline.rebalances}
          selected={chosen?.seq ?? null}
          onSelect={({ seq, toAt }) => {
            setSelected(seq)
            setEndAt((toAt ?? Date.now()) + windowMs * 0.3)
          }}
        />
        <div className={css.detail}>
          {chosen && <RebalanceDetail groupId={groupId} rebalance={chosen} lanes={timeline.lanes} />}
        </div>
      </div>
    </div>
  )
}

function isGone({ stretches }: Lane): boolean {
  return stretches[stretches.length - 1]?.phase === 'gone'
}

/** Members that lived within the window: who left long ago makes room. */
function lanesIn(lanes: readonly Lane[], fromAt: number): readonly Lane[] {
  return lanes.filter((lane) => {
    const last = lane.stretches[lane.stretches.length - 1]
    return last && (last.to ?? Number.POSITIVE_INFINITY) >= fromAt
  })
}

function useFrames(groupId: string): readonly RebalanceFrame[] {
  const client = useHost((host) => host.client)
  const [frames, setFrames] = useState<readonly RebalanceFrame[]>([])
  useEffect(() => {
    setFrames([])
    return client?.feed(
      'rebalances',
      { groupId },
      { items: (items) => setFrames((before) => [...before, ...items.flat()].slice(-keptFrames)) },
    )
  }, [client, groupId])
  return frames
}

interface LanesProps {
  readonly timeline: ReturnType<typeof timelineOf>
  readonly shown: readonly string[]
  readonly windowMs: number
  readonly endAt: number | null
  readonly selected: number | null
  readonly onPan: (endAt: number) => void
  readonly onZoom: (factor: number) => void
}

/** One canvas for all lanes: fifty of them are drawn in well under a frame. */
function Lanes(props: LanesProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const { theme } = useSettings()
  const newest = useRef(props)
  newest.current = props
  const palette = useRef<Palette | null>(null)
  useEffect(() => {
    palette.current = null
  }, [theme])
  useEffect(() => {
    let handle = 0
    const paint = () => {
      const element = canvas.current
      const context = element?.getContext('2d')
      if (element && context) {
        const { timeline, shown, windowMs, endAt, selected } = newest.current
        const width = element.clientWidth
        const height = shown.length * laneHeight + axisHeight
        const scale = devicePixelRatio
        if (element.width !== Math.round(width * scale) || element.height !== Math.round(height * scale)) {
          element.width = Math.round(width * scale)
          element.height = Math.round(height * scale)
          element.style.height = `${height}px`
        }
        context.setTransform(scale, 0, 0, scale, 0, 0)
        palette.current ??= paletteOf(element)
        const toAt = endAt ?? Date.now()
        draw(context, timeline, shown, { fromAt: toAt - windowMs, toAt, width }, palette.current, selected)
      }
      handle = requestAnimationFrame(paint)
    }
    paint()
    return () => cancelAnimationFrame(handle)
  }, [])
  const drag = useRef<{ x: number; endAt: number } | null>(null)
  return (
    <canvas
      ref={canvas}
      className={css.canvas}
      aria-label="Members over time"
      role="img"
      onWheel={(event) => props.onZoom(event.deltaY > 0 ? 1.15 : 1 / 1.15)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        drag.current = { x: event.clientX, endAt: props.endAt ?? Date.now() }
      }}
      onPointerMove={(event) => {
        const { current } = drag
        if (!current) return
        const moved = ((event.clientX - current.x) / event.currentTarget.clientWidth) * props.windowMs
        if (Math.abs(event.clientX - current.x) > 3) props.onPan(Math.min(Date.now(), current.endAt - moved))
      }}
      onPointerUp={() => {
        drag.current = null
      }}
    />
  )
}
