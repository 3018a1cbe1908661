import { useEffect, useRef } from 'react'
import UPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { LagHistory } from '../../../src-main/contract/groups'
import { compact } from '../../format/numbers'
import { axisTimes, clockTime, span } from '../../format/time'
import { useFeed } from '../../stores/feed'
import css from './groups.module.css'
import { texts } from './texts'

const height = 132
/** `14:02:11` */
const seconds = (at: number) => clockTime(at).replace(/\.\d+$/, '')
const color = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

/** Lag in messages and in time, as far back as the broker keeps it. */
export function LagChart({ groupId, hasLag }: { readonly groupId: string; readonly hasLag: boolean }) {
  const { value: history } = useFeed('group.lag', { groupId })
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<UPlot | null>(null)
  const hasPoints = (history?.points.length ?? 0) > 1
  useEffect(() => {
    const element = box.current
    if (!element || !hasPoints) return
    const made = new UPlot(options(element.clientWidth), [[], [], []], element)
    plot.current = made
    const resized = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }))
    resized.observe(element)
    return () => {
      resized.disconnect()
      made.destroy()
      plot.current = null
    }
  }, [hasPoints])
  useEffect(() => {
    if (history) plot.current?.setData(dataOf(history))
  }, [history, hasPoints])
  if (!history || !hasPoints) {
    return <p className="quiet">{hasLag ? texts.lagChart.waiting : texts.lagChart.none}</p>
  }
  const last = history.points[history.points.length - 1]
  const most = history.points.reduce((max, { lag }) => Math.max(max, lag), 0)
  return (
    <figure className={css.lag}>
      <figcaption className="quiet">
        <i className={css.messages} aria-hidden /> {texts.lagChart.messages} <i className={css.timeLag} aria-hidden />{' '}
        {texts.lagChart.time}
        <span>{texts.lagChart.since(seconds(history.since), most)}</span>
      </figcaption>
      <div
        ref={box}
        role="img"
        aria-label={texts.lagChart.label(
          clockTime(history.since),
          last?.lag ?? 0,
          most,
          last?.lagMs ? span(last.lagMs) : null,
        )}
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
        values: (_, at) => axisTimes(at.map((second) => second * 1000)),
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
        stroke: () => color('--info'),
        width: 1.5,
        fill: () => `${color('--info')}22`,
        points: { show: false },
      },
      { scale: 'ms', stroke: () => color('--quiet'), width: 1.25, points: { show: false } },
    ],
  }
}
