import { type ReactNode, useMemo, useState } from 'react'
import { bytes, compact, integer } from '../../format/numbers'
import { ago, span } from '../../format/time'
import { Button } from '../../parts/Button'
import { Empty } from '../../parts/Empty'
import { ListHeader } from '../../parts/ListHeader'
import { Spark } from '../../parts/Spark'
import { type Column, Table } from '../../parts/Table'
import { useFeed } from '../../stores/feed'
import { go, useRoute } from '../../stores/route'
import page from '../pages.module.css'
import { ClientPane } from './ClientPane'
import { type ClientGroup, clientGroups } from './client-groups'
import css from './clients.module.css'
import { texts } from './texts'

/** Disconnected clients stay in the list for a while, behind the connected ones and in quiet ink. */
const dimmed = (client: ClientGroup, content: ReactNode) =>
  client.leftAt === null ? content : <span className={css.left}>{content}</span>

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
    width: 'minmax(100px, 1.5fr)',
    cell: (client) => (
      <>
        {dimmed(client, client.clientId || <span className="quiet">{texts.noClientId}</span>)}
        {isThrottled(client) && (
          <span className={css.throttled} title={texts.throttledTitle(span(client.throttle?.pauseMs ?? 0))}>
            {texts.throttled}
          </span>
        )}
      </>
    ),
    sort: ({ clientId }) => clientId,
  },
  {
    id: 'role',
    title: texts.columns.role,
    width: 'minmax(76px, 1fr)',
    cell: (client) => dimmed(client, client.roles.join(', ')),
    sort: ({ roles }) => roles.join(),
  },
  {
    id: 'groups',
    title: texts.columns.groups,
    width: 'minmax(64px, 1fr)',
    cell: (client) => dimmed(client, client.groups.join(', ')),
    sort: ({ groups }) => groups.join(),
  },
  {
    id: 'library',
    title: texts.columns.library,
    width: 'minmax(80px, 1.4fr)',
    cell: (client) =>
      dimmed(client, client.software.join(', ') || <span className="quiet">{texts.unknownLibrary}</span>),
    sort: ({ software }) => software.join(),
  },
  {
    id: 'connections',
    title: texts.columns.connections,
    width: '76px',
    numeric: true,
    cell: (client) => dimmed(client, integer(client.open)),
    sort: ({ open }) => open,
  },
  {
    id: 'requests',
    title: texts.columns.requests,
    width: '60px',
    numeric: true,
    cell: ({ requestsPerSecond }) => (requestsPerSecond >= 0.1 ? `${compact(requestsPerSecond)}/s` : ''),
    sort: ({ requestsPerSecond }) => requestsPerSecond,
  },
  {
    id: 'in',
    title: texts.columns.sends,
    width: '66px',
    numeric: true,
    cell: ({ inBytesPerSecond }) => rate(inBytesPerSecond),
    sort: ({ inBytesPerSecond }) => inBytesPerSecond,
  },
  {
    id: 'out',
    title: texts.columns.receives,
    width: '66px',
    numeric: true,
    cell: ({ outBytesPerSecond }) => rate(outBytesPerSecond),
    sort: ({ outBytesPerSecond }) => outBytesPerSecond,
  },
  {
    id: 'traffic',
    title: texts.columns.lastMinute,
    width: '56px',
    cell: ({ traffic }) =>
      traffic.some((value) => value > 0) && (
        <span className={css.spark}>
          <Spark values={traffic} width={72} label={texts.traffic} />
        </span>
      ),
  },
  {
    id: 'topics',
    title: texts.columns.topics,
    width: 'minmax(76px, 1.4fr)',
    cell: (client) =>
      dimmed(
        client,
        [...client.writes.map((topic) => `→ ${topic}`), ...client.reads.map((topic) => `← ${topic}`)].join(', '),
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
    width: 'minmax(64px, 1.4fr)',
    cell: ({ lastError }) =>
      lastError && (
        <span className={lastError.isRoutine ? 'quiet' : css.problem}>
          {lastError.isRoutine ? '' : '✕ '}
          {lastError.error || lastError.text}
        </span>
      ),
    sort: ({ lastError }) => lastError?.error ?? '',
  },
]

/** Columns beside the pane, which shows the rest. */
const narrow = columns.filter(({ id }) => ['client', 'role', 'connections', 'since', 'error'].includes(id))

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
  ]
    .join(' ')
    .toLowerCase()
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
  const [find, setFind] = useState('')
  const groups = useMemo(() => clientGroups(clients ?? []), [clients])
  const rows = groups.filter((client) => searchTextOf(client).includes(find.toLowerCase()))
  const chosen = clientOf(groups, subject)
  const connected = groups.filter(({ open }) => open > 0)
  const connections = connected.reduce((sum, { open }) => sum + open, 0)
  return (
    <>
      <ListHeader
        title={texts.title}
        find={{ label: texts.find, placeholder: texts.findPlaceholder, value: find, onChange: setFind }}
      >
        <span className="quiet">{texts.summary(connected.length, connections, groups.length - connected.length)}</span>
      </ListHeader>
      <div className={page.split}>
        <Table
          label={texts.title}
          rows={rows}
          columns={chosen ? narrow : columns}
          rowKey={({ clientId }) => clientId}
          selected={chosen?.clientId ?? null}
          onSelect={({ clientId }) => go('clients', clientId || '-')}
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
            onConnection={(id) => go('clients', chosen.clientId || '-', id === null ? null : String(id))}
            onClose={() => go('clients')}
          />
        )}
      </div>
    </>
  )
}
