import { Pause, Play, Trash2 } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { ExchangeDetail, ExchangeLine } from '../../../src-main/contract/exchanges'
import { bytes, integer } from '../../format/numbers'
import { clockTime } from '../../format/time'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { ContextMenu } from '../../parts/ContextMenu'
import { Empty } from '../../parts/Empty'
import { Choice } from '../../parts/Field'
import { FilterInput } from '../../parts/FilterInput'
import { readFilter, term } from '../../parts/filter-language'
import { goToTable, ListHeader } from '../../parts/ListHeader'
import { PageFooter } from '../../parts/PageFooter'
import { type Column, type Point, Table } from '../../parts/Table'
import { onCommand } from '../../stores/commands'
import { attempt } from '../../stores/notices'
import { useFind, useQueryField, useQueryFlag } from '../../stores/query-field'
import { go } from '../../stores/route'
import page from '../pages.module.css'
import { clear, hold } from './capture'
import { ExchangePane } from './ExchangePane'
import { apiText } from './exchange-text'
import { texts } from './texts'
import { useExchanges } from './useExchanges'
import css from './wire.module.css'
import { wireLanguage } from './wire-filter'

const columns: readonly Column<ExchangeLine>[] = [
  {
    id: 'time',
    title: texts.columns.time,
    width: '110px',
    yields: 1,
    cell: ({ at }) => <span className="data">{clockTime(at)}</span>,
  },
  {
    id: 'client',
    title: texts.columns.client,
    width: 'minmax(90px, 1fr)',
    yields: 2,
    cell: ({ clientId }) => clientId,
  },
  { id: 'api', title: texts.columns.api, width: 'minmax(120px, 1.4fr)', cell: apiText },
  {
    id: 'topics',
    title: texts.columns.topics,
    width: 'minmax(90px, 1.4fr)',
    yields: 4,
    cell: ({ topics }) => topics.join(', '),
  },
  {
    id: 'error',
    title: texts.columns.error,
    width: 'minmax(140px, 1.2fr)',
    cell: ({ error, closed }) =>
      (error !== null || closed !== null) && (
        <span className={page.problem} title={closed?.text ?? error ?? undefined}>
          ✕ {closed ? texts.closed[closed.kind].row : error}
        </span>
      ),
  },
  {
    id: 'request',
    title: texts.columns.request,
    width: '72px',
    yields: 5,
    numeric: true,
    cell: ({ requestBytes }) => bytes(requestBytes),
  },
  {
    id: 'response',
    title: texts.columns.response,
    width: '72px',
    yields: 6,
    numeric: true,
    cell: ({ responseBytes }) => bytes(responseBytes),
  },
  {
    id: 'took',
    title: texts.columns.took,
    width: '76px',
    yields: 3,
    numeric: true,
    cell: ({ tookMs }) => `${integer(tookMs)} ms`,
    sort: ({ tookMs }) => tookMs,
  },
]

/** Beside a request that is open, whose pane shows what has no room here: an error may be cut before the time gives way. */
const columnsBeside = columns.map((column) =>
  column.id === 'error' ? { ...column, width: 'minmax(56px, 1fr)' } : column,
)

export function WirePage() {
  const [isPaused, setIsPaused] = useState(false)
  const [isPointed, point] = useState(false)
  const [detail, setDetail] = useState<ExchangeDetail | null>(null)
  const { lines, waiting, skipped } = useExchanges(isPaused)
  const [find, setFind] = useFind()
  const [api, setApi] = useQueryField('api')
  const [errors, setErrors] = useQueryFlag('errors')
  /** Heartbeats and empty fetches are left out. */
  const [quiet, setQuiet] = useQueryFlag('quiet')
  const [menu, setMenu] = useState<(Point & { readonly line: ExchangeLine }) | null>(null)
  useEffect(() => () => hold(false), [])
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && setDetail(null)
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  useEffect(() => onCommand('pause', () => setIsPaused((before) => !before)), [])
  const add = (word: string) => setFind(`${find} ${word}`.trim())
  const passes = useMemo(() => {
    const matches = readFilter(find, wireLanguage).passes
    return (line: ExchangeLine) =>
      (!errors || isRed(line)) && (api === '' || line.api === api) && (!quiet || !line.isNoise) && matches(line)
  }, [find, api, errors, quiet])
  const rows = useMemo(() => lines.filter(passes), [lines, passes])
  // Rows hold still while the pointer is over them, or one is open.
  const isHeld = (isPointed && rows.length > 0) || detail !== null || menu !== null
  useEffect(() => hold(isHeld), [isHeld])
  const shift = useShift(rows)
  const held = waiting.filter(passes).length
  const names = new Set([...lines.map((line) => line.api), api])
  const apis = [...names].filter((name) => name !== '').sort()
  return (
    <>
      <ListHeader title={texts.title}>
        <div className={css.filter}>
          <FilterInput
            label={texts.find}
            placeholder={texts.findPlaceholder}
            value={find}
            onChange={setFind}
            language={wireLanguage}
            rows={lines}
            onKeyDown={goToTable}
          />
        </div>
        <Choice
          style={{ maxWidth: 112 }}
          aria-label={texts.api}
          value={api}
          onChange={(event) => setApi(event.target.value)}
        >
          <option value="">{texts.allApis}</option>
          {apis.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </Choice>
        <label className={css.check}>
          <input type="checkbox" checked={errors} onChange={(event) => setErrors(event.target.checked)} />{' '}
          {texts.errorsOnly}
        </label>
        <label className={css.check} title={texts.noiseTitle}>
          <input type="checkbox" checked={quiet} onChange={(event) => setQuiet(event.target.checked)} /> {texts.noNoise}
        </label>
        <Button onClick={() => setIsPaused(!isPaused)}>
          {isPaused ? <Play size={12} /> : <Pause size={12} />}
          {isPaused ? texts.resume : texts.pause}
        </Button>
        <Button look="plain" aria-label={texts.clear} title={texts.clear} onClick={clear}>
          <Trash2 size={14} />
        </Button>
      </ListHeader>
      <div className={page.split}>
        <div
          className={css.rows}
          onPointerMove={() => rows.length > 0 && point(true)}
          onPointerLeave={() => point(false)}
        >
          <Table
            key={[find, api, errors, quiet].join()}
            label={texts.table}
            list="wire"
            keepsOrder
            rows={rows}
            shift={shift}
            columns={detail ? columnsBeside : columns}
            rowKey={({ seq }) => String(seq)}
            rowClass={(line) => (isRed(line) && line.seq !== detail?.seq ? css.red : undefined)}
            selected={detail ? String(detail.seq) : null}
            onSelect={({ seq }) => attempt(async () => setDetail(await ask('exchange.detail', { seq })))}
            onMenu={(line, at) => setMenu({ line, ...at })}
            empty={
              lines.length === 0 ? (
                <Empty action={<Button onClick={() => go('home')}>{texts.connect}</Button>}>{texts.empty}</Empty>
              ) : (
                <Empty>{texts.noMatch}</Empty>
              )
            }
          />
        </div>
        {detail && <ExchangePane key={detail.seq} detail={detail} onClose={() => setDetail(null)} />}
      </div>
      {/* Always as high: a button that comes moves no row. */}
      <PageFooter className={css.status}>
        <span>
          {texts.shown(integer(rows.length), lines.length)}, {isPaused ? texts.paused : texts.capturing}
          {skipped > 0 && `, ${texts.missed(skipped)}`}
        </span>
        {held > 0 && (
          <Button
            onClick={() => {
              hold(false)
              hold(isHeld)
            }}
          >
            {texts.waiting(held)}
          </Button>
        )}
      </PageFooter>
      {menu && (
        <ContextMenu
          label={texts.menu.label}
          x={menu.x}
          y={menu.y}
          items={menuOf(menu.line, add)}
          onClose={() => setMenu(null)}
        />
      )}
    </>
  )
}

/** It failed, or closed its connection. */
function isRed({ error, closed }: ExchangeLine): boolean {
  return error !== null || closed !== null
}

function menuOf(line: ExchangeLine, add: (word: string) => void) {
  const { api, clientId, connectionId, correlationId, topics } = line
  const [topic] = topics
  return [
    ...(api === ''
      ? []
      : [
          { label: texts.menu.without(api), onSelect: () => add(term('api', api, true)) },
          { label: texts.menu.only(api), onSelect: () => add(term('api', api)) },
        ]),
    ...(clientId === ''
      ? []
      : [
          { label: texts.menu.without(clientId), onSelect: () => add(term('client', clientId, true)) },
          { label: texts.menu.only(clientId), onSelect: () => add(term('client', clientId)) },
        ]),
    ...(topic === undefined ? [] : [{ label: texts.menu.only(topic), onSelect: () => add(term('topic', topic)) }]),
    null,
    { label: texts.menu.connection, onSelect: () => add(term('connection', String(connectionId))) },
    ...(correlationId === null
      ? []
      : [
          {
            label: texts.menu.correlation(correlationId),
            onSelect: () =>
              add(`${term('connection', String(connectionId))} ${term('correlation', String(correlationId))}`),
          },
        ]),
  ]
}

/** Rows that came before the first one so far: the visible ones stay in place. */
function useShift(rows: readonly ExchangeLine[]): number {
  const seen = useRef({ shift: 0, newest: rows[0]?.seq ?? 0 })
  const came = rows.findIndex(({ seq }) => seq <= seen.current.newest)
  if (rows[0] && rows[0].seq > seen.current.newest) {
    seen.current = { shift: seen.current.shift + (came < 0 ? rows.length : came), newest: rows[0].seq }
  }
  return seen.current.shift
}
