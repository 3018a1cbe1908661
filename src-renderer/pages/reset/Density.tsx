import { useEffect, useState } from 'react'
import { clockTime } from '../../format/time'
import { ask } from '../../host'
import css from './reset.module.css'

/** A bar stands for at least this many messages: fewer say nothing of a rate. */
const perBar = 8
const maxBars = 60

interface Props {
  readonly topic: string
  readonly partition: number
  readonly start: number
  readonly end: number
}

/** How fast the messages of a partition came, along its offsets: high where many came in little time. Each bar tells its time. */
export function Density({ topic, partition, start, end }: Props) {
  const [times, setTimes] = useState<readonly number[]>([])
  const steps = Math.min(maxBars, Math.floor((end - start) / perBar))
  // A log that grows is looked at again when it has grown by a bar.
  const round = Math.floor(end / Math.max(perBar, (end - start) / maxBars))
  useEffect(() => {
    if (steps < 2) return
    let isStale = false
    ask('partition.times', { topic, partition, steps }).then(
      (next) => !isStale && setTimes(next),
      () => !isStale && setTimes([]),
    )
    return () => {
      isStale = true
    }
  }, [topic, partition, start, round, steps])
  if (times.length < 2) return null
  const rates = times.slice(1).map((at, i) => 1 / (Math.max(0, at - (times[i] ?? at)) + 1))
  const logs = rates.map(Math.log)
  const [least, most] = [Math.min(...logs), Math.max(...logs)]
  return (
    <svg className={css.density} viewBox={`0 0 ${rates.length} 100`} preserveAspectRatio="none" aria-hidden>
      {logs.map((rate, i) => {
        const height = most === least ? 40 : 12 + (88 * (rate - least)) / (most - least)
        return (
          <rect key={i} x={i + 0.08} width={0.84} y={100 - height} height={height}>
            <title>{clockTime(times[i] ?? -1)}</title>
          </rect>
        )
      })}
    </svg>
  )
}
