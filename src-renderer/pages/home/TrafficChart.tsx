import { useEffect, useRef } from 'react'
import UPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { TrafficPoint } from '../../../src-main/contract/workspace'
import { bytes, compact } from '../../format/numbers'
import { axisTimes } from '../../format/time'
import { useSettings } from '../../stores/settings'
import css from './home.module.css'
import { texts } from './texts'
import { trafficData } from './traffic-data'

const height = 132
/** Half the width of a time on the axis: one that is nearer to an edge would be cut, and is left out. */
const timeHalf = 28

const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

/** Values of the left axis: 0, and one or two round ones. */
function ticksOf(max: number): number[] {
  const rough = max / 2.5
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = Math.max(1, ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power)
  return Array.from({ length: Math.floor(max / step) + 1 }, (_, i) => i * step)
}

/** A value of an axis. The empty first line lets it stand below its grid line, not across it; the line at the bottom is 0. */
function below(value: number, format: (value: number) => string): string {
  return Number.isInteger(value) && value > 0 ? `\n${format(value)}/s` : ''
}

/** Room for the values of the axes at the edges of the plot: no line goes through them. */
const valuesWidth = { left: 52, right: 68 }

/** The seconds from one edge of the plot to the other, where its lines go from `from` to `to`. */
function besideValues(width: number, from: number, to: number, hasBytes: boolean): [number, number] {
  const right = hasBytes ? valuesWidth.right : 0
  const perPixel = (to - from) / Math.max(1, width - valuesWidth.left - right)
  return [from - valuesWidth.left * perPixel, to + right * perPixel]
}

function optionsOf(width: number, hasBytes: boolean, onCursor: (seconds: number | null) => void): UPlot.Options {
  const axis = {
    stroke: colour('--quiet'),
    font: `11px ${colour('--data')}`,
    grid: { stroke: colour('--hairline'), width: 1 },
    ticks: { show: false },
  }
  /** Values stand inside the plot, so that it is as wide as the texts below it. */
  const inside = { size: 0, gap: -4, space: 40 }
  return {
    width,
    height,
    padding: [8, 0, 0, 0],
    legend: { show: false },
    hooks: {
      setCursor: [
        ({ cursor: { idx }, data }) => onCursor(idx === null || idx === undefined ? null : (data[0][idx] ?? null)),
      ],
    },
    cursor: { y: false, drag: { x: false, y: false } },
    scales: {
      x: { time: true, range: (plot, from, to) => besideValues(plot.width, from, to, hasBytes) },
      records: { range: (_, __, max) => [0, Math.max(1, max * 1.1)] },
      bytes: { range: (_, __, max) => [0, Math.max(1, max * 1.1)] },
    },
    series: [
      {},
      {
        scale: 'records',
        stroke: colour('--info'),
        width: 1.5,
        fill: `${colour('--info')}22`,
        points: { show: false },
      },
      { scale: 'bytes', show: hasBytes, stroke: colour('--quiet'), width: 1, points: { show: false } },
    ],
    axes: [
      {
        ...axis,
        size: 22,
        space: 90,
        grid: { show: false },
        values: (plot, ticks) => {
          const isWhole = (second: number) =>
            Math.abs(plot.valToPos(second, 'x') - plot.width / 2) < plot.width / 2 - timeHalf
          return axisTimes(ticks.map((second) => second * 1000)).map((text, i) => (isWhole(ticks[i] ?? 0) ? text : ''))
        },
      },
      {
        ...axis,
        ...inside,
        scale: 'records',
        splits: (_, __, ___, max) => ticksOf(max),
        align: 1,
        values: (_, ticks) => ticks.map((value) => below(value, compact)),
      },
      {
        ...axis,
        ...inside,
        scale: 'bytes',
        show: hasBytes,
        // At the grid lines of the left axis: between them a line would go through the text.
        splits: ({ scales }, __, ___, max) => {
          const records = scales.records?.max ?? 1
          return ticksOf(records).map((tick) => Math.round((tick / records) * max))
        },
        side: 1,
        align: 2,
        grid: { show: false },
        values: (_, ticks) => ticks.map((value) => below(value, bytes)),
      },
    ],
  }
}

/** The last two minutes: messages in on the left axis, bytes out on the right where they are known. `onPoint` gets the point under the pointer. */
export function TrafficChart({
  points,
  hasBytes,
  onPoint,
}: {
  readonly points: readonly TrafficPoint[]
  readonly hasBytes: boolean
  readonly onPoint: (point: TrafficPoint | null) => void
}) {
  const { theme } = useSettings()
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<UPlot | null>(null)
  const shown = useRef(points)
  shown.current = points
  useEffect(() => {
    const element = box.current
    if (!element) return
    const point = (seconds: number | null) =>
      onPoint(shown.current.find(({ at }) => seconds !== null && at === Math.round(seconds * 1000)) ?? null)
    const draw = () => {
      plot.current?.destroy()
      plot.current = new UPlot(optionsOf(element.clientWidth, hasBytes, point), trafficData(shown.current), element)
    }
    draw()
    const sizes = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height }))
    sizes.observe(element)
    // A canvas does not follow custom properties: it is redrawn in the colours of the theme.
    const night = matchMedia('(prefers-color-scheme: dark)')
    night.addEventListener('change', draw)
    return () => {
      sizes.disconnect()
      night.removeEventListener('change', draw)
      plot.current?.destroy()
      plot.current = null
    }
  }, [theme, hasBytes, onPoint])
  useEffect(() => plot.current?.setData(trafficData(points)), [points])
  const last = points[points.length - 1]
  const now = last ? trafficOf(last, hasBytes) : texts.noTraffic
  return <div ref={box} className={css.chart} role="img" aria-label={texts.traffic(now)} />
}

function trafficOf({ inRecords, outBytes }: TrafficPoint, hasBytes: boolean): string {
  return hasBytes ? texts.trafficNow(compact(inRecords), bytes(outBytes)) : texts.trafficIn(compact(inRecords))
}
