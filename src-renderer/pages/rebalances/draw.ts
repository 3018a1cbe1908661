import type { Phase, Timeline } from './model'

export const laneHeight = 30
export const axisHeight = 22

/** What the canvas needs of the page's colours: read once per theme, not per frame. */
export interface Palette {
  readonly ink: string
  readonly quiet: string
  readonly hairline: string
  readonly accent: string
  readonly bad: string
  readonly waiting: string
  readonly hues: readonly string[]
}

export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element)
  const color = (name: string) => style.getPropertyValue(name).trim()
  return {
    ink: color('--ink'),
    quiet: color('--quiet'),
    hairline: color('--hairline'),
    accent: color('--accent'),
    bad: color('--bad'),
    waiting: color('--waiting'),
    hues: Array.from({ length: 8 }, (_, i) => color(`--hue-${i}`)),
  }
}

export interface Window {
  readonly fromAt: number
  readonly toAt: number
  readonly width: number
}

const phaseHeights: Readonly<Record<Phase, number>> = {
  stable: 6,
  joining: 14,
  waiting: 14,
  syncing: 14,
  silent: 6,
  gone: 0,
}

/** Draws what lies in the window: lanes, the epochs' columns, and the time axis. Everything outside is skipped. */
export function draw(
  context: CanvasRenderingContext2D,
  timeline: Timeline,
  shown: readonly string[],
  window: Window,
  palette: Palette,
  selected: number | null,
): void {
  const { fromAt, toAt, width } = window
  const height = shown.length * laneHeight + axisHeight
  const x = (at: number) => ((at - fromAt) / (toAt - fromAt)) * width
  context.clearRect(0, 0, width, height)
  for (const { fromAt: start, toAt: end, seq, epoch } of timeline.rebalances) {
    const stop = end ?? toAt
    if (stop < fromAt || start > toAt) continue
    context.fillStyle = palette.accent
    context.globalAlpha = seq === selected ? 0.16 : 0.06
    context.fillRect(x(start), 0, Math.max(2, x(stop) - x(start)), height - axisHeight)
    context.globalAlpha = 1
    context.fillStyle = palette.quiet
    context.font = '11px "JetBrains Mono Variable", monospace'
    context.fillText(String(epoch), x(stop) + 4, height - axisHeight - 4)
  }
  shown.forEach((memberId, i) => {
    const lane = timeline.lanes.find((candidate) => candidate.memberId === memberId)
    if (!lane) return
    const middle = i * laneHeight + laneHeight / 2
    context.strokeStyle = palette.hairline
    context.beginPath()
    context.moveTo(0, (i + 1) * laneHeight - 0.5)
    context.lineTo(width, (i + 1) * laneHeight - 0.5)
    context.stroke()
    const hue = palette.hues[timeline.lanes.indexOf(lane) % palette.hues.length] ?? palette.ink
    for (const { phase, from, to } of lane.stretches) {
      const stop = to ?? toAt
      if (stop < fromAt || from > toAt) continue
      if (phase === 'gone') {
        cross(context, x(from), middle, palette.bad)
        continue
      }
      const left = Math.max(-2, x(from))
      const right = Math.min(width + 2, x(stop))
      const size = phaseHeights[phase]
      context.fillStyle = phase === 'joining' ? palette.waiting : phase === 'silent' ? palette.bad : hue
      context.globalAlpha = phase === 'waiting' || phase === 'silent' ? 0.45 : phase === 'syncing' ? 0.7 : 1
      context.fillRect(left, middle - size / 2, Math.max(1.5, right - left), size)
      context.globalAlpha = 1
    }
  })
  axis(context, window, height, palette)
}

function cross(context: CanvasRenderingContext2D, x: number, y: number, color: string): void {
  context.strokeStyle = color
  context.lineWidth = 2
  context.beginPath()
  context.moveTo(x - 4, y - 4)
  context.lineTo(x + 4, y + 4)
  context.moveTo(x + 4, y - 4)
  context.lineTo(x - 4, y + 4)
  context.stroke()
  context.lineWidth = 1
}

const steps = [1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 300_000, 900_000, 3_600_000]

function axis(
  context: CanvasRenderingContext2D,
  { fromAt, toAt, width }: Window,
  height: number,
  palette: Palette,
): void {
  const step = steps.find((candidate) => ((toAt - fromAt) / candidate) * 70 < width) ?? 3_600_000
  context.fillStyle = palette.quiet
  context.font = '11px "JetBrains Mono Variable", monospace'
  for (let at = Math.ceil(fromAt / step) * step; at < toAt; at += step) {
    const left = ((at - fromAt) / (toAt - fromAt)) * width
    context.fillText(new Date(at).toTimeString().slice(0, 8), left, height - 6)
  }
}
