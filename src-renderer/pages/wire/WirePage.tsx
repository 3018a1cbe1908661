import { Pause, Play } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { ByteSpan, ExchangeDetail, ExchangeLine } from '../../../src-main/contract/workspace'
import { bytes } from '../../format/numbers'
import { clockTime } from '../../format/time'
import { ask, useHost } from '../../host'
import { Button } from '../../parts/Button'
import { Empty } from '../../parts/Empty'
import { Field } from '../../parts/Field'
import { type Column, Table } from '../../parts/Table'
import { attempt } from '../../stores/notices'
import page from '../pages.module.css'

const kept = 2000

const columns: readonly Column<ExchangeLine>[] = [
  { id: 'time', title: 'Time', width: '110px', cell: ({ at }) => <span className="data">{clockTime(at)}</span> },
  { id: 'client', title: 'Client', width: '1fr', cell: ({ clientId }) => clientId },
  { id: 'api', title: 'API', width: '1.4fr', cell: ({ api, version }) => `${api} v${version}` },
  { id: 'request', title: 'Request', width: '80px', numeric: true, cell: ({ requestBytes }) => bytes(requestBytes) },
  {
    id: 'response',
    title: 'Response',
    width: '80px',
    numeric: true,
    cell: ({ responseBytes }) => bytes(responseBytes),
  },
  { id: 'took', title: 'Took', width: '80px', numeric: true, cell: ({ tookMs }) => `${tookMs} ms` },
]

export function WirePage() {
  const client = useHost((host) => host.client)
  const [lines, setLines] = useState<readonly ExchangeLine[]>([])
  const [isPaused, setIsPaused] = useState(false)
  const [find, setFind] = useState('')
  const [detail, setDetail] = useState<ExchangeDetail | null>(null)
  const paused = useRef(false)
  paused.current = isPaused
  useEffect(() => {
    return client?.feed('exchanges', undefined, {
      items(items) {
        if (!paused.current) setLines((before) => [...items.flat().reverse(), ...before].slice(0, kept))
      },
    })
  }, [client])
  const rows = lines.filter(({ api, clientId }) => `${api} ${clientId}`.toLowerCase().includes(find.toLowerCase()))
  return (
    <>
      <header className={page.header}>
        <h1>Wire</h1>
        <Field
          type="search"
          placeholder="API or client"
          aria-label="API or client"
          value={find}
          onChange={(event) => setFind(event.target.value)}
        />
        <Button onClick={() => setIsPaused(!isPaused)}>
          {isPaused ? <Play size={12} /> : <Pause size={12} />}
          {isPaused ? 'Resume' : 'Pause'}
        </Button>
        <span className="quiet">captured while this page is open</span>
      </header>
      <div className={page.split}>
        <Table
          label="Requests and responses"
          rows={rows}
          columns={columns}
          rowKey={({ seq }) => String(seq)}
          selected={detail ? String(detail.seq) : null}
          onSelect={({ seq }) => attempt(async () => setDetail(await ask('exchange.detail', { seq })))}
          empty={<Empty>Waiting for requests.</Empty>}
        />
        {detail && (
          <aside className={page.pane} aria-label={`${detail.api} version ${detail.version}`}>
            <h2>
              {detail.api} v{detail.version}
            </h2>
            <h3 className={page.section}>Request, {bytes(detail.requestBytes)}</h3>
            {detail.request ? <Spans of={detail.request} /> : <p className="quiet">It cannot be read.</p>}
            <h3 className={page.section}>Response, {bytes(detail.responseBytes)}</h3>
            {detail.response ? (
              <Spans of={detail.response} />
            ) : (
              <p className="quiet">There was none, or it cannot be read.</p>
            )}
          </aside>
        )}
      </div>
    </>
  )
}

/** Fields with the bytes they stand in. */
function Spans({ of }: { readonly of: ByteSpan }) {
  return (
    <div style={{ fontFamily: 'var(--data)', fontSize: 12 }}>
      {of.children.map((child, i) => (
        <Span key={i} of={child} depth={0} />
      ))}
    </div>
  )
}

function Span({ of, depth }: { readonly of: ByteSpan; readonly depth: number }) {
  return (
    <>
      <div style={{ paddingLeft: depth * 14, display: 'flex', gap: 8 }} title={`bytes ${of.start} to ${of.end}`}>
        <span className="quiet">{of.name}</span>
        <span style={{ overflowWrap: 'anywhere' }}>{of.value}</span>
      </div>
      {of.children.map((child, i) => (
        <Span key={i} of={child} depth={depth + 1} />
      ))}
    </>
  )
}
