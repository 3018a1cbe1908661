import { diffLines } from 'diff'
import { useEffect, useState } from 'react'
import type { SchemaComparison, SchemaDifference, SubjectDetail } from '../../../src-main/contract/schemas'
import { ask } from '../../host'
import { Choice } from '../../parts/Field'
import { attempt } from '../../stores/notices'
import page from '../pages.module.css'
import css from './schemas.module.css'
import { texts } from './texts'

/** What changed between two versions: what it means for readers, and the text. */
export function Changes({ detail }: { readonly detail: SubjectDetail }) {
  const { subject, all } = detail
  // Until somebody chooses, the two newest: a version may be registered while this is shown.
  const [chosenTo, setTo] = useState<number | null>(null)
  const [chosenFrom, setFrom] = useState<number | null>(null)
  const to = chosenTo ?? all[0]?.version ?? 0
  const from = chosenFrom ?? all[1]?.version ?? 0
  const [comparison, setComparison] = useState<SchemaComparison | null>(null)
  useEffect(() => {
    if (from === 0) return
    void attempt(async () => setComparison(await ask('schema.compare', { subject, from, to })))
  }, [subject, from, to])
  const [before, after] = [from, to].map((number) => all.find(({ version }) => version === number))
  if (!before || !after) return <p className="quiet">{texts.changes.one}</p>
  const choice = (label: string, value: number, onChange: (version: number) => void) => (
    <label>
      <span className="quiet">{label}</span>{' '}
      <Choice value={value} onChange={(event) => onChange(Number(event.target.value))}>
        {all.map(({ version, deleted }) => (
          <option key={version} value={version}>
            {texts.versionOption(version, deleted)}
          </option>
        ))}
      </Choice>
    </label>
  )
  return (
    <>
      <div className={css.row}>
        {choice(texts.changes.from, from, setFrom)}
        {choice(texts.changes.to, to, setTo)}
      </div>
      {comparison && (
        <>
          <h2 className={page.section}>{texts.changes.backward(to, from)}</h2>
          <Differences of={comparison.backward} />
          <h2 className={page.section}>{texts.changes.forward(to, from)}</h2>
          <Differences of={comparison.forward} />
        </>
      )}
      <h2 className={page.section}>{texts.changes.text}</h2>
      <pre className={page.value}>
        {diffLines(`${before.text}\n`, `${after.text}\n`).map(({ value, added, removed }, i) => (
          <span key={i} className={added ? css.added : removed ? css.removed : undefined}>
            {value.replace(/^(?=[^\n]|\n.)/gm, added ? '+ ' : removed ? '− ' : '  ')}
          </span>
        ))}
      </pre>
    </>
  )
}

function Differences({ of }: { readonly of: readonly SchemaDifference[] }) {
  if (of.length === 0) return <p className={css.good}>{texts.changes.fine}</p>
  return (
    <ul className={css.list}>
      {of.map(({ type, path, description }) => (
        <li key={`${type} ${path}`}>
          <span className={css.bad}>✕ {type}</span> {description}
        </li>
      ))}
    </ul>
  )
}
