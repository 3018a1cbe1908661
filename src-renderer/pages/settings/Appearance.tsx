import { useEffect, useState } from 'react'
import type { Closing } from '../../../src-main/contract/shell'
import { desktop } from '../../desktop'
import { type TimeStyle, timeStyles } from '../../format/time'
import { Choice } from '../../parts/Field'
import { attempt } from '../../stores/notices'
import { useSettings } from '../../stores/settings'
import type { Theme } from '../../stores/settings-values'
import { Row, Section } from './Row'
import { texts } from './texts'

const themes: readonly (readonly [Theme, string])[] = [
  ['system', texts.app.themes.system],
  ['day', texts.app.themes.day],
  ['night', texts.app.themes.night],
]

const closings: readonly (readonly [Closing, string])[] = [
  ['ask', texts.app.closings.ask],
  ['tray', texts.app.closings.tray],
  ['quit', texts.app.closings.quit],
]

/** Preferences of this user on this machine, not of the workspace. */
export function Appearance() {
  const { theme, times } = useSettings()
  return (
    <Section title={texts.app.title}>
      <Row label={texts.app.theme} note={texts.app.themeNote} words={themes.map(([, text]) => text)}>
        <Choice
          aria-label={texts.app.theme}
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
      <Row label={texts.app.times} note={texts.app.timesNote} words={Object.values(texts.app.timeNames)}>
        <Choice
          aria-label={texts.app.times}
          value={times}
          onChange={(event) => useSettings.setState({ times: event.target.value as TimeStyle })}
        >
          {timeStyles.map((id) => (
            <option key={id} value={id}>
              {texts.app.timeNames[id]}
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
    <Row label={texts.app.closing} note={texts.app.closingNote} words={closings.map(([, text]) => text)}>
      <Choice
        aria-label={texts.app.closing}
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
    <Row label={texts.app.login} note={texts.app.loginNote} effect={texts.afterLogin}>
      <input
        type="checkbox"
        aria-label={texts.app.login}
        checked={starts}
        onChange={(event) => void choose(event.target.checked)}
      />
    </Row>
  )
}
