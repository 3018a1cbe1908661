import { type ReactNode, useRef } from 'react'
import type { GroupDetail } from '../../../src-main/contract/groups'
import { presetTimes } from '../../format/time'
import { Button } from '../../parts/Button'
import { Choice, Field } from '../../parts/Field'
import { TimeField } from '../../parts/TimeField'
import { attempt } from '../../stores/notices'
import page from '../pages.module.css'
import { MoreTopics } from './MoreTopics'
import { positionsOf } from './offsets-file'
import css from './reset.module.css'
import { strategies } from './target'
import { resetOffset, texts } from './texts'
import type { Reset } from './useReset'

const spans = ['5m', '15m', '1h', '6h', '1d', '7d']
const hourMs = 3_600_000

/** Chooses the strategy of a reset, and its parameter. */
export function StrategyBar({
  reset,
  group: { groupId, type },
}: {
  readonly reset: Reset
  readonly group: GroupDetail
}) {
  const file = useRef<HTMLInputElement>(null)
  return (
    <div className={page.bar}>
      <div className={css.strategies} role="radiogroup" aria-label={texts.strategy}>
        {strategies.map((id) => (
          <label key={id}>
            <input
              type="radio"
              name="strategy"
              checked={reset.strategy === id}
              onChange={() => reset.setStrategy(id)}
            />
            <span>{texts.strategies[id]}</span>
          </label>
        ))}
      </div>
      <MoreTopics reset={reset} />
      <div className={css.detail}>
        <Detail reset={reset} about={resetOffset(type).about} />
        <Button className={css.fromFile} onClick={() => file.current?.click()}>
          {texts.fromFile}
        </Button>
      </div>
      <input
        ref={file}
        type="file"
        hidden
        accept=".csv,.txt"
        aria-label={texts.fileLabel}
        onChange={(event) => {
          const chosen = event.target.files?.[0]
          // Allows to choose the same file again after it was edited.
          event.target.value = ''
          if (chosen) void attempt(async () => reset.setPositions(positionsOf(await chosen.text(), groupId)))
        }}
      />
    </div>
  )
}

function Detail({
  reset,
  about,
}: {
  readonly reset: Reset
  readonly about: ReturnType<typeof resetOffset>['about']
}): ReactNode {
  const { strategy, text, setText } = reset
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
  switch (strategy) {
    case 'exact':
      return <span className="quiet">{texts.about.exact}</span>
    case 'earliest':
      return <span className="quiet">{texts.about.earliest}</span>
    case 'latest':
      return <span className="quiet">{texts.about.latest}</span>
    case 'time':
      return (
        <>
          <TimeField
            label={texts.time}
            placeholder={texts.timePlaceholder}
            at={text === '' ? null : Number(text)}
            onChange={(at) => setText(at === null ? '' : String(at))}
            onInvalid={() => setText('')}
          />
          {preset(texts.timePresets.hour, String(Date.now() - hourMs))}
          {preset(texts.timePresets.today, String(presetTimes('Today').fromAt))}
          {preset(texts.timePresets.yesterday, String(presetTimes('Yesterday').fromAt))}
          <span className="quiet">{texts.about.time}</span>
        </>
      )
    case 'back':
      return (
        <>
          {field(texts.back, '15m, 1h30m, 2d, PT15M')}
          {spans.map((span) => preset(span, span))}
          <span className="quiet">{texts.about.back}</span>
        </>
      )
    case 'shift':
      return (
        <>
          {field(texts.shift, '-100')}
          {['-1000', '-100', '-1', '+1', '+100'].map((by) => preset(by, by))}
          <span className="quiet">{about.shift}</span>
        </>
      )
    case 'offset':
      return (
        <>
          {field(texts.offset, '0')}
          <span className="quiet">{texts.about.offset}</span>
        </>
      )
    case 'group':
      return (
        <>
          <Choice
            aria-label={texts.otherGroup}
            value={reset.otherGroup ?? ''}
            onChange={(event) => reset.setOtherGroup(event.target.value)}
          >
            {reset.others.map((other) => (
              <option key={other}>{other}</option>
            ))}
          </Choice>
          <span className="quiet">{about.group}</span>
        </>
      )
    case 'delete':
      return <span className="quiet">{about.delete}</span>
  }
}
