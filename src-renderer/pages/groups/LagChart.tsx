import { useEffect, useRef } from 'react'
import UPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { LagHistory } from '../../../src-main/contract/groups'
import { compact, integer } from '../../format/numbers'
import { clockTime, span } from '../../format/time'
import { useFeed } from '../../stores/feed'
import css from './groups.module.css'

const height = 132
const color = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

/** How far the group was behind, in messages and in time, as long as the broker remembers. */
export function LagChart({ groupId }: { readonly groupId: string }) {
  const { value: history } = useFeed('group.lag', { groupId })
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<UPlot | null>(null)
  const isThere = (history?.points.length ?? 0) > 1
  useEffect(() => {
    const element = box.current
    if (!element || !isThere) return
    const made = new UPlot(options(element.clientWidth), [[], [], []], element)
    plot.current = made
    const resized = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }))
    resized.observe(element)
    return () => {
      resized.disconnect()
      made.destroy()
      plot.current = null
    }
  }, [isThere])
  useEffect(() => {
    if (history) plot.current?.setData(dataOf(history))
  }, [history, isThere])
  if (!history || !isThere) return <p className="quiet">Lag appears here as it is measured.</p>
  const last = history.points[history.points.length - 1]
  const most = history.points.reduce((max, { lag }) => Math.max(max, lag), 0)
  return (
    <figure className={css.lag}>
      <figcaption className="quiet">
        <i className={css.messages} aria-hidden /> messages <i className={css.behind} aria-hidden /> time behind
        <span>
          in memory since {clockTime(history.since).replace(/\.\d+$/, '')}, up to six hours · at most {integer(most)}
        </span>
      </figcaption>
      <div
        ref={box}
        role="img"
        aria-label={`Lag since ${clockTime(history.since)}: ${integer(last?.lag ?? 0)} messages now, at most ${integer(most)}; ${
          last?.lagMs ? `${span(last.lagMs)} behind` : 'not behind'
        }`}
      />
    </figure>
  )
}

function dataOf({ points }: LagHistory): UPlot.AlignedData {
  return [
    points.map(({ at }) => at / 1000),
    points.map(({ lag }) => lag),
    points.map(({ lagMs }) => (lagMs === null ? null : lagMs)),
  ]
}

function options(width: number): UPlot.Options {
  const axis = {
    stroke: () => color('--quiet'),
    font: '11px "JetBrains Mono Variable", monospace',
    ticks: { show: false },
  }
  const grid = { stroke: () => color('--hairline'), width: 1 }
  return {
    width,
    height,
    padding: [8, 0, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false } },
    scales: {
      x: { time: true },
      y: { range: (_, __, max) => [0, Math.max(1, max * 1.1)] },
      ms: { range: (_, __, max) => [0, Math.max(1000, max * 1.1)] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: 90,
        size: 24,
        values: (_, at) => at.map((second) => clockTime(second * 1000).replace(/\.\d+$/, '')),
      },
      {
        ...axis,
        grid,
        size: 64,
        space: 28,
        values: (_, lags) => lags.map((lag) => (Number.isInteger(lag) ? compact(lag) : '')),
      },
      {
        ...axis,
        grid: { show: false },
        side: 1,
        scale: 'ms',
        size: 64,
        space: 28,
        values: (_, ms) => ms.map((one) => (one === 0 ? '0' : span(one))),
      },
    ],
    series: [
      {},
      {
        scale: 'y',
        stroke: () => color('--accent'),
        width: 1.5,
        fill: () => `${color('--accent')}22`,
        points: { show: false },
      },
      { scale: 'ms', stroke: () => color('--info'), width: 1.25, points: { show: false } },
    ],
  }
}
