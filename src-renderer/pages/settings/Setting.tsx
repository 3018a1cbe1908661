import { useEffect, useState } from 'react'
import type { SettingLine } from '../../../src-main/contract/workspace'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Choice, Field } from '../../parts/Field'
import { attempt } from '../../stores/notices'
import { Row } from './Row'

export function setSetting(name: string, value: string | null, done?: string): Promise<boolean> {
  return attempt(() => ask('settings.set', { name, value }), done)
}

export function effectOf({ atOnce, fixed }: SettingLine): string {
  if (fixed !== null) return fixed
  return atOnce ? 'Takes effect at once.' : 'Takes effect when the broker is started next.'
}

/** A setting of the workspace, as its kind of value wants it. */
export function Setting({ line }: { readonly line: SettingLine }) {
  const { name, label, value, isDefault, defaultValue, fixed, documentation } = line
  return (
    <Row label={label} note={documentation} effect={effectOf(line)}>
      <Control line={line} onSet={(next) => void setSetting(name, next === '' ? null : next)} />
      {!isDefault && fixed === null && (
        <Button
          look="plain"
          title={defaultValue === '' ? 'Take it away' : `Back to ${defaultValue}`}
          onClick={() => void setSetting(name, null)}
        >
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
  const isNumber = type === 'int' || type === 'long'
  return (
    <Field
      aria-label={name}
      value={text}
      placeholder="not set"
      style={{ width: isNumber ? 140 : 280, textAlign: isNumber ? 'right' : 'left', fontFamily: 'var(--data)' }}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => text !== value && onSet(text)}
      onKeyDown={(event) => event.key === 'Enter' && text !== value && onSet(text)}
    />
  )
}
