import { Pause, Play, Plus, Square } from 'lucide-react'
import { useDeferredValue, useEffect, useMemo, useState } from 'react'
import type { MessageRow } from '../../../src-main/contract/messages'
import { bytes, compact, integer } from '../../format/numbers'
import { clockTime, exactTime, span } from '../../format/time'
import { Button } from '../../parts/Button'
import { Empty } from '../../parts/Empty'
import { Choice, Field } from '../../parts/Field'
import { type Column, Table } from '../../parts/Table'
import { useFeed } from '../../stores/feed'
import { useSettings } from '../../stores/settings'
import page from '../pages.module.css'
import { CellText } from './CellText'
import { exportRows } from './export'
import { Histogram } from './Histogram'
import { MessagePane } from './MessagePane'
import { Produce } from './Produce'
import { type Query, useSearch } from './useSearch'

type From = Query['from']

const froms: readonly (readonly [From, string])[] = [
  ['newest', 'Newest'],
  ['oldest', 'Oldest'],
  ['live', 'Live'],
  ['offset', 'From offset'],
  ['time', 'From time'],
  ['group', 'Where a group is'],
]

const keyOf = ({ partition, offset }: MessageRow) => `${partition}:${offset}`

export function MessagesView({ topic, partitions }: { readonly topic: string; readonly partitions: number }) {
  const { utc } = useSettings()
  const { value: groups } = useFeed('groups', undefined)
  const [from, setFrom] = useState<From>('newest')
  const [value, setValue] = useState('')
  const [until, setUntil] = useState<number | null>(null)
  const [groupId, setGroupId] = useState<string | null>(null)
  const [partition, setPartition] = useState<number | null>(null)
  const [find, setFind] = useState('')
  const [script, setScript] = useState('')
  const [isScript, setIsScript] = useState(false)
  const [selected, setSelected] = useState<string | null>(null)
  const [producing, setProducing] = useState<MessageRow | 'new' | null>(null)
  const text = useDeferredValue(find)
  const start =
    from === 'offset' ? Number(value) || 0 : from === 'time' ? Date.parse(value) || Number(value) || 0 : null
  const query: Query = {
    topics: [topic],
    partitions: partition === null ? null : [partition],
    from,
    value: start,
    until,
    groupId: from === 'group' ? (groupId ?? groups?.[0]?.groupId ?? null) : null,
    limit: 1000,
    find: isScript ? '' : text,
    script: isScript ? script : '',
  }
  const { state, pause, stop } = useSearch(query)
  const columns = useMemo((): readonly Column<MessageRow>[] => columnsFor(utc), [utc])
  const chosen = state.rows.find((row) => keyOf(row) === selected)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement
      if (event.key === 'Escape') setSelected(null)
      if (event.key === '/' && !typing) {
        event.preventDefault()
        document.getElementById('find')?.focus()
      }
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  return (
    <>
      <div className={page.bar}>
        <Choice aria-label="Start from" value={from} onChange={(event) => setFrom(event.target.value as From)}>
          {froms.map(([id, label]) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </Choice>
        {from === 'offset' && (
          <Field
            aria-label="Offset"
            type="number"
            min={0}
            value={value}
            onChange={(event) => setValue(event.target.value)}
          />
        )}
        {from === 'time' && (
          <Field
            aria-label="Time"
            type="datetime-local"
            step="1"
            value={value}
            onChange={(event) => setValue(event.target.value)}
          />
        )}
        {from === 'group' && (
          <Choice
            aria-label="Group"
            value={groupId ?? groups?.[0]?.groupId}
            onChange={(event) => setGroupId(event.target.value)}
          >
            {groups?.map((group) => (
              <option key={group.groupId}>{group.groupId}</option>
            ))}
          </Choice>
        )}
        <Choice
          aria-label="Partition"
          value={partition ?? ''}
          onChange={(event) => setPartition(event.target.value === '' ? null : Number(event.target.value))}
        >
          <option value="">All partitions</option>
          {Array.from({ length: partitions }, (_, number) => (
            <option key={number} value={number}>
              Partition {number}
            </option>
          ))}
        </Choice>
        <Button aria-pressed={isScript} onClick={() => setIsScript(!isScript)} title="Filter by text, or by JavaScript">
          {isScript ? 'JS' : 'Text'}
        </Button>
        {isScript ? (
          <ScriptField initial={script} onRun={setScript} />
        ) : (
          <Field
            id="find"
            type="search"
            style={{ flex: 1 }}
            placeholder="Find in key, value and headers   /"
            aria-label="Find"
            value={find}
            onChange={(event) => setFind(event.target.value)}
          />
        )}
        {from === 'live' && (
          <Button onClick={() => pause(!state.paused)}>
            {state.paused ? <Play size={12} /> : <Pause size={12} />}
            {state.paused ? `Resume${state.held > 0 ? ` (▲ ${integer(state.held)} new)` : ''}` : 'Pause'}
          </Button>
        )}
        {state.progress && !state.progress.done && from !== 'live' && (
          <Button onClick={stop}>
            <Square size={12} /> Stop
          </Button>
        )}
        <Button disabled={state.rows.length === 0} onClick={() => exportRows(topic, state.rows)}>
          Export
        </Button>
        <Button look="primary" onClick={() => setProducing('new')}>
          <Plus size={14} /> Produce
        </Button>
      </div>
      <Histogram
        topic={topic}
        onBrush={(fromAt, untilAt) => {
          setFrom('time')
          setValue(new Date(fromAt - new Date(fromAt).getTimezoneOffset() * 60_000).toISOString().slice(0, 23))
          setUntil(untilAt)
        }}
        brushed={until !== null}
        onClear={() => {
          setUntil(null)
          setFrom('newest')
        }}
      />
      <div className={page.split}>
        <div>
          <Table
            label="Messages"
            rows={state.rows}
            columns={columns}
            rowKey={keyOf}
            selected={selected}
            onSelect={(row) => setSelected(keyOf(row))}
            empty={
              <Empty>
                {state.problem ??
                  (state.progress?.done
                    ? 'No message matches.'
                    : from === 'live'
                      ? 'Waiting for messages.'
                      : 'Reading…')}
              </Empty>
            }
          />
          <Progress state={state} />
        </div>
        {chosen && (
          <MessagePane
            key={keyOf(chosen)}
            row={chosen}
            onClose={() => setSelected(null)}
            onResend={() => setProducing(chosen)}
          />
        )}
      </div>
      {producing && (
        <Produce
          topic={topic}
          partitions={partitions}
          from={producing === 'new' ? null : producing}
          onClose={() => setProducing(null)}
        />
      )}
    </>
  )
}

function columnsFor(utc: boolean): readonly Column<MessageRow>[] {
  return [
    {
      id: 'time',
      title: 'Timestamp',
      width: 'minmax(96px, 1fr)',
      cell: ({ timestamp }) => (
        <span className="data" title={exactTime(timestamp)}>
          {clockTime(timestamp, utc)}
        </span>
      ),
    },
    { id: 'partition', title: 'Partition', width: '60px', numeric: true, cell: ({ partition }) => partition },
    { id: 'offset', title: 'Offset', width: '84px', numeric: true, cell: ({ offset }) => integer(offset) },
    { id: 'key', title: 'Key', width: 'minmax(100px, 1fr)', cell: ({ key }) => <CellText cell={key} /> },
    {
      id: 'value',
      title: 'Value',
      width: 'minmax(200px, 4fr)',
      cell: ({ value, aborted }) => (
        <span
          style={aborted ? { textDecoration: 'line-through' } : undefined}
          title={aborted ? 'Written by a transaction that was aborted' : undefined}
        >
          <CellText cell={value} nullText="tombstone" />
        </span>
      ),
    },
    {
      id: 'headers',
      title: 'Headers',
      width: '66px',
      numeric: true,
      cell: ({ headers }) => (headers > 0 ? headers : ''),
    },
    { id: 'size', title: 'Size', width: '70px', numeric: true, cell: ({ sizeBytes }) => bytes(sizeBytes) },
  ]
}

function Progress({ state: { progress, problem, rows } }: { readonly state: ReturnType<typeof useSearch>['state'] }) {
  if (problem && rows.length > 0)
    return (
      <div className={page.bar} role="alert">
        {problem}
      </div>
    )
  if (!progress) return null
  const { scanned, matched, elapsedMs, note, done } = progress
  return (
    <div className={`${page.bar} quiet`} style={{ paddingTop: 6, fontSize: 12 }} aria-live="polite">
      {integer(matched)} of {compact(scanned)} scanned · {bytes(progress.bytes)} · {span(elapsedMs)}
      {note ? ` · ${note}` : done ? ' · complete' : ''}
    </div>
  )
}

function ScriptField({ initial, onRun }: { readonly initial: string; readonly onRun: (script: string) => void }) {
  const [text, setText] = useState(initial)
  return (
    <>
      <Field
        style={{ flex: 1, fontFamily: 'var(--data)', fontSize: 12 }}
        aria-label="JavaScript filter"
        placeholder="value.total > 100 && partitionID === 0"
        title="key, value, headers, offset, partitionID, timestamp, topic, keySchemaID, valueSchemaID"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && onRun(text)}
      />
      <Button onClick={() => onRun(text)}>Run</Button>
    </>
  )
}
