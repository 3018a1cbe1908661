import { useState } from 'react'
import type { ClientLine } from '../../../src-main/contract/workspace'
import { bytes, integer } from '../../format/numbers'
import { ago, clockTime } from '../../format/time'
import { Empty } from '../../parts/Empty'
import { type Column, Table } from '../../parts/Table'
import { useFeed } from '../../stores/feed'
import page from '../pages.module.css'

const columns: readonly Column<ClientLine>[] = [
  {
    id: 'client',
    title: 'Client id',
    width: 'minmax(120px, 2fr)',
    cell: ({ clientId }) => clientId || <span className="quiet">none</span>,
    sort: ({ clientId }) => clientId,
  },
  {
    id: 'software',
    title: 'Library',
    width: 'minmax(140px, 2fr)',
    cell: ({ software }) => software || <span className="quiet">did not say</span>,
    sort: ({ software }) => software,
  },
  {
    id: 'address',
    title: 'Address',
    width: '170px',
    cell: ({ address }) => <span className="data">{address}</span>,
    sort: ({ address }) => address,
  },
  {
    id: 'requests',
    title: 'Requests',
    width: '90px',
    numeric: true,
    cell: ({ requests }) => integer(requests),
    sort: ({ requests }) => requests,
  },
  {
    id: 'in',
    title: 'Sent',
    width: '80px',
    numeric: true,
    cell: ({ bytesIn }) => bytes(bytesIn),
    sort: ({ bytesIn }) => bytesIn,
  },
  {
    id: 'out',
    title: 'Received',
    width: '80px',
    numeric: true,
    cell: ({ bytesOut }) => bytes(bytesOut),
    sort: ({ bytesOut }) => bytesOut,
  },
  { id: 'writes', title: 'Writes', width: '1fr', cell: ({ writes }) => writes.join(', ') },
  { id: 'reads', title: 'Reads', width: '1fr', cell: ({ reads }) => reads.join(', ') },
  {
    id: 'since',
    title: 'Connected',
    width: '110px',
    numeric: true,
    cell: ({ connectedAt }) => ago(connectedAt, Date.now()),
    sort: ({ connectedAt }) => connectedAt,
  },
  {
    id: 'error',
    title: 'Last error',
    width: '1.5fr',
    cell: ({ lastError }) =>
      lastError && <span style={{ color: 'var(--bad)' }}>{lastError.error || lastError.text}</span>,
  },
]

export function ClientsPage() {
  const { value: clients } = useFeed('clients', undefined)
  const [selected, setSelected] = useState<string | null>(null)
  if (!clients) return null
  const chosen = clients.find(({ connectionId }) => String(connectionId) === selected)
  return (
    <>
      <header className={page.header}>
        <h1>Clients</h1>
        <span className="quiet">one line per connection</span>
      </header>
      <div className={page.split}>
        <Table
          label="Clients"
          rows={clients}
          columns={columns}
          rowKey={({ connectionId }) => String(connectionId)}
          selected={selected}
          onSelect={({ connectionId }) => setSelected(String(connectionId))}
          empty={<Empty>No client is connected.</Empty>}
        />
        {chosen && <ClientPane client={chosen} />}
      </div>
    </>
  )
}

function ClientPane({ client }: { readonly client: ClientLine }) {
  const facts: readonly (readonly [string, string])[] = [
    ['Client id', client.clientId],
    ['Library', client.software],
    ['Address', client.address],
    ['Listener', client.listener],
    ['Principal', client.principal],
    ['Connected', clockTime(client.connectedAt)],
    ['Last request', clockTime(client.lastRequestAt)],
  ]
  return (
    <aside className={page.pane} aria-label={client.clientId}>
      <dl className={page.facts}>
        {facts.map(([name, text]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>{text || '–'}</dd>
          </div>
        ))}
      </dl>
      {client.lastError && (
        <>
          <h3 className={page.section}>Last error</h3>
          <p>
            {client.lastError.error} {client.lastError.api && `on ${client.lastError.api}`} at{' '}
            {clockTime(client.lastError.at)}
          </p>
          <p className="quiet">{client.lastError.text}</p>
        </>
      )}
      <h3 className={page.section}>APIs and versions</h3>
      <dl className={page.facts}>
        {client.apis.map(({ name, version, requests }) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>
              v{version} · {integer(requests)}
            </dd>
          </div>
        ))}
      </dl>
    </aside>
  )
}
