import { memo, type RefObject, useLayoutEffect, useRef, useState } from 'react'
import type { MemberSession, TopicPartitions } from '../../../src-main/contract/groups'
import { span } from '../../format/time'
import marks from './members.module.css'
import css from './rebalances.module.css'
import { texts } from './texts'

/** Name of a member at the left end of its lane. */
export const LaneName = memo(function LaneName({
  name,
  title,
  number,
  color,
  height,
  isGone,
}: {
  readonly name: string
  readonly title: string
  readonly number: number
  readonly color: string
  readonly height: number
  readonly isGone: boolean
}) {
  return (
    <div className={isGone ? `${css.name} ${css.gone}` : css.name} style={{ height }} title={title}>
      <span className={isGone ? `${marks.swatch} ${marks.gone}` : marks.swatch} style={{ background: color }}>
        {number}
      </span>
      <span className={css.label}>{name}</span>
    </div>
  )
})

/** Texts of the cells of partitions; many consecutive ones share a cell. */
export function runsOf(numbers: readonly number[]): readonly string[] {
  if (numbers.length <= 6) return numbers.map(String)
  const runs: string[] = []
  for (let i = 0; i < numbers.length; ) {
    let end = i
    while (numbers[end + 1] === (numbers[end] as number) + 1) end++
    if (end - i >= 2) runs.push(`${numbers[i]}–${numbers[end]}`)
    else for (let k = i; k <= end; k++) runs.push(String(numbers[k]))
    i = end + 1
  }
  return runs
}

/** Partitions of a member at the right end of its lane, or the time until it is removed while it sends no heartbeat. */
export const LaneOwned = memo(function LaneOwned({
  assigned,
  color,
  height,
  session,
  moved,
  shorten,
  isGone,
}: {
  readonly assigned: TopicPartitions
  readonly color: string
  readonly height: number
  readonly session: MemberSession | null
  /** Keys of partitions that the rebalance under the pointer moved. */
  readonly moved: ReadonlySet<string>
  /** Shortens topic names as far as they stay different; `null` for a single topic. */
  readonly shorten: ((topic: string) => string) | null
  readonly isGone: boolean
}) {
  const box = useRef<HTMLDivElement>(null)
  const shown = Object.entries(assigned).filter(([, numbers]) => numbers.length > 0)
  const title = shown.map(([topic, numbers]) => `${topic} ${numbers.join(' ')}`).join('\n')
  const isShort = useOverflow(box, `${title} ${session !== null}`)
  const count = shown.reduce((sum, [, numbers]) => sum + numbers.length, 0)
  return (
    <div ref={box} className={css.own} style={{ height }} title={title}>
      {session && (
        <span className={css.silent}>
          {texts.timeline.silent} <b className="data">{span(Math.max(0, session.expiresAt - Date.now()))}</b>
        </span>
      )}
      {!session && shown.length === 0 && <span className="quiet">{isGone ? texts.timeline.gone : '–'}</span>}
      {isShort && shown.length > 0 && (
        <span className={marks.topic}>{texts.timeline.partitions(count, shown.length)}</span>
      )}
      {(isShort ? [] : shown).map(([topic, numbers]) => (
        <span key={topic} className={marks.topic}>
          {shorten && <span className={marks.topicName}>{shorten(topic)}</span>}
          {runsOf(numbers).map((run) => (
            <span
              key={run}
              className={
                numbers.some((n) => moved.has(`${topic}:${n}`) && String(n) === run)
                  ? `${marks.cell} ${marks.small} ${marks.moved}`
                  : `${marks.cell} ${marks.small}`
              }
              style={{ background: color }}
            >
              {run}
            </span>
          ))}
        </span>
      ))}
    </div>
  )
})

/** Whether what is named by `key` is wider than its box: then it is told in short rather than cut. Measured again when the box gets wider. */
function useOverflow(box: RefObject<HTMLElement | null>, key: string): boolean {
  const [found, setFound] = useState({ key: '', width: 0 })
  const [width, setWidth] = useState(0)
  const isShort = found.key === key && found.width === width
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const observer = new ResizeObserver(() => setWidth(element.clientWidth))
    observer.observe(element)
    return () => observer.disconnect()
  }, [box])
  useLayoutEffect(() => {
    const element = box.current
    if (element && !isShort && element.scrollWidth > element.clientWidth) setFound({ key, width })
  }, [box, key, width, isShort])
  return isShort
}

/** Topics without their common prefix: `orders` and `payments` of `demo-orders` and `demo-payments`. */
export function shortTopics(topics: readonly string[]): ((topic: string) => string) | null {
  const [first = '', ...others] = topics
  if (others.length === 0) return null
  let shared = 0
  for (let i = 0; others.every((topic) => topic[i] === first[i]) && i < first.length; i++) {
    if (/[-._]/.test(first[i] ?? '')) shared = i + 1
  }
  return (topic) => topic.slice(shared)
}
