import { type ReactNode, useState } from 'react'
import type { ClientLine } from '../../../src-main/contract/workspace'
import { bytes, compact, counted, integer } from '../../format/numbers'
import { ago } from '../../format/time'
import { Empty } from '../../parts/Empty'
import { Field } from '../../parts/Field'
import { Spark } from '../../parts/Spark'
import { type Column, Table } from '../../parts/Table'
import { useFeed } from '../../stores/feed'
import { go, useRoute } from '../../stores/route'
import page from '../pages.module.css'
import { ClientPane } from './ClientPane'
import css from './clients.module.css'

/** Who has left is there to be looked at, behind those who are here. */
const dimmed = (client: ClientLine, content: ReactNode) =>
  client.leftAt === null ? content : <span className={css.left}>{content}</span>

const rate = (value: number) => (value >= 1 ? `${bytes(Math.round(value))}/s` : '')

const columns: readonly Column<ClientLine>[] = [
  {
    id: 'client',
    title: 'Client id',
    width: 'minmax(96px, 1.5fr)',
    cell: (client) => dimmed(client, client.clientId || <span className="quiet">no client id</span>),
    sort: ({ clientId }) => clientId,
  },
  {
    id: 'software',
    title: 'Library',
    width: 'minmax(88px, 1.5fr)',
    cell: (client) => dimmed(client, client.software || <span className="quiet">did not say</span>),
    sort: ({ software }) => software,
  },
  {
    id: 'address',
    title: 'Address',
    width: '132px',
    cell: (client) => dimmed(client, <span className="data">{client.address}</span>),
    sort: ({ address }) => address,
  },
  {
    id: 'requests',
    title: 'Requests',
    width: '64px',
    numeric: true,
    cell: ({ requestsPerSecond }) => (requestsPerSecond >= 0.1 ? `${compact(requestsPerSecond)}/s` : ''),
    sort: ({ requestsPerSecond }) => requestsPerSecond,
  },
  {
    id: 'in',
    title: 'Sends',
    width: '74px',
    numeric: true,
    cell: ({ inBytesPerSecond }) => rate(inBytesPerSecond),
    sort: ({ inBytesPerSecond }) => inBytesPerSecond,
  },
  {
    id: 'out',
    title: 'Receives',
    width: '74px',
    numeric: true,
    cell: ({ outBytesPerSecond }) => rate(outBytesPerSecond),
    sort: ({ outBytesPerSecond }) => outBytesPerSecond,
  },
  {
    id: 'traffic',
    title: 'Last minute',
    width: '72px',
    cell: ({ traffic }) =>
      traffic.some((value) => value > 0) && (
        <span className={css.spark}>
          <Spark values={traffic} width={72} label="Traffic of the last minute" />
        </span>
      ),
  },
  {
    id: 'topics',
    title: 'Topics',
    width: 'minmax(90px, 1.4fr)',
    cell: (client) =>
      dimmed(
        client,
        [...client.writes.map((topic) => `→ ${topic}`), ...client.reads.map((topic) => `← ${topic}`)].join(', '),
      ),
  },
  {
    id: 'since',
    title: 'Connected',
    width: '104px',
    numeric: true,
    cell: (client) =>
      client.leftAt === null
        ? ago(client.connectedAt, Date.now())
        : dimmed(client, `left ${ago(client.leftAt, Date.now())}`),
    sort: ({ connectedAt, leftAt }) => leftAt ?? Number.MAX_SAFE_INTEGER - connectedAt,
  },
  {
    id: 'error',
    title: 'Last error',
    width: 'minmax(80px, 1.4fr)',
    cell: ({ lastError }) =>
      lastError && (
        <span style={{ color: lastError.isRoutine ? 'var(--quiet)' : 'var(--bad)' }}>
          {lastError.error || lastError.text}
        </span>
      ),
    sort: ({ lastError }) => lastError?.error ?? '',
  },
]

/** What is shown beside the pane, which has the rest. */
const narrow = columns.filter(({ id }) => ['client', 'address', 'in', 'out', 'since', 'error'].includes(id))

/** Everything of a client that somebody may look for. */
function wordsOf(client: ClientLine): string {
  const { clientId, software, address, principal, listener, writes, reads, lastError } = client
  return [clientId, software, address, principal, listener, ...writes, ...reads, lastError?.error, lastError?.text]
    .join(' ')
    .toLowerCase()
}

export function ClientsPage() {
  const { value: clients } = useFeed('clients', undefined)
  const { subject: selected } = useRoute()
  const [find, setFind] = useState('')
  const all = clients ?? []
  const rows = all.filter((client) => wordsOf(client).includes(find.toLowerCase()))
  const chosen = all.find(({ connectionId }) => String(connectionId) === selected)
  const here = all.filter(({ leftAt }) => leftAt === null).length
  return (
    <>
      <header className={page.header}>
        <h1>Clients</h1>
        <Field
          type="search"
          placeholder="Client, topic, error"
          aria-label="Find a client"
          value={find}
          onChange={(event) => setFind(event.target.value)}
        />
        <span className="quiet">
          {counted(here, 'connection')}
          {all.length > here && `, ${integer(all.length - here)} left lately`}
        </span>
      </header>
      <div className={page.split}>
        <Table
          label="Clients"
          rows={rows}
          columns={chosen ? narrow : columns}
          rowKey={({ connectionId }) => String(connectionId)}
          selected={selected}
          onSelect={({ connectionId }) => go('clients', String(connectionId))}
          empty={
            clients && (
              <Empty>
                {clients.length === 0
                  ? 'No client is connected. Home says how to connect one.'
                  : 'No client is like this.'}
              </Empty>
            )
          }
        />
        {chosen && <ClientPane client={chosen} onClose={() => go('clients')} />}
      </div>
    </>
  )
}
