import { Plus, X } from 'lucide-react'
import { Button } from '../../parts/Button'
import { Field } from '../../parts/Field'
import css from './messages.module.css'
import { FormChoice, PayloadArea, Size } from './PayloadField'
import { emptyDraft, type PayloadDraft } from './payload-draft'
import { texts } from './texts'

export interface HeaderDraft {
  /** Identifies the row: keys may repeat. */
  readonly id: number
  readonly key: string
  readonly value: PayloadDraft
}

interface Props {
  readonly headers: readonly HeaderDraft[]
  readonly onChange: (headers: readonly HeaderDraft[]) => void
}

/** Headers in their order. A value may be null or bytes, and keys may repeat. */
export function HeaderRows({ headers, onChange }: Props) {
  const change = (id: number, fields: Partial<HeaderDraft>) =>
    onChange(headers.map((header) => (header.id === id ? { ...header, ...fields } : header)))
  const add = () => {
    const id = headers.reduce((most, header) => Math.max(most, header.id), 0) + 1
    onChange([...headers, { id, key: '', value: emptyDraft }])
  }
  return (
    <fieldset className={css.headers}>
      <legend>{texts.produce.headers}</legend>
      {headers.map(({ id, key, value }, i) => (
        <div key={id} className={css.headerRow}>
          <Field
            aria-label={texts.produce.headerKey(i + 1)}
            placeholder={texts.produce.headerKeyPlaceholder}
            value={key}
            onChange={(event) => change(id, { key: event.target.value })}
          />
          <PayloadArea
            label={texts.produce.headerValue(i + 1)}
            rows={1}
            draft={value}
            onChange={(next) => change(id, { value: next })}
            nullText={texts.cell.null}
          />
          <FormChoice
            label={texts.produce.headerForm(i + 1)}
            draft={value}
            onChange={(next) => change(id, { value: next })}
          />
          <Button
            look="plain"
            aria-label={texts.produce.removeHeader(i + 1)}
            onClick={() => onChange(headers.filter((header) => header.id !== id))}
          >
            <X size={14} />
          </Button>
          {value.form !== 'text' && value.form !== 'null' && (
            <div className={css.headerSize}>
              <Size draft={value} />
            </div>
          )}
        </div>
      ))}
      <Button look="plain" onClick={add}>
        <Plus size={14} /> {texts.produce.addHeader}
      </Button>
    </fieldset>
  )
}
