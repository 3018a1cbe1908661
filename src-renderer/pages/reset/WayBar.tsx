import { type ReactNode, useRef } from 'react'
import { Button } from '../../parts/Button'
import { Choice, Field } from '../../parts/Field'
import { useFeed } from '../../stores/feed'
import { attempt } from '../../stores/notices'
import page from '../pages.module.css'
import { positionsOf } from './offsets-file'
import css from './reset.module.css'
import { localTime, ways } from './target'
import type { Reset } from './useReset'

const spans = ['5m', '15m', '1h', '6h', '1d', '7d']
const hourMs = 3_600_000

/** The vocabulary: where to, and what that still needs. */
export function WayBar({ reset, groupId }: { readonly reset: Reset; readonly groupId: string }) {
  const file = useRef<HTMLInputElement>(null)
  return (
    <div className={page.bar}>
      <div className={css.ways} role="radiogroup" aria-label="Where to">
        {ways.map(([id, label]) => (
          <label key={id}>
            <input type="radio" name="way" checked={reset.way === id} onChange={() => reset.setWay(id)} />
            <span>{label}</span>
          </label>
        ))}
      </div>
      <Button onClick={() => file.current?.click()}>From file…</Button>
      <input
        ref={file}
        type="file"
        hidden
        accept=".csv,.txt"
        aria-label="File of topic,partition,offset"
        onChange={(event) => {
          const chosen = event.target.files?.[0]
          // The same file can be chosen again after it was changed.
          event.target.value = ''
          if (chosen) void attempt(async () => reset.setPositions(positionsOf(await chosen.text(), groupId)))
        }}
      />
      <MoreTopics reset={reset} />
      <div className={css.detail}>
        <Detail reset={reset} />
      </div>
    </div>
  )
}

function Detail({ reset }: { readonly reset: Reset }): ReactNode {
  const { way, text, setText } = reset
  const field = (label: string, placeholder: string) => (
    <Field
      aria-label={label}
      placeholder={placeholder}
      value={text}
      aria-invalid={reset.needs !== null && text !== ''}
      onChange={(event) => setText(event.target.value)}
    />
  )
  const preset = (label: string, value: string) => (
    <Button key={label} look="plain" onClick={() => setText(value)}>
      {label}
    </Button>
  )
  const now = Date.now()
  const midnight = new Date().setHours(0, 0, 0, 0)
  switch (way) {
    case 'exact':
      return (
        <span className="quiet">
          Drag a handle or type an offset. Keys on a handle: arrows, Shift for ten, Page Up and Down for a minute, Home
          and End.
        </span>
      )
    case 'earliest':
      return <span className="quiet">Everything that is still in the log is read again.</span>
    case 'latest':
      return <span className="quiet">Everything that is in the log is skipped.</span>
    case 'time':
      return (
        <>
          <Field
            type="datetime-local"
            step="1"
            aria-label="Time"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          {preset('An hour ago', localTime(now - hourMs))}
          {preset('Today', localTime(midnight))}
          {preset('Yesterday', localTime(new Date(midnight - 12 * hourMs).setHours(0, 0, 0, 0)))}
          <span className="quiet">To the first message of that time or later.</span>
        </>
      )
    case 'back':
      return (
        <>
          {field('Back by', '15m, 1h30m, 2d, PT15M')}
          {spans.map((span) => preset(span, span))}
          <span className="quiet">Counted from now.</span>
        </>
      )
    case 'shift':
      return (
        <>
          {field('Shift by', '-100')}
          {['-1000', '-100', '-1', '+1', '+100'].map((by) => preset(by, by))}
          <span className="quiet">Messages, from what is committed.</span>
        </>
      )
    case 'offset':
      return (
        <>
          {field('Offset', '0')}
          <span className="quiet">The same in every partition; outside a log, its nearest end.</span>
        </>
      )
    case 'group':
      return (
        <>
          <Choice
            aria-label="Other group"
            value={reset.otherGroup ?? ''}
            onChange={(event) => reset.setOtherGroup(event.target.value)}
          >
            {reset.others.map((other) => (
              <option key={other}>{other}</option>
            ))}
          </Choice>
          <span className="quiet">To what that group has committed.</span>
        </>
      )
    case 'delete':
      return <span className="quiet">Nothing stays committed: consumers begin where their auto.offset.reset says.</span>
  }
}

/** Topics that the group has nothing to do with yet. */
function MoreTopics({ reset }: { readonly reset: Reset }) {
  const { value: topics } = useFeed('topics', undefined)
  const shown = new Set(reset.plan?.lines.map(({ topic }) => topic))
  const more = topics?.map(({ name }) => name).filter((name) => !shown.has(name) && !name.startsWith('__')) ?? []
  if (more.length === 0) return null
  return (
    <Choice aria-label="Add a topic" value="" onChange={(event) => reset.addTopic(event.target.value)}>
      <option value="">Add a topic…</option>
      {more.map((name) => (
        <option key={name}>{name}</option>
      ))}
    </Choice>
  )
}
