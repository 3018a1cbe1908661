import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { ConnectionLine, ConnectionsView } from '../../../src-main/contract/connections'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { ContextMenu } from '../../parts/ContextMenu'
import { Problem } from '../../parts/Dialog'
import { Empty } from '../../parts/Empty'
import { ListHeader } from '../../parts/ListHeader'
import { type Column, Table } from '../../parts/Table'
import type { Point } from '../../parts/table-props'
import { useFeed } from '../../stores/feed'
import { attempt } from '../../stores/notices'
import { useMatcher } from '../../stores/query-field'
import { go, useRoute } from '../../stores/route'
import { shared } from '../../texts'
import { ComparePage } from '../compare/ComparePage'
import { compareSubject, viewOf, viewQuery } from '../compare/compared'
import page from '../pages.module.css'
import { DeleteConnection, duplicate, OpenElsewhere, Swatch } from './actions'
import { ConnectionPage } from './ConnectionPage'
import css from './connections.module.css'
import { importSubject, newSubject } from './draft'
import { ImportPage } from './ImportPage'
import { texts } from './texts'

export function ConnectionsPage() {
  const { subject } = useRoute()
  const { value: view } = useFeed('connections', undefined)
  if (!view) return null
  if (subject === compareSubject) return <ComparePage view={view} />
  if (subject === importSubject) return <ImportPage view={view} />
  return subject === null ? <List view={view} /> : <ConnectionPage key={subject} view={view} subject={subject} />
}

const columnsOf = (onOpen: (line: ConnectionLine) => void): readonly Column<ConnectionLine>[] => [
  {
    id: 'name',
    title: texts.columns.name,
    width: 'minmax(130px, 2fr)',
    cell: ({ name, color }) => (
      <>
        <Swatch color={color} />
        {name}
      </>
    ),
    sort: ({ name }) => name,
  },
  {
    id: 'stage',
    title: texts.columns.stage,
    width: '100px',
    cell: ({ stage }) => stage && texts.stages[stage],
    sort: ({ stage }) => stage ?? '',
  },
  {
    id: 'servers',
    title: texts.columns.servers,
    width: 'minmax(160px, 3fr)',
    cell: ({ settings }) => <span className="data">{settings['bootstrap.servers']}</span>,
    sort: ({ settings }) => settings['bootstrap.servers'] ?? '',
  },
  {
    id: 'security',
    title: texts.columns.security,
    width: '200px',
    cell: ({ settings }) =>
      [settings['security.protocol'] ?? 'PLAINTEXT', settings['sasl.mechanism']].filter(Boolean).join(' · '),
    sort: ({ settings }) => settings['security.protocol'] ?? '',
  },
  {
    id: 'secrets',
    yields: 2,
    title: texts.columns.secrets,
    width: '110px',
    cell: ({ secrets }) => <Secrets secrets={secrets} />,
  },
  {
    id: 'cluster',
    yields: 1,
    title: texts.columns.cluster,
    width: 'minmax(120px, 1fr)',
    cell: ({ clusterId }) =>
      clusterId === null ? (
        <span className="quiet">{texts.notConnected}</span>
      ) : (
        <span className="data">{clusterId}</span>
      ),
    sort: ({ clusterId }) => clusterId ?? '',
  },
  {
    id: 'open',
    title: texts.columns.open,
    isTitleHidden: true,
    width: '58px',
    cell: (line) => (
      <Button
        className={css.open}
        tabIndex={-1}
        aria-label={texts.openNamed(line.name)}
        onClick={(event) => {
          event.stopPropagation()
          onOpen(line)
        }}
      >
        {texts.open}
      </Button>
    ),
  },
]

function Secrets({ secrets }: Pick<ConnectionLine, 'secrets'>) {
  const missing = secrets.filter(({ isSet }) => !isSet).map(({ setting }) => setting)
  if (secrets.length === 0) return <span className="quiet">{shared.none}</span>
  if (missing.length === 0) return texts.secretsSet
  return (
    <span className={css.bad} title={missing.join(', ')}>
      ✕ {texts.secretsMissing}
    </span>
  )
}

type Asked =
  | { readonly what: 'delete' | 'open'; readonly line: ConnectionLine }
  | { readonly what: 'menu'; readonly line: ConnectionLine; readonly at: Point }

function List({ view }: { readonly view: ConnectionsView }) {
  const matches = useMatcher()
  const [asked, setAsked] = useState<Asked | null>(null)
  const { connections, opensWindows, problem } = view
  const open = (line: ConnectionLine) => {
    if (opensWindows) void attempt(() => ask('connection.open', { id: line.id, view: null }))
    else setAsked({ what: 'open', line })
  }
  const rows = connections.filter(({ name, settings }) => matches(`${name} ${settings['bootstrap.servers']}`))
  const close = () => setAsked(null)
  return (
    <>
      <ListHeader
        title={texts.title}
        {...(connections.length > 0 && {
          find: { label: texts.find, placeholder: texts.findPlaceholder },
        })}
      >
        <span className={page.spacer} />
        {connections.length > 0 && <Button onClick={() => go('connections', compareSubject)}>{texts.compare}</Button>}
        <Button onClick={() => go('connections', importSubject)}>{texts.import}</Button>
        <Button look="primary" onClick={() => go('connections', newSubject)}>
          <Plus size={14} /> {texts.add}
        </Button>
      </ListHeader>
      {problem !== null && (
        <div className={page.bar}>
          <Problem text={problem} />
        </div>
      )}
      <Table
        label={texts.title}
        list="connections"
        keepsOrder
        rows={rows}
        columns={columnsOf(open)}
        rowKey={({ id }) => id}
        onOpen={({ id }) => go('connections', id)}
        onMenu={(line, at) => setAsked({ what: 'menu', line, at })}
        initialSort={{ id: 'name', descending: false }}
        empty={
          <Empty action={<Button onClick={() => go('connections', newSubject)}>{texts.add}</Button>}>
            {connections.length === 0 ? texts.empty : texts.noMatch}
          </Empty>
        }
      />
      {asked?.what === 'menu' && (
        <ContextMenu
          label={texts.actionsOf(asked.line.name)}
          {...asked.at}
          onClose={() => setAsked((now) => (now === asked ? null : now))}
          items={[
            { label: texts.open, onSelect: () => open(asked.line) },
            {
              label: texts.compare,
              onSelect: () => go('connections', compareSubject, null, viewQuery({ ...viewOf(''), b: asked.line.id })),
            },
            { label: texts.edit, onSelect: () => go('connections', asked.line.id) },
            { label: texts.duplicate, onSelect: () => void duplicate(asked.line) },
            null,
            { label: texts.delete, onSelect: () => setAsked({ what: 'delete', line: asked.line }) },
          ]}
        />
      )}
      {asked?.what === 'delete' && <DeleteConnection line={asked.line} onClose={close} />}
      {asked?.what === 'open' && <OpenElsewhere name={asked.line.name} onClose={close} />}
    </>
  )
}
