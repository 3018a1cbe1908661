import { useEffect, useState } from 'react'
import type { SettingLine } from '../../../src-main/contract/workspace'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Problem } from '../../parts/Dialog'
import { Choice, Field } from '../../parts/Field'
import { useFormAction } from '../../parts/useFormAction'
import { Row } from './Row'
import css from './settings.module.css'
import { texts } from './texts'

/** When a setting takes effect, or why it cannot be changed; `null` when it takes effect immediately. */
export function effectOf({ atOnce, fixed }: SettingLine): string | null {
  return fixed ?? (atOnce ? null : texts.afterRestart)
}

/** A setting of the workspace, with the control for its type. Its errors stand below it. */
export function Setting({ line }: { readonly line: SettingLine }) {
  const { name, label, value, isDefault, defaultValue, fixed, documentation } = line
  const form = useFormAction()
  const [isSaved, setSaved] = useState(false)
  const set = async (next: string | null) => {
    setSaved(false)
    setSaved(await form.run(() => ask('settings.set', { name, value: next === '' ? null : next })))
  }
  return (
    <Row label={label} note={documentation} effect={effectOf(line)}>
      <div className={css.setting}>
        <Control line={line} isWrong={form.problem !== null} onSet={(next) => void set(next)} />
        {!isDefault && fixed === null && (
          <Button
            look="plain"
            title={defaultValue === '' ? texts.clear : texts.resetTo(labelOf(line, defaultValue))}
            onClick={() => void set(null)}
          >
            {defaultValue === '' ? texts.clear : texts.reset}
          </Button>
        )}
        {fixed !== null && <span className="data quiet">{labelOf(line, value)}</span>}
        {isSaved && (
          <span className={css.saved} role="status">
            ✓ {texts.saved}
          </span>
        )}
      </div>
      {form.problem !== null && <Problem text={form.problem} />}
    </Row>
  )
}

/** A value as it is shown. */
function labelOf({ choices }: SettingLine, value: string): string {
  return choices?.find((choice) => choice.value === value)?.label ?? value
}

interface ControlProps {
  readonly line: SettingLine
  readonly isWrong: boolean
  readonly onSet: (value: string) => void
}

function Control({ line, isWrong, onSet }: ControlProps) {
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
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </Choice>
    )
  }
  const isNumber = type === 'int' || type === 'long'
  return (
    <Field
      aria-label={name}
      aria-invalid={isWrong && text !== value}
      value={text}
      placeholder={texts.notSet}
      style={{ width: isNumber ? 140 : 280, textAlign: isNumber ? 'right' : 'left', fontFamily: 'var(--data)' }}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => text !== value && onSet(text)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && text !== value) onSet(text)
        if (event.key === 'Escape') setText(value)
      }}
    />
  )
}
