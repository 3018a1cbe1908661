import { type ReactNode, useEffect, useState } from 'react'
import type { SettingLine } from '../../../src-main/contract/workspace'
import { type TimeStyle, timeStyles } from '../../format/time'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Choice, Field } from '../../parts/Field'
import { useFeed } from '../../stores/feed'
import { attempt } from '../../stores/notices'
import { type Theme, useSettings } from '../../stores/settings'
import page from '../pages.module.css'
import css from './settings.module.css'

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

export function SettingsPage() {
  const { value: lines } = useFeed('settings', undefined)
  const { value: status } = useFeed('workspace', undefined)
  if (!lines || !status) return null
  const sections = [...new Set(lines.map(({ section }) => section))]
  return (
    <>
      <header className={page.header}>
        <h1>Settings</h1>
      </header>
      <div className={page.scroll}>
        <Appearance />
        {sections.map((section) => (
          <Section key={section} title={section}>
            {section === 'Listening' && (
              <Row
                label="Addresses"
                note="Where Kafka clients find the broker now. Only this machine can reach loopback."
              >
                <span className="data">{status.addresses.join(', ')}</span>
              </Row>
            )}
            {lines
              .filter((line) => line.section === section)
              .map((line) => (
                <Setting key={line.name} line={line} />
              ))}
          </Section>
        ))}
        <Section title="Workspace">
          <Row label="File" note="Topics, messages, offsets, groups and these settings lie in it.">
            <span className="data">{status.file ?? 'in memory: nothing is kept when the broker ends'}</span>
          </Row>
        </Section>
      </div>
    </>
  )
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={css.section} aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  )
}

function Row({
  label,
  note,
  effect,
  children,
}: {
  readonly label: string
  readonly note: string
  readonly effect?: string
  readonly children: ReactNode
}) {
  return (
    <div className={css.row}>
      <div>
        <div className={css.name}>{label}</div>
        <div className={css.note} title={note}>
          {note}
        </div>
        {effect && <div className={css.effect}>{effect}</div>}
      </div>
      <div className={css.control}>{children}</div>
    </div>
  )
}

function Appearance() {
  const { theme, times } = useSettings()
  return (
    <Section title="Appearance">
      <Row label="Theme" note="At once, in this window.">
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
      <Row label="Times" note="How timestamps of messages are shown.">
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
      <StartAtLogin />
    </Section>
  )
}

interface LoginItem {
  readonly get: () => Promise<boolean>
  readonly set: (opens: boolean) => Promise<boolean>
}

/** Only the desktop app can: its preload gives it to the page. */
const { loginItem } = window as { readonly loginItem?: LoginItem }

function StartAtLogin() {
  const [opens, setOpens] = useState<boolean | null>(null)
  useEffect(() => {
    if (loginItem) attempt(async () => setOpens(await loginItem.get()))
  }, [])
  if (!loginItem || opens === null) return null
  return (
    <Row label="Start at login" note="The broker runs in the tray, without a window, when you log in.">
      <input
        type="checkbox"
        aria-label="Start at login"
        checked={opens}
        onChange={(event) => attempt(async () => setOpens(await loginItem.set(event.target.checked)))}
      />
    </Row>
  )
}

function Setting({ line }: { readonly line: SettingLine }) {
  const { name, label, value, isDefault, defaultValue, fixed, atOnce, documentation } = line
  const set = (next: string | null) => attempt(() => ask('settings.set', { name, value: next }))
  const effect = atOnce ? 'Takes effect at once.' : 'Takes effect when the workspace is opened next.'
  return (
    <Row label={label} note={documentation} effect={fixed ?? effect}>
      <Control line={line} onSet={set} />
      {!isDefault && fixed === null && (
        <Button look="plain" title={`Back to ${defaultValue}`} onClick={() => set(null)}>
          Reset
        </Button>
      )}
      {fixed !== null && <span className="quiet">{value}</span>}
    </Row>
  )
}

function Control({ line, onSet }: { readonly line: SettingLine; readonly onSet: (value: string) => void }) {
  const { label: name, type, choices, value, fixed } = line
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  if (fixed !== null) return null
  if (type === 'boolean') {
    return (
      <input
        type="checkbox"
        aria-label={name}
        checked={value === 'true'}
        onChange={(event) => onSet(String(event.target.checked))}
      />
    )
  }
  if (choices) {
    return (
      <Choice aria-label={name} value={value} onChange={(event) => onSet(event.target.value)}>
        {choices.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </Choice>
    )
  }
  return (
    <Field
      aria-label={name}
      value={text}
      placeholder="not set"
      style={{ width: 140, textAlign: 'right', fontFamily: 'var(--data)' }}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => text !== value && onSet(text)}
      onKeyDown={(event) => event.key === 'Enter' && text !== value && onSet(text)}
    />
  )
}
