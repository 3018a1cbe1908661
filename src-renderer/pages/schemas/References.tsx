import type { SchemaReference } from '../../../src-main/contract/schemas'
import { Button } from '../../parts/Button'
import { Choice, Field } from '../../parts/Field'
import { useFeed } from '../../stores/feed'
import css from './schemas.module.css'
import { texts } from './texts'

interface Props {
  readonly type: string
  readonly references: readonly SchemaReference[]
  readonly onChange: (references: readonly SchemaReference[]) => void
}

/** Edits what a draft refers to: the name that its text uses, and the version of a subject that it stands for. */
export function References({ type, references, onChange }: Props) {
  const { value: view } = useFeed('schemas', undefined)
  const subjects = (view?.subjects ?? []).filter(({ versions }) => versions > 0)
  const change = (index: number, part: Partial<SchemaReference>) =>
    onChange(references.map((one, i) => (i === index ? { ...one, ...part } : one)))
  const [first] = subjects
  return (
    <fieldset className={css.choices}>
      <legend className="quiet">{texts.facts.references}</legend>
      {references.map(({ name, subject, version }, i) => {
        const newest = subjects.find((line) => line.subject === subject)?.latestVersion ?? Math.max(1, version)
        return (
          <div key={i} className={css.reference}>
            <Field
              aria-label={texts.references.name(i)}
              placeholder={texts.references.nameHints[type] ?? ''}
              value={name}
              onChange={(event) => change(i, { name: event.target.value })}
            />
            <Choice
              aria-label={texts.references.subject(i)}
              value={subject}
              onChange={(event) => {
                const line = subjects.find((one) => one.subject === event.target.value)
                change(i, { subject: event.target.value, version: line?.latestVersion ?? 1 })
              }}
            >
              {!subjects.some((line) => line.subject === subject) && <option>{subject}</option>}
              {subjects.map((line) => (
                <option key={line.subject}>{line.subject}</option>
              ))}
            </Choice>
            <Choice
              aria-label={texts.references.version(i)}
              value={version}
              onChange={(event) => change(i, { version: Number(event.target.value) })}
            >
              <option value={-1}>{texts.references.latest}</option>
              {Array.from({ length: newest }, (_, n) => newest - n).map((number) => (
                <option key={number} value={number}>
                  {texts.versionOption(number, false)}
                </option>
              ))}
            </Choice>
            <Button
              look="plain"
              aria-label={texts.references.removeOne(i)}
              onClick={() => onChange(references.filter((_, at) => at !== i))}
            >
              {texts.references.remove}
            </Button>
          </div>
        )
      })}
      <div>
        <Button
          look="plain"
          disabled={!first}
          title={first ? undefined : texts.references.none}
          onClick={() =>
            first && onChange([...references, { name: '', subject: first.subject, version: first.latestVersion }])
          }
        >
          {texts.references.add}
        </Button>
      </div>
    </fieldset>
  )
}
