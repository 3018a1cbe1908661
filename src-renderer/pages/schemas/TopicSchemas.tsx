import { useEffect, useState } from 'react'
import type { MessagePlace, SchemaTimeline, TimelineLine } from '../../../src-main/contract/topic-schemas'
import { integer } from '../../format/numbers'
import { clockTime, exactTime } from '../../format/time'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Empty } from '../../parts/Empty'
import { Choice } from '../../parts/Field'
import { messageOf } from '../../parts/useFormAction'
import { useCan } from '../../stores/can'
import { href } from '../../stores/route'
import page from '../pages.module.css'
import { Infer } from './Infer'
import { SchemaLink } from './SchemaLink'
import css from './schemas.module.css'
import { texts } from './texts'

const parts = ['value', 'key'] as const

/** Which schemas the messages of a topic name, over time; from each to its messages and to its schema. */
export function TopicSchemas({ topic }: { readonly topic: string }) {
  const [part, setPart] = useState<'key' | 'value'>('value')
  const [timeline, setTimeline] = useState<SchemaTimeline | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [turn, setTurn] = useState(0)
  const [isInferring, setInferring] = useState(false)
  const hasRegistry = useCan('schemas') === true
  useEffect(() => {
    let isOld = false
    ask('topic.schemas', { topic, part }).then(
      (answer) => !isOld && setTimeline(answer),
      (error: unknown) => !isOld && setProblem(messageOf(error)),
    )
    return () => {
      isOld = true
    }
  }, [topic, part, turn])
  if (problem !== null) return <Empty>{problem}</Empty>
  if (!timeline) return null
  const { looked, messages, lines } = timeline
  return (
    <>
      <div className={page.bar}>
        <Choice
          aria-label={texts.timeline.part}
          value={part}
          onChange={(event) => setPart(event.target.value as 'key' | 'value')}
        >
          {parts.map((one) => (
            <option key={one} value={one}>
              {texts.timeline.parts[one]}
            </option>
          ))}
        </Choice>
        <span className="quiet">{texts.timeline.looked(looked, messages)}</span>
        <span className={page.spacer} />
        <Button onClick={() => setTurn(turn + 1)}>{texts.timeline.again}</Button>
        {hasRegistry && (
          <Button needs="schema.register" onClick={() => setInferring(true)}>
            {texts.infer.action}
          </Button>
        )}
      </div>
      <div className={page.scroll}>
        {lines.length === 0 ? <Empty>{texts.timeline.none[part]}</Empty> : <Lines topic={topic} timeline={timeline} />}
      </div>
      {isInferring && <Infer topic={topic} part={part} onClose={() => setInferring(false)} />}
    </>
  )
}

function Lines({ topic, timeline }: { readonly topic: string; readonly timeline: SchemaTimeline }) {
  const { lines, fromAt, bucketMs, buckets } = timeline
  const { columns } = texts.timeline
  const most = lines.reduce((max, { counts }) => Math.max(max, ...counts), 1)
  return (
    <table className={css.timeline}>
      <thead>
        <tr>
          <th>{columns.schema}</th>
          <th className={css.number}>{columns.messages}</th>
          <th>
            {fromAt < 0 ? (
              columns.time
            ) : (
              <span className={css.times}>
                <span>{clockTime(fromAt)}</span>
                <span>{clockTime(fromAt + bucketMs * buckets)}</span>
              </span>
            )}
          </th>
          <th>{columns.first}</th>
          <th>{columns.last}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={`${line.kind} ${line.name} ${line.schema?.subject}`}>
            <td>
              <Name line={line} />
            </td>
            <td className={css.number}>{integer(line.messages)}</td>
            <td>
              <Strip line={line} most={most} timeline={timeline} />
            </td>
            <td>
              <Place topic={topic} place={line.first} />
            </td>
            <td>
              <Place topic={topic} place={line.last} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Name({ line: { kind, schema, name } }: { readonly line: TimelineLine }) {
  if (schema) {
    return (
      <SchemaLink schema={schema}>
        {texts.ofVersion(schema.subject, schema.version)} <span className="quiet">{texts.timeline.id(schema.id)}</span>
      </SchemaLink>
    )
  }
  return kind === 'unknown' ? (
    <span className={css.bad}>✕ {texts.timeline.unknown(name)}</span>
  ) : (
    <span className="quiet">{texts.timeline.unnamed}</span>
  )
}

/** Bars of one height for all lines, so that they can be compared. */
function Strip({
  line,
  most,
  timeline,
}: {
  readonly line: TimelineLine
  readonly most: number
  readonly timeline: SchemaTimeline
}) {
  const height = 22
  const { fromAt, bucketMs, buckets } = timeline
  return (
    <svg
      className={css.strip}
      viewBox={`0 0 ${buckets} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={texts.timeline.strip(line.messages, clockTime(line.first.at), clockTime(line.last.at))}
    >
      {line.counts.map((count, i) => {
        // A single message among thousands is still seen.
        const tall = count === 0 ? 0 : Math.max(2, (count / most) * height)
        return count === 0 ? null : (
          <rect key={i} x={i + 0.1} width={0.8} y={height - tall} height={tall}>
            <title>{texts.timeline.bar(count, clockTime(fromAt + i * bucketMs))}</title>
          </rect>
        )
      })}
    </svg>
  )
}

function Place({ topic, place: { partition, offset, at } }: { readonly topic: string; readonly place: MessagePlace }) {
  return (
    <a
      className={page.link}
      href={`${href('topics', topic, 'messages')}?partition=${partition}&offset=${offset}`}
      title={at < 0 ? undefined : exactTime(at)}
    >
      {at < 0 ? '' : `${clockTime(at)} `}
      <span className="quiet">{texts.timeline.place(partition, offset)}</span>
    </a>
  )
}
