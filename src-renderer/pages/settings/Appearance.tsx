import { useEffect, useState } from 'react'
import { type Closing, desktop } from '../../desktop'
import { type TimeStyle, timeStyles } from '../../format/time'
import { Choice } from '../../parts/Field'
import { attempt } from '../../stores/notices'
import { type Theme, useSettings } from '../../stores/settings'
import { Row, Section } from './Row'

const themes: readonly (readonly [Theme, string])[] = [
  ['system', 'as the system'],
  ['day', 'light'],
  ['night', 'dark'],
]

const timeNames: Readonly<Record<TimeStyle, string>> = {
  local: 'local time',
  utc: 'UTC',
  epoch: 'milliseconds since the epoch',
}

const closings: readonly (readonly [Closing, string])[] = [
  ['ask', 'ask'],
  ['tray', 'keep the broker running'],
  ['quit', 'stop and quit'],
]

/** What belongs to this person and this machine, not to the workspace. All of it counts at once. */
export function Appearance() {
  const { theme, times } = useSettings()
  return (
    <Section title="This app">
      <Row label="Theme" note="Of these pages." effect="Takes effect at once.">
        <Choice
          aria-label="Theme"
          value={theme}
          onChange={(event) => useSettings.setState({ theme: event.target.value as Theme })}
        >
          {themes.map(([id, text]) => (
            <option key={id} value={id}>
              {text}
            </option>
          ))}
        </Choice>
      </Row>
      <Row label="Times" note="How timestamps of messages are shown." effect="Takes effect at once.">
        <Choice
          aria-label="Times"
          value={times}
          onChange={(event) => useSettings.setState({ times: event.target.value as TimeStyle })}
        >
          {timeStyles.map((id) => (
            <option key={id} value={id}>
              {timeNames[id]}
            </option>
          ))}
        </Choice>
      </Row>
      {desktop && <ClosingTheWindow />}
      {desktop && <StartAtLogin />}
    </Section>
  )
}

function ClosingTheWindow() {
  const [closing, setClosing] = useState<Closing | null>(null)
  useEffect(() => {
    void attempt(async () => setClosing((await desktop?.getClosing()) ?? null))
  }, [])
  if (closing === null) return null
  const choose = (next: Closing) => attempt(async () => setClosing((await desktop?.setClosing(next)) ?? null))
  return (
    <Row
      label="Closing the last window"
      note="The broker can stay in the tray with its clients connected, or end with the window."
      effect="Takes effect at once."
    >
      <Choice
        aria-label="Closing the last window"
        value={closing}
        onChange={(event) => void choose(event.target.value as Closing)}
      >
        {closings.map(([id, text]) => (
          <option key={id} value={id}>
            {text}
          </option>
        ))}
      </Choice>
    </Row>
  )
}

function StartAtLogin() {
  const [starts, setStarts] = useState<boolean | null>(null)
  useEffect(() => {
    void attempt(async () => setStarts((await desktop?.getStartsAtLogin()) ?? null))
  }, [])
  if (starts === null) return null
  const choose = (next: boolean) => attempt(async () => setStarts((await desktop?.setStartsAtLogin(next)) ?? null))
  return (
    <Row
      label="Start at login"
      note="The broker runs in the tray, without a window, when you log in."
      effect="Takes effect at the next login."
    >
      <input
        type="checkbox"
        aria-label="Start at login"
        checked={starts}
        onChange={(event) => void choose(event.target.checked)}
      />
    </Row>
  )
}
