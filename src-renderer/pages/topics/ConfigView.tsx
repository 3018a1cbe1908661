import { X } from 'lucide-react'
import { type FormEvent, useEffect, useMemo, useState } from 'react'
import type { ConfigLine } from '../../../src-main/contract/topics'
import { wordsOf } from '../../format/find'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Problem } from '../../parts/Dialog'
import { Empty } from '../../parts/Empty'
import { Choice, Field } from '../../parts/Field'
import { Found } from '../../parts/Found'
import { ListFind } from '../../parts/ListHeader'
import { type Column, Table } from '../../parts/Table'
import { messageOf, useFormAction } from '../../parts/useFormAction'
import { change } from '../../stores/can'
import { notifyUndoable } from '../../stores/notices'
import { useFind, useQueryFlag } from '../../stores/query-field'
import { shared } from '../../texts'
import page from '../pages.module.css'
import { ConfigHint } from './ConfigHint'
import { excerpt, foundConfigs } from './config-search'
import { configMeaning, readConfig } from './config-values'
import { texts } from './texts'
import css from './topics.module.css'

const sourceOf = ({ source }: ConfigLine) => texts.config.sources[source] ?? source

/** @param words of the search: they are marked, and the description is a column too */
const columnsFor = (words: readonly string[]): readonly Column<ConfigLine>[] => [
  {
    id: 'name',
    title: texts.config.columns.config,
    width: 'minmax(200px, 2fr)',
    cell: ({ name, isDefault }) => {
      const text = <Found text={name} words={words} />
      return isDefault ? text : <b>{text}</b>
    },
    sort: ({ name }) => name,
  },
  {
    id: 'value',
    title: texts.config.columns.value,
    width: 'minmax(160px, 2fr)',
    cell: ({ name, value }) => {
      const meaning = configMeaning(name, value)
      return (
        <>
          <code>{value === null ? '–' : <Found text={value} words={words} />}</code>
          {meaning !== null && (
            <span className="quiet">
              {' '}
              <Found text={meaning} words={words} />
            </span>
          )}
        </>
      )
    },
  },
  ...(words.length === 0 ? [] : [descriptionColumn(words)]),
  {
    id: 'source',
    title: texts.config.columns.source,
    // As wide as the longest of them.
    width: 'minmax(142px, 1fr)',
    yields: 2,
    cell: (line) => <span className="quiet">{sourceOf(line)}</span>,
    sort: sourceOf,
  },
  {
    id: 'type',
    title: texts.config.columns.type,
    width: '80px',
    yields: 3,
    cell: ({ type }) => <span className="quiet">{type}</span>,
  },
]

function descriptionColumn(words: readonly string[]): Column<ConfigLine> {
  return {
    id: 'description',
    title: texts.config.columns.description,
    width: 'minmax(190px, 3fr)',
    // The open config has it in full.
    yields: 1,
    cell: ({ documentation }) => (
      <span className="quiet">
        <Found text={excerpt(documentation ?? '', words)} words={words} />
      </span>
    ),
  }
}

/** All configs of a topic, with the value in force, where it comes from, and a form to change it. */
export function ConfigView({ topic }: { readonly topic: string }) {
  const [configs, setConfigs] = useState<readonly ConfigLine[] | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [selected, setSelected] = useState<string | null>(null)
  const [find] = useFind()
  const words = useMemo(() => wordsOf(find), [find])
  const [isChangedOnly, setChangedOnly] = useQueryFlag('changed')
  const load = () =>
    ask('topic.configs', { topic }).then(
      (next) => {
        setConfigs(next)
        setProblem(null)
      },
      (error: unknown) => setProblem(messageOf(error)),
    )
  useEffect(() => void load(), [topic])
  const rows = useMemo(
    () => foundConfigs(configs ?? [], words).filter(({ isDefault }) => !isChangedOnly || !isDefault),
    [configs, words, isChangedOnly],
  )
  const columns = useMemo(() => columnsFor(words), [words])
  const chosen = configs?.find(({ name }) => name === selected)
  return (
    <>
      <div className={page.bar}>
        <ListFind label={texts.config.find} placeholder={texts.config.findPlaceholder} />
        <label className="quiet">
          <input type="checkbox" checked={isChangedOnly} onChange={(event) => setChangedOnly(event.target.checked)} />{' '}
          {texts.config.changedOnly}
        </label>
      </div>
      <div className={page.split}>
        <Table
          label={texts.config.title}
          list="topicConfigs"
          keepsOrder
          rows={rows}
          columns={columns}
          rowKey={({ name }) => name}
          selected={selected}
          onSelect={({ name }) => setSelected(name)}
          empty={<Empty>{problem ?? (configs ? texts.config.noMatch : texts.config.loading)}</Empty>}
        />
        {chosen && (
          <ConfigPane
            key={chosen.name}
            topic={topic}
            line={chosen}
            words={words}
            onChanged={() => void load()}
            onClose={() => setSelected(null)}
          />
        )}
      </div>
    </>
  )
}

interface PaneProps {
  readonly topic: string
  readonly line: ConfigLine
  /** Marked in the description. */
  readonly words: readonly string[]
  readonly onChanged: () => void
  readonly onClose: () => void
}

function ConfigPane({ topic, line, words, onChanged, onClose }: PaneProps) {
  const { name, documentation, source, type } = line
  const [value, setValue] = useState(line.value ?? '')
  const form = useFormAction()
  const hasOwn = source === 'DYNAMIC_TOPIC_CONFIG'
  const set = async (next: string | null) => {
    const alter = async (to: string | null) => {
      await change('topic.alter', { topic, config: name, value: to })
      onChanged()
    }
    if (!(await form.run(() => alter(next)))) return
    notifyUndoable(texts.config.isSet(name, next), () => alter(hasOwn ? line.value : null))
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void set(read.taken)
  }
  const read = readConfig(name, type, value)
  const wrong = value === (line.value ?? '') ? null : read.wrong
  return (
    <aside className={page.pane} aria-label={name}>
      <div className={page.paneHead}>
        <h2>{name}</h2>
        <Button look="plain" aria-label={shared.close} onClick={onClose}>
          <X size={14} />
        </Button>
      </div>
      <p className="quiet">{sourceOf(line)}</p>
      {documentation && (
        <p className={css.documentation}>
          <Found text={documentation} words={words} />
        </p>
      )}
      <form className={css.setter} onSubmit={submit}>
        {type === 'boolean' ? (
          <Choice aria-label={texts.config.value} value={value} onChange={(event) => setValue(event.target.value)}>
            <option>true</option>
            <option>false</option>
          </Choice>
        ) : (
          <Field
            aria-label={texts.config.value}
            aria-invalid={form.problem !== null || wrong !== null}
            value={value}
            onChange={(event) => setValue(event.target.value)}
          />
        )}
        <Button look="primary" type="submit" needs="topic.alter" disabled={form.isBusy || wrong !== null}>
          {texts.config.set}
        </Button>
        {hasOwn && (
          <Button needs="topic.alter" disabled={form.isBusy} onClick={() => void set(null)}>
            {texts.config.reset}
          </Button>
        )}
      </form>
      <ConfigHint read={{ ...read, wrong }} />
      {form.problem !== null && <Problem text={form.problem} />}
    </aside>
  )
}
