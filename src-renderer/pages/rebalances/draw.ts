import { axisTimes } from '../../format/time'
import { type Lane, lastBefore, type Stretch } from './history'
import type { RebalanceLine } from './lines'
import { type Palette, tileSize } from './palette'
import { type EpochWord, linesIn, nameOf, placeOf, type Scene, type Window } from './scene'

const font = '11px "JetBrains Mono Variable", monospace'

/** Lanes and columns; everything outside the window is skipped. */
export function drawLanes(context: CanvasRenderingContext2D, scene: Scene, window: Window, palette: Palette): void {
  const { laneHeight, scrollTop, height, lanes } = scene
  const x = placeOf(window)
  context.clearRect(0, 0, window.width, height)
  drawColumns(context, scene, window, palette)
  const first = Math.max(0, Math.floor(scrollTop / laneHeight))
  const last = Math.min(lanes.length, Math.ceil((scrollTop + height) / laneHeight))
  context.fillStyle = palette.hairline
  for (let i = first; i < last; i++) context.fillRect(0, (i + 1) * laneHeight - scrollTop - 1, window.width, 1)
  // Hatches move with the time, not under it.
  const shift = new DOMMatrix().translate(
    -(((window.fromAt / (window.toAt - window.fromAt)) * window.width) % tileSize),
    0,
  )
  const scaled = shift.scale(1 / devicePixelRatio)
  for (let i = first; i < last; i++) {
    const lane = lanes[i] as Lane
    const middle = i * laneHeight + laneHeight / 2 - scrollTop - 0.5
    drawLane(context, lane, scene, window, palette, x, middle, scaled)
  }
}

function drawColumns(context: CanvasRenderingContext2D, scene: Scene, window: Window, palette: Palette): void {
  const x = placeOf(window)
  for (const line of linesIn(scene.lines, window)) {
    const isMarked = line.seq === scene.selected || line.seq === scene.hovered
    const left = x(line.fromAt)
    const right = Math.max(left + (isMarked ? 4 : 2), x(line.toAt ?? scene.nowAt))
    context.fillStyle = palette.accent
    context.globalAlpha = scene.isDimmed(line) ? 0.03 : line.seq === scene.selected ? 0.2 : isMarked ? 0.14 : 0.08
    context.fillRect(left, 0, right - left, scene.height)
    context.globalAlpha = line.seq === scene.selected ? 0.9 : scene.isDimmed(line) ? 0.12 : 0.3
    context.fillRect(Math.round(right) - 1, 0, 1, scene.height)
    context.globalAlpha = 1
  }
}

function drawLane(
  context: CanvasRenderingContext2D,
  lane: Lane,
  scene: Scene,
  window: Window,
  palette: Palette,
  x: (at: number) => number,
  middle: number,
  hatchAt: DOMMatrix,
): void {
  const { stretches } = lane
  const color = palette.hues[scene.hueOf(lane.memberId)] ?? palette.ink
  const bar = Math.min(24, scene.laneHeight - 8)
  const line = Math.min(6, Math.max(3, scene.laneHeight / 7))
  let i = Math.max(
    0,
    lastBefore(stretches, window.fromAt, ({ from }) => from),
  )
  for (; i < stretches.length; i++) {
    const stretch = stretches[i] as Stretch
    if (stretch.from > window.toAt) break
    const stop = Math.min(stretch.to ?? scene.nowAt, scene.nowAt)
    if (stop < window.fromAt && stretch.phase !== 'gone') continue
    const left = Math.max(-4, x(stretch.from))
    const right = Math.min(window.width + 4, Math.max(left + 1.5, x(stop)))
    if (stretch.phase === 'gone') cross(context, x(stretch.from), middle, palette)
    else if (stretch.phase === 'silent') dots(context, left, right, middle, palette)
    else if (stretch.phase === 'stable') {
      const silentAt = stretch.to === null ? scene.silentSince.get(lane.memberId) : undefined
      const silentX = silentAt === undefined ? right : Math.min(right, Math.max(left, x(silentAt)))
      context.fillStyle = color
      context.fillRect(left, middle - line / 2, silentX - left, line)
      if (silentX < right) dots(context, silentX, right, middle, palette)
    } else {
      const ink = stretch.phase === 'joining' ? palette.waiting : color
      const hatch = palette.hatch(stretch.phase, ink)
      if (typeof hatch !== 'string') hatch.setTransform(hatchAt)
      context.fillStyle = hatch
      context.fillRect(left, middle - bar / 2, right - left, bar)
      context.strokeStyle = ink
      if (right - left > 3) context.strokeRect(left + 0.5, middle - bar / 2 + 0.5, right - left - 1, bar - 1)
      else {
        context.fillStyle = ink
        context.fillRect(left, middle - bar / 2, right - left, bar)
      }
    }
  }
}

function dots(context: CanvasRenderingContext2D, left: number, right: number, y: number, { bad }: Palette): void {
  context.strokeStyle = bad
  context.lineWidth = 3
  context.lineCap = 'round'
  context.setLineDash([0.1, 7])
  context.beginPath()
  context.moveTo(right, y)
  context.lineTo(left, y)
  context.stroke()
  context.setLineDash([])
  context.lineCap = 'butt'
  context.lineWidth = 1
}

function cross(context: CanvasRenderingContext2D, x: number, y: number, { bad, paper }: Palette): void {
  for (const [color, width] of [
    [paper, 5],
    [bad, 2],
  ] as const) {
    context.strokeStyle = color
    context.lineWidth = width
    context.beginPath()
    context.moveTo(x - 4.5, y - 4.5)
    context.lineTo(x + 4.5, y + 4.5)
    context.moveTo(x + 4.5, y - 4.5)
    context.lineTo(x - 4.5, y + 4.5)
    context.stroke()
  }
  context.lineWidth = 1
}

/** Names of the columns, from the end of a rebalance to the end of the next. The one at the left edge is not drawn: it does not move. */
export function drawHead(
  context: CanvasRenderingContext2D,
  scene: Scene,
  window: Window,
  palette: Palette,
  word: EpochWord,
  height: number,
  /** Visible part of the width. */
  sight: number,
): void {
  context.clearRect(0, 0, window.width, height)
  context.font = font
  const x = placeOf(window)
  const shown = linesIn(scene.lines, window)
  // The newest names win where there is no room for all.
  const labels: { line: RebalanceLine; at: number }[] = []
  let limit = Number.POSITIVE_INFINITY
  for (const line of [...shown].reverse()) {
    const width = context.measureText(nameOf(line, word)).width
    const at = Math.min(sight - width - 2, x(line.toAt ?? line.fromAt) + 4)
    if (at + width + 8 > limit) continue
    labels.push({ line, at })
    limit = at
  }
  for (const { line, at } of labels) label(line, at)
  for (const line of shown) {
    const isMarked = line.seq === scene.selected || line.seq === scene.hovered
    context.fillStyle = palette.accent
    context.globalAlpha = isMarked ? 1 : scene.isDimmed(line) ? 0.15 : 0.5
    const left = x(line.fromAt)
    const right = Math.max(left + 2, x(line.toAt ?? scene.nowAt))
    context.fillRect(left, height - (isMarked ? 5 : 3), right - left, isMarked ? 5 : 3)
    context.globalAlpha = 1
  }

  function label(line: RebalanceLine, at: number): void {
    context.fillStyle = line.seq === scene.selected ? palette.accent : palette.quiet
    context.globalAlpha = scene.isDimmed(line) ? 0.45 : 1
    context.fillText(nameOf(line, word), at, height - 9)
    context.globalAlpha = 1
  }
}

const steps = [
  50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000,
  10_800_000, 21_600_000, 86_400_000,
]

/** Times under the lanes. */
export function drawAxis(context: CanvasRenderingContext2D, window: Window, palette: Palette, height: number): void {
  const { fromAt, toAt, width } = window
  context.clearRect(0, 0, width, height)
  const x = placeOf(window)
  const step = steps.find((candidate) => ((toAt - fromAt) / candidate) * 96 < width) ?? 86_400_000
  context.font = font
  const first = Math.ceil(fromAt / step) * step
  const ticks = Array.from({ length: Math.max(0, Math.floor((toAt - first) / step) + 1) }, (_, i) => first + i * step)
  const words = axisTimes(ticks, step < 1000)
  for (const [i, at] of ticks.entries()) {
    const left = x(at)
    context.fillStyle = palette.hairline
    context.fillRect(Math.round(left), 0, 1, 5)
    context.fillStyle = palette.quiet
    const text = words[i] ?? ''
    const wide = context.measureText(text).width
    if (left - wide / 2 > 0 && left + wide / 2 < width) context.fillText(text, left - wide / 2, height - 5)
  }
}
