import { Pause, Play, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { ByteSpan, ExchangeDetail, ExchangeLine } from '../../../src-main/contract/workspace'
import { bytes, counted, integer } from '../../format/numbers'
import { clockTime } from '../../format/time'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Empty } from '../../parts/Empty'
import { Choice, Field } from '../../parts/Field'
import { type Column, Table } from '../../parts/Table'
import { attempt } from '../../stores/notices'
import { setQuery, useRoute } from '../../stores/route'
import page from '../pages.module.css'
import { useExchanges } from './useExchanges'

const columns: readonly Column<ExchangeLine>[] = [
  { id: 'time', title: 'Time', width: '110px', cell: ({ at }) => <span className="data">{clockTime(at)}</span> },
  { id: 'client', title: 'Client', width: '1fr', cell: ({ clientId }) => clientId },
  { id: 'api', title: 'API', width: '1.4fr', cell: ({ api, version }) => `${api} v${version}` },
  { id: 'topics', title: 'Topics', width: '1.4fr', cell: ({ topics }) => topics.join(', ') },
  {
    id: 'error',
    title: 'Error',
    width: '1.2fr',
    cell: ({ error }) => error && <span style={{ color: 'var(--bad)' }}>{error}</span>,
  },
  { id: 'request', title: 'Request', width: '72px', numeric: true, cell: ({ requestBytes }) => bytes(requestBytes) },
  {
    id: 'response',
    title: 'Response',
    width: '72px',
    numeric: true,
    cell: ({ responseBytes }) => bytes(responseBytes),
  },
  {
    id: 'took',
    title: 'Took',
    width: '76px',
    numeric: true,
    cell: ({ tookMs }) => `${integer(tookMs)} ms`,
    sort: ({ tookMs }) => tookMs,
  },
]

/** What is shown beside the pane, which has the rest. */
const narrow = columns.filter(({ id }) => ['time', 'client', 'api', 'error', 'took'].includes(id))

/** What the view shows, as its link carries it. */
interface Filter {
  readonly find: string
  readonly api: string
  readonly errors: boolean
}

function filterOf(query: string): Filter {
  const given = new URLSearchParams(query)
  return { find: given.get('find') ?? '', api: given.get('api') ?? '', errors: given.has('errors') }
}

function queryOf({ find, api, errors }: Filter): string {
  const query = new URLSearchParams({ ...(find && { find }), ...(api && { api }), ...(errors && { errors: '' }) })
  return String(query)
}

function passes(line: ExchangeLine, { find, api, errors }: Filter): boolean {
  if ((errors && line.error === null) || (api !== '' && line.api !== api)) return false
  const words = `${line.clientId} ${line.api} ${line.topics.join(' ')} ${line.error ?? ''}`
  return words.toLowerCase().includes(find.toLowerCase())
}

export function WirePage() {
  const [isPaused, setIsPaused] = useState(false)
  const { lines, gaps } = useExchanges(isPaused)
  const { query } = useRoute()
  const [filter, setFilter] = useState(filterOf(query))
  const [detail, setDetail] = useState<ExchangeDetail | null>(null)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && setDetail(null)
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  // A link to the page, or the way back, says what it shows.
  useEffect(() => setFilter(filterOf(query)), [query])
  const change = (some: Partial<Filter>) => {
    const next = { ...filter, ...some }
    setFilter(next)
    setQuery(queryOf(next))
  }
  const rows = lines.filter((line) => passes(line, filter))
  const apis = [...new Set([...lines.map(({ api }) => api), ...(filter.api ? [filter.api] : [])])].sort()
  return (
    <>
      <header className={page.header}>
        <h1>Wire</h1>
        <Field
          type="search"
          placeholder="Client, topic, error"
          aria-label="Find an exchange"
          value={filter.find}
          onChange={(event) => change({ find: event.target.value })}
        />
        <Choice aria-label="API" value={filter.api} onChange={(event) => change({ api: event.target.value })}>
          <option value="">all APIs</option>
          {apis.map((api) => (
            <option key={api}>{api}</option>
          ))}
        </Choice>
        <label className="quiet">
          <input
            type="checkbox"
            checked={filter.errors}
            onChange={(event) => change({ errors: event.target.checked })}
          />{' '}
          errors only
        </label>
        <Button onClick={() => setIsPaused(!isPaused)}>
          {isPaused ? <Play size={12} /> : <Pause size={12} />}
          {isPaused ? 'Resume' : 'Pause'}
        </Button>
        <span className="quiet">
          {gaps > 0
            ? `some were missed ${counted(gaps, 'time')}: more came than is shown`
            : 'captured while this page is open'}
        </span>
      </header>
      <div className={page.split}>
        <Table
          label="Requests and responses"
          rows={rows}
          columns={detail ? narrow : columns}
          rowKey={({ seq }) => String(seq)}
          selected={detail ? String(detail.seq) : null}
          onSelect={({ seq }) => attempt(async () => setDetail(await ask('exchange.detail', { seq })))}
          empty={<Empty>{lines.length === 0 ? 'Waiting for requests.' : 'No exchange is like this.'}</Empty>}
        />
        {detail && (
          <aside className={page.pane} aria-label={`${detail.api} version ${detail.version}`}>
            <div className={page.paneHead}>
              <h2>
                {detail.api} v{detail.version}
              </h2>
              <Button look="plain" aria-label="Close" onClick={() => setDetail(null)}>
                <X size={14} />
              </Button>
            </div>
            <p className="quiet">
              {detail.clientId || 'no client id'}, {clockTime(detail.at)}
              {detail.topics.length > 0 && `, ${detail.topics.join(', ')}`}
            </p>
            {detail.error && <p style={{ color: 'var(--bad)' }}>{detail.error}</p>}
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
