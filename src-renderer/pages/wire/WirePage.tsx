import { Pause, Play, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { ByteSpan, ExchangeDetail, ExchangeLine } from '../../../src-main/contract/workspace'
import { bytes, integer } from '../../format/numbers'
import { clockTime } from '../../format/time'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Empty } from '../../parts/Empty'
import { Choice } from '../../parts/Field'
import { ListHeader } from '../../parts/ListHeader'
import { type Column, Table } from '../../parts/Table'
import { onCommand } from '../../stores/commands'
import { attempt } from '../../stores/notices'
import { setQuery, useRoute } from '../../stores/route'
import { shared } from '../../texts'
import page from '../pages.module.css'
import { texts } from './texts'
import { useExchanges } from './useExchanges'

const columns: readonly Column<ExchangeLine>[] = [
  {
    id: 'time',
    title: texts.columns.time,
    width: '110px',
    cell: ({ at }) => <span className="data">{clockTime(at)}</span>,
  },
  { id: 'client', title: texts.columns.client, width: '1fr', cell: ({ clientId }) => clientId },
  { id: 'api', title: texts.columns.api, width: '1.4fr', cell: ({ api, version }) => `${api} v${version}` },
  { id: 'topics', title: texts.columns.topics, width: '1.4fr', cell: ({ topics }) => topics.join(', ') },
  {
    id: 'error',
    title: texts.columns.error,
    width: '1.2fr',
    cell: ({ error }) => error && <span className={page.problem}>✕ {error}</span>,
  },
  {
    id: 'request',
    title: texts.columns.request,
    width: '72px',
    numeric: true,
    cell: ({ requestBytes }) => bytes(requestBytes),
  },
  {
    id: 'response',
    title: texts.columns.response,
    width: '72px',
    numeric: true,
    cell: ({ responseBytes }) => bytes(responseBytes),
  },
  {
    id: 'took',
    title: texts.columns.took,
    width: '76px',
    numeric: true,
    cell: ({ tookMs }) => `${integer(tookMs)} ms`,
    sort: ({ tookMs }) => tookMs,
  },
]

/** Columns beside the pane, which shows the rest. */
const narrow = columns.filter(({ id }) => ['time', 'client', 'api', 'error', 'took'].includes(id))

/** The filter, as the address of the page carries it. */
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
  useEffect(() => onCommand('pause', () => setIsPaused((before) => !before)), [])
  // A link to the page, or the back button, sets the filter.
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
      <ListHeader
        title={texts.title}
        find={{
          label: texts.find,
          placeholder: texts.findPlaceholder,
          value: filter.find,
          onChange: (find) => change({ find }),
        }}
      >
        <Choice aria-label={texts.api} value={filter.api} onChange={(event) => change({ api: event.target.value })}>
          <option value="">{texts.allApis}</option>
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
          {texts.errorsOnly}
        </label>
        <Button onClick={() => setIsPaused(!isPaused)}>
          {isPaused ? <Play size={12} /> : <Pause size={12} />}
          {isPaused ? texts.resume : texts.pause}
        </Button>
        <span className="quiet">{gaps > 0 ? texts.missed(gaps) : texts.capturing}</span>
      </ListHeader>
      <div className={page.split}>
        <Table
          label={texts.table}
          rows={rows}
          columns={detail ? narrow : columns}
          rowKey={({ seq }) => String(seq)}
          selected={detail ? String(detail.seq) : null}
          onSelect={({ seq }) => attempt(async () => setDetail(await ask('exchange.detail', { seq })))}
          empty={<Empty>{lines.length === 0 ? texts.empty : texts.noMatch}</Empty>}
        />
        {detail && (
          <aside className={page.pane} aria-label={texts.pane.label(detail.api, detail.version)}>
            <div className={page.paneHead}>
              <h2>
                {detail.api} v{detail.version}
              </h2>
              <Button look="plain" aria-label={shared.close} onClick={() => setDetail(null)}>
                <X size={14} />
              </Button>
            </div>
            <p className="quiet">
              {detail.clientId || texts.pane.noClientId}, {clockTime(detail.at)}
              {detail.topics.length > 0 && `, ${detail.topics.join(', ')}`}
            </p>
            {detail.error && <p className={page.problem}>✕ {detail.error}</p>}
            <h3 className={page.section}>{texts.pane.request(bytes(detail.requestBytes))}</h3>
            {detail.request ? <Spans of={detail.request} /> : <p className="quiet">{texts.pane.unreadable}</p>}
            <h3 className={page.section}>{texts.pane.response(bytes(detail.responseBytes))}</h3>
            {detail.response ? <Spans of={detail.response} /> : <p className="quiet">{texts.pane.noResponse}</p>}
          </aside>
        )}
      </div>
    </>
  )
}

/** Fields of a message; the tooltip has the bytes of each. */
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
      <div style={{ paddingLeft: depth * 14, display: 'flex', gap: 8 }} title={texts.pane.bytes(of.start, of.end)}>
        <span className="quiet">{of.name}</span>
        <span style={{ overflowWrap: 'anywhere' }}>{of.value}</span>
      </div>
      {of.children.map((child, i) => (
        <Span key={i} of={child} depth={depth + 1} />
      ))}
    </>
  )
}
