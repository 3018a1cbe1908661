import { useState } from 'react'
import type { ConnectionsView, FoundConnection, ReadSetting } from '../../../src-main/contract/connections'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Problem } from '../../parts/Dialog'
import { Area, Field, FileField, Labelled } from '../../parts/Field'
import { useFormAction } from '../../parts/useFormAction'
import { discardDrafts, useDraft } from '../../stores/drafts'
import { attempt, notify } from '../../stores/notices'
import { go, href } from '../../stores/route'
import page from '../pages.module.css'
import css from './connections.module.css'
import { texts } from './texts'

const labels = texts.importing

interface Chosen {
  readonly isChosen: boolean
  readonly name: string
}

/** Reads connections of another tool's file, and shows what became of each of its settings before anything is stored. */
export function ImportPage({ view }: { readonly view: ConnectionsView }) {
  const [text, setText] = useDraft('import text', '')
  const [fileName, setFileName] = useState('')
  const [isOver, setOver] = useState(false)
  const [found, setFound] = useState<readonly FoundConnection[]>([])
  const [chosen, setChosen] = useState<readonly Chosen[]>([])
  const [storesSecrets, setStores] = useState(false)
  const form = useFormAction()
  const read = (given: string, name: string) =>
    form.run(async () => {
      setFound([])
      const all = await ask('connection.read', { text: given, fileName: name })
      setFound(all)
      setChosen(all.map((one) => ({ isChosen: true, name: one.name })))
    })
  const take = async (file: File | null | undefined) => {
    if (!file) return
    const content = await file.text()
    setText(content)
    setFileName(file.name)
    await read(content, file.name)
  }
  const picks = chosen.flatMap(({ isChosen, name }, index) => (isChosen ? [{ index, name }] : []))
  const add = () =>
    form.run(async () => {
      const { ids } = await ask('connection.import', { text, fileName, chosen: picks, storesSecrets })
      discardDrafts('import text')
      notify({ kind: 'done', text: labels.added(ids.length) })
      go('connections', ids.length === 1 ? ids[0] : null)
    })
  const change = (index: number, part: Partial<Chosen>) =>
    setChosen(chosen.map((one, i) => (i === index ? { ...one, ...part } : one)))
  return (
    <>
      <header className={page.header}>
        <a className={page.crumb} href={href('connections')}>
          {texts.title} /
        </a>
        <h1>{labels.title}</h1>
        <span className={page.spacer} />
        {found.length > 0 && (
          <Button look="primary" disabled={picks.length === 0 || form.isBusy} onClick={() => void add()}>
            {labels.add(picks.length)}
          </Button>
        )}
      </header>
      <div className={page.scroll}>
        <section
          aria-label={labels.title}
          className={css.drop}
          data-over={isOver}
          onDragOver={(event) => {
            event.preventDefault()
            setOver(true)
          }}
          onDragLeave={() => setOver(false)}
          onDrop={(event) => {
            event.preventDefault()
            setOver(false)
            void attempt(() => take(event.dataTransfer.files[0]))
          }}
        >
          <p className={css.note}>{labels.about}</p>
          <FileField
            label={labels.file}
            accept=".properties,.conf,.cfg,.ini,.yaml,.yml,.txt"
            onFile={(file) => void attempt(() => take(file))}
          />
          <Labelled label={labels.text}>
            <Area rows={8} value={text} onChange={(event) => setText(event.target.value)} />
          </Labelled>
          <div>
            <Button disabled={text.trim() === '' || form.isBusy} onClick={() => void read(text, fileName)}>
              {labels.read}
            </Button>
          </div>
        </section>
        {form.problem !== null && <Problem text={form.problem} />}
        {found.length > 0 && <h2 className={css.section}>{labels.found(found.length)}</h2>}
        {found.map((one, i) => (
          <section key={i} aria-label={one.name}>
            <div className={css.found}>
              <input
                type="checkbox"
                aria-label={labels.choose(one.name)}
                checked={chosen[i]?.isChosen ?? false}
                onChange={(event) => change(i, { isChosen: event.target.checked })}
              />
              <Field
                aria-label={texts.form.name}
                maxLength={100}
                value={chosen[i]?.name ?? ''}
                onChange={(event) => change(i, { name: event.target.value })}
              />
              <span className="quiet">{one.kind}</span>
            </div>
            <ReadSettings rows={one.rows} />
          </section>
        ))}
        {found.length > 0 && <p className={css.note}>{texts.form.secretNotes[view.secretStorage]}</p>}
        {found.length > 0 && view.secretStorage === 'builtInPassword' && (
          <label>
            <input type="checkbox" checked={storesSecrets} onChange={(event) => setStores(event.target.checked)} />{' '}
            {texts.form.store}
          </label>
        )}
      </div>
    </>
  )
}

function ReadSettings({ rows }: { readonly rows: readonly ReadSetting[] }) {
  return (
    <table className={css.table}>
      <thead>
        <tr>
          <th>{labels.columns.given}</th>
          <th>{labels.columns.readAs}</th>
          <th>{labels.columns.value}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ given, readAs, value, note }, i) => (
          <tr key={i}>
            <td>
              <span className="data">{given}</span>
            </td>
            <td>
              {readAs.length > 0 ? (
                <span className="data">{readAs.join(', ')}</span>
              ) : (
                <span className={note === null ? css.bad : 'quiet'}>
                  {note === null ? `✕ ${labels.notUnderstood}` : labels.notRead}
                </span>
              )}
            </td>
            <td>
              {value !== null && <span className="data">{value}</span>}
              {value === null && readAs.length === 1 && <span className="quiet">{labels.secret}</span>}
              {note !== null && <span className="quiet"> {note}</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
