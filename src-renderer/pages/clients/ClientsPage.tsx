import { Fragment, type ReactNode, useMemo } from 'react'
import { bytes, integer } from '../../format/numbers'
import { ago, span } from '../../format/time'
import { Button } from '../../parts/Button'
import { Empty } from '../../parts/Empty'
import { ListHeader } from '../../parts/ListHeader'
import { Spark } from '../../parts/Spark'
import { type Column, Table } from '../../parts/Table'
import { useFeed } from '../../stores/feed'
import { useMatcher } from '../../stores/query-field'
import { go, goBeside, href, useRoute } from '../../stores/route'
import page from '../pages.module.css'
import { ClientPane } from './ClientPane'
import { type ClientGroup, clientGroups } from './client-groups'
import css from './clients.module.css'
import { texts } from './texts'

/** Disconnected clients stay in the list for a while, behind the connected ones and in quiet ink. */
const dimmed = (client: ClientGroup, content: ReactNode) =>
  client.leftAt === null ? content : <span className={css.left}>{content}</span>

/** A text that may be longer than its column: the pointer shows all of it. */
const titled = (client: ClientGroup, text: string) => <span title={text}>{dimmed(client, text)}</span>

function topicsOf({ writes, reads }: ClientGroup): string {
  return [...writes.map((topic) => `→ ${topic}`), ...reads.map((topic) => `← ${topic}`)].join(', ')
}

/** What a client does, and the groups that it does it in. */
function Role({ client }: { readonly client: ClientGroup }) {
  const { roles, groups } = client
  const role = roles.join(', ')
  return (
    <span title={[role, ...groups].filter(Boolean).join(' · ')}>
      {dimmed(client, role)}
      {groups.map((groupId) => (
        <Fragment key={groupId}>
          <span className="quiet"> · </span>
          <a className={page.nameLink} href={href('groups', groupId)} tabIndex={-1}>
            {dimmed(client, groupId)}
          </a>
        </Fragment>
      ))}
    </span>
  )
}

const rate = (value: number) => (value >= 1 ? `${bytes(Math.round(value))}/s` : '')

/** A pause by a quota counts as present for so long: a throttled client asks again after it. */
const throttledMs = 10_000

function isThrottled({ throttle, leftAt }: ClientGroup): boolean {
  return leftAt === null && throttle !== null && Date.now() - throttle.at < throttledMs + throttle.pauseMs
}

const columns: readonly Column<ClientGroup>[] = [
  {
    id: 'client',
    title: texts.columns.client,
    width: 'minmax(120px, 1.9fr)',
    cell: (client) => (
      <span title={client.clientId}>
        {dimmed(client, client.clientId || <span className="quiet">{texts.noClientId}</span>)}
        {isThrottled(client) && (
          <span className={css.throttled} title={texts.throttledTitle(span(client.throttle?.pauseMs ?? 0))}>
            {texts.throttled}
          </span>
        )}
      </span>
    ),
    sort: ({ clientId }) => clientId,
  },
  {
    id: 'role',
    title: texts.columns.role,
    width: 'minmax(164px, 1.9fr)',
    cell: (client) => <Role client={client} />,
    sort: ({ roles, groups }) => `${roles.join()} ${groups.join()}`,
  },
  {
    id: 'topics',
    title: texts.columns.topics,
    width: 'minmax(92px, 1.5fr)',
    yields: 1,
    cell: (client) => titled(client, topicsOf(client)),
  },
  {
    id: 'library',
    title: texts.columns.library,
    // `apache-kafka-java 4.4.0`
    width: 'minmax(152px, 0.9fr)',
    yields: 2,
    cell: (client) =>
      client.software.length > 0 ? (
        titled(client, client.software.join(', '))
      ) : (
        <span className="quiet">{texts.unknownLibrary}</span>
      ),
    sort: ({ software }) => software.join(),
  },
  {
    id: 'connections',
    title: texts.columns.connections,
    width: '76px',
    numeric: true,
    yields: 6,
    cell: (client) => dimmed(client, integer(client.open)),
    sort: ({ open }) => open,
  },
  {
    id: 'in',
    title: texts.columns.sends,
    width: '66px',
    numeric: true,
    yields: 3,
    cell: ({ inBytesPerSecond }) => rate(inBytesPerSecond),
    sort: ({ inBytesPerSecond }) => inBytesPerSecond,
  },
  {
    id: 'out',
    title: texts.columns.receives,
    width: '66px',
    numeric: true,
    yields: 4,
    cell: ({ outBytesPerSecond }) => rate(outBytesPerSecond),
    sort: ({ outBytesPerSecond }) => outBytesPerSecond,
  },
  {
    id: 'traffic',
    title: texts.columns.lastMinute,
    width: '72px',
    yields: 5,
    cell: ({ traffic }) =>
      traffic.some((value) => value > 0) && (
        <span className={css.spark}>
          <Spark values={traffic} width={72} label={texts.traffic} />
        </span>
      ),
  },
  {
    id: 'since',
    title: texts.columns.connected,
    width: '108px',
    numeric: true,
    cell: (client) =>
      client.leftAt === null
        ? ago(client.connectedAt ?? 0, Date.now())
        : dimmed(client, texts.until(ago(client.leftAt, Date.now()))),
    sort: ({ connectedAt, leftAt }) => leftAt ?? Number.MAX_SAFE_INTEGER - (connectedAt ?? 0),
  },
  {
    id: 'error',
    title: texts.columns.lastError,
    width: 'minmax(90px, 1.5fr)',
    cell: ({ lastError }) =>
      lastError && (
        <span className={lastError.isRoutine ? 'quiet' : css.problem} title={lastError.text}>
          {lastError.isRoutine ? '' : '✕ '}
          {lastError.error || lastError.text}
        </span>
      ),
    sort: ({ lastError }) => lastError?.error ?? '',
  },
]

/** How columns give way there: the table is half as wide. */
const besidePane: Readonly<Record<string, Partial<Column<ClientGroup>>>> = {
  role: { width: 'minmax(130px, 1.9fr)' },
  since: { yields: 5 },
}

/** Columns beside the pane, which shows the rest. */
const narrow = columns
  .filter(({ id }) => ['client', 'role', 'connections', 'since', 'error'].includes(id))
  .map((column) => ({ ...column, ...besidePane[column.id] }))

/** Everything of a client that a search can find. */
function searchTextOf(client: ClientGroup): string {
  const lines = client.connections.flatMap(({ address, principal, listener, lastError }) => [
    address,
    principal,
    listener,
    lastError?.error ?? '',
    lastError?.text ?? '',
  ])
  return [
    client.clientId,
    ...client.software,
    ...client.roles,
    ...client.groups,
    ...client.writes,
    ...client.reads,
    ...lines,
  ].join(' ')
}

/** A client by its id; or the client of a connection, as links of Home name it. */
function clientOf(groups: readonly ClientGroup[], subject: string | null): ClientGroup | undefined {
  if (subject === null) return undefined
  return (
    groups.find(({ clientId }) => (clientId || '-') === subject) ??
    groups.find(({ connections }) => connections.some(({ connectionId }) => String(connectionId) === subject))
  )
}

/** One row per client id; its connections are in the pane. */
export function ClientsPage() {
  const { value: clients } = useFeed('clients', undefined)
  const { subject, tab } = useRoute()
  const matches = useMatcher()
  const groups = useMemo(() => clientGroups(clients ?? []), [clients])
  const rows = groups.filter((client) => matches(searchTextOf(client)))
  const chosen = clientOf(groups, subject)
  const connected = groups.filter(({ open }) => open > 0)
  const connections = connected.reduce((sum, { open }) => sum + open, 0)
  return (
    <>
      <ListHeader title={texts.title} find={{ label: texts.find, placeholder: texts.findPlaceholder }}>
        <span className="quiet">{texts.summary(connected.length, connections, groups.length - connected.length)}</span>
      </ListHeader>
      <div className={page.split}>
        <Table
          label={texts.title}
          list="clients"
          keepsOrder
          rows={rows}
          columns={chosen ? narrow : columns}
          rowKey={({ clientId }) => clientId}
          selected={chosen?.clientId ?? null}
          onSelect={({ clientId }) => goBeside('clients', clientId || '-')}
          empty={
            clients &&
            (clients.length === 0 ? (
              <Empty action={<Button onClick={() => go('home')}>{texts.connect}</Button>}>{texts.empty}</Empty>
            ) : (
              <Empty>{texts.noMatch}</Empty>
            ))
          }
        />
        {chosen && (
          <ClientPane
            client={chosen}
            connectionId={Number(tab ?? subject)}
            onConnection={(id) => goBeside('clients', chosen.clientId || '-', id === null ? null : String(id))}
            onClose={() => goBeside('clients')}
          />
        )}
      </div>
    </>
  )
}
