import { useMemo, useState } from 'react'
import type { SchemaReference, SubjectLine } from '../../../src-main/contract/schemas'
import { integer } from '../../format/numbers'
import { ago } from '../../format/time'
import { Button } from '../../parts/Button'
import { Dialog } from '../../parts/Dialog'
import { Empty } from '../../parts/Empty'
import { Choice, Labelled } from '../../parts/Field'
import { ListHeader } from '../../parts/ListHeader'
import { type Column, Table } from '../../parts/Table'
import { change, useCan } from '../../stores/can'
import { discardDrafts } from '../../stores/drafts'
import { useFeed } from '../../stores/feed'
import { attempt } from '../../stores/notices'
import { useMatcher, useQueryField, useQueryFlag } from '../../stores/query-field'
import { go, useRoute } from '../../stores/route'
import { useSubjects } from '../../stores/subjects'
import { shared } from '../../texts'
import page from '../pages.module.css'
import { DecodingRegistry } from './DecodingRegistry'
import { DraftForm } from './DraftForm'
import { Infer } from './Infer'
import { SubjectPage } from './SubjectPage'
import { texts } from './texts'

const columns: readonly Column<SubjectLine>[] = [
  {
    id: 'subject',
    title: texts.columns.subject,
    width: 'minmax(150px, 3fr)',
    cell: ({ subject }) => <span title={subject}>{subject}</span>,
    sort: ({ subject }) => subject,
  },
  {
    id: 'type',
    title: texts.columns.type,
    width: '100px',
    cell: ({ type }) => texts.typeNames[type] ?? type,
    sort: ({ type }) => type,
  },
  {
    id: 'versions',
    title: texts.columns.versions,
    width: '72px',
    numeric: true,
    cell: ({ versions }) => (versions === 0 ? <span className="quiet">{texts.allDeleted}</span> : integer(versions)),
    sort: ({ versions }) => versions,
  },
  {
    id: 'id',
    title: texts.columns.id,
    width: '76px',
    numeric: true,
    cell: ({ latestId }) => latestId,
    sort: ({ latestId }) => latestId,
  },
  {
    id: 'level',
    title: texts.columns.level,
    width: '182px',
    cell: ({ level, hasOwnLevel }) => (
      <span className={hasOwnLevel ? undefined : 'quiet'} title={hasOwnLevel ? texts.own : undefined}>
        {level}
      </span>
    ),
    sort: ({ level }) => level,
  },
  { id: 'mode', title: texts.columns.mode, width: '110px', cell: ({ mode }) => mode, sort: ({ mode }) => mode },
  {
    id: 'registered',
    title: texts.columns.registered,
    width: '92px',
    numeric: true,
    cell: ({ registeredAt }) => (registeredAt < 0 ? '' : ago(registeredAt, Date.now())),
    sort: ({ registeredAt }) => registeredAt,
  },
]

const noLines: readonly SubjectLine[] = []

/** The mode has a column where it says something. */
const usualMode = 'READWRITE'
const withoutMode = columns.filter(({ id }) => id !== 'mode')

export function SchemasPage() {
  const { subject } = useRoute()
  const can = useCan('schemas')
  if (can !== true) return <Elsewhere why={can} />
  return subject === null ? <Subjects /> : <SubjectPage key={subject} subject={subject} />
}

/** A cluster without a registry of ours: one can be chosen for reading its messages. */
function Elsewhere({ why }: { readonly why: string }) {
  return (
    <>
      <header className={page.header}>
        <h1>{texts.title}</h1>
      </header>
      <Empty action={<DecodingRegistry hasOwn={false} />}>{why}</Empty>
    </>
  )
}

function Subjects() {
  const subjects = useSubjects()
  const { value: status } = useFeed('workspace', undefined)
  const matches = useMatcher()
  const [type, setType] = useQueryField('type')
  const [withDeleted, setWithDeleted] = useQueryFlag('deleted')
  const [isOpen, setOpen] = useState(false)
  const all = subjects?.lines ?? noLines
  const rows = useMemo(() => {
    return all.filter(
      (line) =>
        (withDeleted || line.versions > 0) &&
        (type === '' || line.type === type) &&
        matches(`${line.subject} ${line.latestId} ${texts.typeNames[line.type] ?? ''}`),
    )
  }, [all, matches, type, withDeleted])
  const live = subjects?.names.length ?? 0
  const register = (
    <Button look="primary" needs="schema.register" onClick={() => setOpen(true)}>
      {texts.register}
    </Button>
  )
  return (
    <>
      <ListHeader
        title={texts.title}
        find={all.length === 0 ? undefined : { label: texts.find, placeholder: texts.findPlaceholder }}
      >
        {all.length > 0 && (
          <Choice aria-label={texts.type} value={type} onChange={(event) => setType(event.target.value)}>
            {texts.types.map(([id, text]) => (
              <option key={id} value={id}>
                {text}
              </option>
            ))}
          </Choice>
        )}
        {subjects?.isComplete && (
          <span className="quiet">
            {texts.summary(
              live,
              all.reduce((sum, { versions }) => sum + versions, 0),
            )}
          </span>
        )}
        <span className={page.spacer} />
        {all.length > 0 && register}
      </ListHeader>
      <div className={page.bar}>
        {subjects && <GlobalLevel level={subjects.level} />}
        <DecodingRegistry hasOwn />
        {all.length > live && (
          <label>
            <input type="checkbox" checked={withDeleted} onChange={(event) => setWithDeleted(event.target.checked)} />{' '}
            {texts.deleted}
          </label>
        )}
      </div>
      <Table
        label={texts.title}
        list="schemas"
        keepsOrder
        rows={rows}
        columns={all.some(({ mode }) => mode !== usualMode) ? columns : withoutMode}
        rowKey={(line) => line.subject}
        onOpen={(line) => go('schemas', line.subject)}
        empty={
          subjects &&
          (all.length === 0 ? (
            <Empty action={register}>{texts.empty(status?.registryUrl ?? null)}</Empty>
          ) : (
            <Empty>{texts.noMatch}</Empty>
          ))
        }
      />
      {isOpen && <RegisterDialog onClose={() => setOpen(false)} />}
    </>
  )
}

/** The level of all subjects that have none of their own. */
function GlobalLevel({ level }: { readonly level: string }) {
  return (
    <label title={texts.levelHints[level]}>
      <span className="quiet">{texts.levelOfEach}</span>{' '}
      <Choice
        value={level}
        needs="schema.level"
        onChange={(event) => void attempt(() => change('schema.level', { subject: null, level: event.target.value }))}
      >
        {texts.levels.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </Choice>
    </label>
  )
}

const newSchema = 'new schema'
const noReferences: readonly SchemaReference[] = []

function RegisterDialog({ onClose }: { readonly onClose: () => void }) {
  const { value: topics } = useFeed('topics.names', undefined)
  const [topic, setTopic] = useState<string | null>(null)
  const [isChanged, setChanged] = useState(false)
  if (topic !== null) return <Infer topic={topic} part="value" onClose={onClose} />
  const choices = (topics ?? []).filter(({ internal }) => !internal)
  return (
    <Dialog
      title={texts.register}
      wide
      hasDraft={isChanged}
      onDiscard={() => discardDrafts(newSchema)}
      onClose={onClose}
      actions={<Button onClick={onClose}>{shared.close}</Button>}
    >
      {choices.length > 0 && (
        <Labelled label={texts.infer.fromTopic}>
          <Choice value="" onChange={(event) => setTopic(event.target.value)}>
            <option value="">{texts.infer.chooseTopic}</option>
            {choices.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </Choice>
        </Labelled>
      )}
      <DraftForm
        subject={null}
        type="AVRO"
        text=""
        references={noReferences}
        draft={newSchema}
        onChanged={setChanged}
        onRegistered={(subject) => {
          onClose()
          go('schemas', subject)
        }}
      />
    </Dialog>
  )
}
