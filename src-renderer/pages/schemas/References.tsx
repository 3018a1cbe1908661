import type { SchemaReference } from '../../../src-main/contract/schemas'
import { Button } from '../../parts/Button'
import { Choice, Field } from '../../parts/Field'
import { useAllSubjects } from '../../stores/subjects'
import { SubjectChoice } from './SubjectChoice'
import css from './schemas.module.css'
import { texts } from './texts'

interface Props {
  readonly type: string
  readonly references: readonly SchemaReference[]
  readonly onChange: (references: readonly SchemaReference[]) => void
}

const noNames: readonly string[] = []

/** Edits what a draft refers to: the name that its text uses, and the version of a subject that it stands for. */
export function References({ type, references, onChange }: Props) {
  const subjects = useAllSubjects()
  const lineOf = (subject: string) => subjects?.lines.find((line) => line.subject === subject)
  const change = (index: number, part: Partial<SchemaReference>) =>
    onChange(references.map((one, i) => (i === index ? { ...one, ...part } : one)))
  const first = lineOf(subjects?.names[0] ?? '')
  return (
    <fieldset className={css.choices}>
      <legend className="quiet">{texts.facts.references}</legend>
      {references.map(({ name, subject, version }, i) => {
        const newest = lineOf(subject)?.latestVersion ?? Math.max(1, version)
        return (
          <div key={i} className={css.reference}>
            <Field
              aria-label={texts.references.name(i)}
              placeholder={texts.references.nameHints[type] ?? ''}
              value={name}
              onChange={(event) => change(i, { name: event.target.value })}
            />
            <SubjectChoice
              label={texts.references.subject(i)}
              value={subject}
              names={subjects?.names ?? noNames}
              onChange={(chosen) => change(i, { subject: chosen, version: lineOf(chosen)?.latestVersion ?? 1 })}
            />
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
