import { useEffect, useState } from 'react'
import type { SettingLine } from '../../../src-main/contract/workspace'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { CopyText } from '../../parts/Copy'
import { Problem } from '../../parts/Dialog'
import { Choice, Field } from '../../parts/Field'
import { useFormAction } from '../../parts/useFormAction'
import { useDraft } from '../../stores/drafts'
import { ConfigHint } from '../topics/ConfigHint'
import { configMeaning, readConfig } from '../topics/config-values'
import { Row } from './Row'
import css from './settings.module.css'
import { texts } from './texts'

/** When a setting takes effect, or why it cannot be changed; `null` when it takes effect immediately. */
export function effectOf({ atOnce, fixed }: SettingLine): string | null {
  return fixed ?? (atOnce ? null : texts.afterRestart)
}

/** What finds a setting besides its label: its name in the file, and its values as they are and in words. */
export function wordsOfLine({
  name,
  value,
  defaultValue,
  inherited,
  choices,
  address,
  problem,
}: SettingLine): readonly (string | null)[] {
  const label = choices?.find((choice) => choice.value === value)?.label ?? null
  const other = inherited ? [inherited.name, inherited.value, configMeaning(name, inherited.value)] : []
  return [name, value, label, configMeaning(name, value), configMeaning(name, defaultValue), address, problem, ...other]
}

/** A setting of the workspace, with the control for its type. Its errors stand below it. */
export function Setting({ line }: { readonly line: SettingLine }) {
  const { name, label, value, isDefault, defaultValue, fixed, documentation, address, problem } = line
  const form = useFormAction()
  const [isSaved, setSaved] = useState(false)
  const set = async (next: string | null) => {
    setSaved(false)
    setSaved(await form.run(() => ask('settings.set', { name, value: next === '' ? null : next })))
  }
  const isTyped = line.type !== 'boolean' && line.choices === null && fixed === null
  return (
    <Row label={label} note={documentation} effect={effectOf(line)} words={wordsOfLine(line)}>
      <div className={css.setting}>
        {!isTyped && <Control line={line} onSet={(next) => void set(next)} />}
        {isTyped && (
          <Typed
            line={line}
            isRefused={form.problem !== null}
            onEdit={() => setSaved(false)}
            onSet={(next) => void set(next)}
          />
        )}
        {!isDefault && fixed === null && (
          <Button
            look="plain"
            title={defaultValue === '' ? texts.clear : texts.resetTo(shownValue(line, defaultValue))}
            onClick={() => void set(null)}
          >
            {defaultValue === '' ? texts.clear : texts.reset}
          </Button>
        )}
        {fixed !== null && <span className="data quiet">{shownValue(line, value)}</span>}
        {isSaved && (
          <span className={css.saved} role="status">
            ✓ {texts.saved}
          </span>
        )}
      </div>
      {address !== null && <CopyText text={address} />}
      {problem !== null && <Problem text={problem} />}
      {form.problem !== null && <Problem text={form.problem} />}
    </Row>
  )
}

/** A value as it is shown: the label of a choice, and `604800000 (7 days)`. */
function shownValue({ name, choices }: SettingLine, value: string): string {
  const meaning = configMeaning(name, value)
  const label = choices?.find((choice) => choice.value === value)?.label ?? value
  return meaning === null ? label : texts.valueOf(label, meaning)
}

interface ControlProps {
  readonly line: SettingLine
  readonly onSet: (value: string) => void
}

/** A box to tick, or one of a few values. */
function Control({ line: { label: name, type, choices, value, fixed }, onSet }: ControlProps) {
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
  return (
    <Choice aria-label={name} value={value} onChange={(event) => onSet(event.target.value)}>
      {choices?.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      ))}
    </Choice>
  )
}

interface TypedProps extends ControlProps {
  readonly isRefused: boolean
  readonly onEdit: () => void
}

interface Draft {
  readonly text: string
  /** The value that it was typed over: another one that is saved meanwhile is shown instead. */
  readonly over: string
}

/** A value that is typed, also as `7 days` or `1 GiB`. What is not saved stays while another page is open. */
function Typed({ line, isRefused, onEdit, onSet }: TypedProps) {
  const { label, name, type, value, inherited } = line
  const [draft, setDraft] = useDraft<Draft | null>(`setting ${name}`, null)
  const isStale = draft !== null && draft.over !== value
  const text = draft === null || isStale ? value : draft.text
  useEffect(() => {
    if (isStale) setDraft(null)
  }, [isStale])
  const read = readConfig(name, type, text)
  // An empty text removes the setting.
  const wrong = text === value || text === '' ? null : read.wrong
  const isUnsaved = text !== value && wrong === null
  const isNumber = type === 'int' || type === 'long'
  const save = () => {
    if (!isUnsaved) return
    if (read.taken === value) setDraft(null)
    else onSet(text === '' ? '' : read.taken)
  }
  return (
    <div className={css.typed}>
      <Field
        aria-label={label}
        aria-invalid={wrong !== null || (isRefused && text !== value)}
        value={text}
        placeholder={inherited?.value ?? texts.notSet}
        style={{ width: isNumber ? 140 : 280, textAlign: isNumber ? 'right' : 'left', fontFamily: 'var(--data)' }}
        onChange={(event) => {
          onEdit()
          setDraft({ text: event.target.value, over: value })
        }}
        onBlur={save}
        onKeyDown={(event) => {
          if (event.key === 'Enter') save()
          if (event.key === 'Escape') setDraft(null)
        }}
      />
      <div className={css.hint}>
        <ConfigHint read={{ ...read, wrong }} />
        {inherited && text === '' && (
          <p className="quiet">
            {texts.inherited(configMeaning(name, inherited.value) ?? inherited.value, inherited.name)}
          </p>
        )}
        {isUnsaved && !isRefused && <p className={css.unsaved}>{texts.unsaved}</p>}
      </div>
    </div>
  )
}
