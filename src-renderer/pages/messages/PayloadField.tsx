import { bytes } from '../../format/numbers'
import { Area, Choice } from '../../parts/Field'
import css from './messages.module.css'
import { bytesOf, emptyDraft, type Form, forms, inForm, type PayloadDraft } from './payload-draft'

interface Props {
  readonly label: string
  readonly draft: PayloadDraft
  readonly onChange: (draft: PayloadDraft) => void
  readonly rows: number
  /** What null means here. */
  readonly nullText: string
}

/** The bytes of a key or a value: as text, hex or base64, or null, which is not empty. */
export function PayloadField({ label, draft, onChange, rows, nullText }: Props) {
  return (
    <div className={css.payload}>
      <span className="quiet">{label}</span>
      <PayloadArea label={label} draft={draft} onChange={onChange} rows={rows} nullText={nullText} />
      <Size draft={draft} />
      <FormChoice label={`${label} as`} draft={draft} onChange={onChange} />
    </div>
  )
}

export function PayloadArea({ label, draft, onChange, rows, nullText }: Props) {
  const isNull = draft.form === 'null'
  return (
    <Area
      aria-label={label}
      rows={rows}
      value={draft.text}
      readOnly={draft.form === 'kept'}
      placeholder={placeholderOf(draft, nullText)}
      // Who types into null means text.
      onChange={(event) => onChange({ ...(isNull ? emptyDraft : draft), text: event.target.value })}
    />
  )
}

function placeholderOf({ form }: PayloadDraft, nullText: string): string {
  if (form === 'kept') return 'sent as it is: choose Text, Hex or Base64 to edit it'
  return form === 'null' ? nullText : 'empty: no bytes'
}

/** How many bytes are sent, or why these are none. */
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
      {size === undefined ? 'null' : bytes(size)}
      {draft.lineBreak === '\r\n' ? ' · CRLF' : ''}
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

/** Bytes that are no text cannot be edited as such: that would write other ones. */
export function FormChoice({ label, draft, onChange }: ChoiceProps) {
  const isText = inForm(draft, 'text') !== undefined
  return (
    <Choice
      aria-label={label}
      value={draft.form}
      title={isText ? undefined : 'These bytes are no text that could be edited and written again.'}
      onChange={(event) => {
        const next = inForm(draft, event.target.value as Form)
        if (next) onChange(next)
      }}
    >
      {forms
        .filter(([form]) => form !== 'kept' || draft.form === 'kept')
        .map(([form, title]) => (
          <option key={form} value={form} disabled={form === 'text' && !isText}>
            {title}
          </option>
        ))}
    </Choice>
  )
}
