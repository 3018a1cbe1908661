import { bytes } from '../../format/numbers'
import { Area, Choice } from '../../parts/Field'
import css from './messages.module.css'
import { bytesOf, emptyDraft, type Form, forms, inForm, type PayloadDraft } from './payload-draft'
import { texts } from './texts'

interface Props {
  readonly label: string
  readonly draft: PayloadDraft
  readonly onChange: (draft: PayloadDraft) => void
  readonly rows: number
  /** The meaning of null here. */
  readonly nullText: string
  /** Has the focus when it appears. */
  readonly isFirst?: boolean
}

/** A field for the bytes of a key or a value: as text, hex or base64, or null, which is not the same as empty. */
export function PayloadField({ label, draft, onChange, rows, nullText, isFirst = false }: Props) {
  return (
    <div className={css.payload}>
      <span className="quiet">{label}</span>
      <PayloadArea label={label} draft={draft} onChange={onChange} rows={rows} nullText={nullText} isFirst={isFirst} />
      <Size draft={draft} />
      <FormChoice label={texts.produce.form(label)} draft={draft} onChange={onChange} />
    </div>
  )
}

export function PayloadArea({ label, draft, onChange, rows, nullText, isFirst = false }: Props) {
  const isNull = draft.form === 'null'
  return (
    <Area
      aria-label={label}
      data-first={isFirst || undefined}
      rows={rows}
      value={draft.text}
      readOnly={draft.form === 'kept'}
      placeholder={placeholderOf(draft, nullText)}
      // Typing into a null field makes it text.
      onChange={(event) => onChange({ ...(isNull ? emptyDraft : draft), text: event.target.value })}
    />
  )
}

function placeholderOf({ form }: PayloadDraft, nullText: string): string {
  if (form === 'kept') return texts.produce.kept
  return form === 'null' ? nullText : texts.produce.empty
}

/** The size of the payload, or why it is not valid. */
export function Size({ draft }: { readonly draft: PayloadDraft }) {
  const problem = problemOf(draft)
  if (problem !== null)
    return (
      <span className={css.problem} role="alert">
        {problem}
      </span>
    )
  const size = bytesOf(draft)?.length
  return (
    <span className={`quiet ${css.size}`}>
      {size === undefined ? texts.cell.null : bytes(size)}
      {draft.lineBreak === '\r\n' ? texts.produce.crlf : ''}
    </span>
  )
}

function problemOf(draft: PayloadDraft): string | null {
  try {
    bytesOf(draft)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

interface ChoiceProps {
  readonly label: string
  readonly draft: PayloadDraft
  readonly onChange: (draft: PayloadDraft) => void
}

/** Chooses the form. Bytes that are not text cannot be edited as text: that would change them. */
export function FormChoice({ label, draft, onChange }: ChoiceProps) {
  const isText = inForm(draft, 'text') !== undefined
  return (
    <Choice
      aria-label={label}
      value={draft.form}
      title={isText ? undefined : texts.produce.notText}
      onChange={(event) => {
        const next = inForm(draft, event.target.value as Form)
        if (next) onChange(next)
      }}
    >
      {forms
        .filter((form) => form !== 'kept' || draft.form === 'kept')
        .map((form) => (
          <option key={form} value={form} disabled={form === 'text' && !isText}>
            {texts.produce.forms[form]}
          </option>
        ))}
    </Choice>
  )
}
