import { Pause, Play, Plus, Square } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import type { MessageRow } from '../../../src-main/contract/messages'
import { bytes, compact, counted, integer } from '../../format/numbers'
import { span } from '../../format/time'
import { Button } from '../../parts/Button'
import { Empty } from '../../parts/Empty'
import { Menu } from '../../parts/Menu'
import { Table } from '../../parts/Table'
import { useSettings } from '../../stores/settings'
import page from '../pages.module.css'
import { ColumnsMenu } from './ColumnsMenu'
import { columnsFor } from './columns'
import { Decoders } from './Decoders'
import { Export } from './Export'
import { Histogram } from './Histogram'
import { MessagePane } from './MessagePane'
import { Produce } from './Produce'
import { QueryBar } from './QueryBar'
import { localTime, useQuery } from './useQuery'
import { useSearch } from './useSearch'

interface Props {
  readonly topics: readonly string[]
  /** Of the only topic; 0 where there are several. */
  readonly partitions: number
}

type Open = { readonly produce: MessageRow | null } | 'import' | 'export' | 'decoders' | null

const keyOf = ({ topic, partition, offset }: MessageRow) => `${topic}:${partition}:${offset}`

/** Messages of a topic, or of several merged in the order of time. */
export function MessagesView({ topics, partitions }: Props) {
  const { times, columns: chosenColumns } = useSettings()
  const { draft, query, change } = useQuery(topics)
  const { state, pause, stop, again } = useSearch(query)
  const [selected, setSelected] = useState<string | null>(null)
  const [compared, setCompared] = useState<MessageRow | null>(null)
  const [open, setOpen] = useState<Open>(null)
  const only = topics.length === 1 ? (topics[0] as string) : null
  const columns = useMemo(() => columnsFor(chosenColumns, times, only === null), [chosenColumns, times, only])
  const chosen = state.rows.find((row) => keyOf(row) === selected)
  const close = () => setOpen(null)
  const hasAnswer = state.rows.length > 0 || state.progress?.done === true || draft.from === 'live'
  const [isReady, setReady] = useState(false)
  if (hasAnswer && !isReady) setReady(true)
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
      <QueryBar draft={draft} change={change} partitions={partitions}>
        {draft.from === 'live' && (
          <Button onClick={() => pause(!state.paused)}>
            {state.paused ? <Play size={12} /> : <Pause size={12} />}
            {state.paused ? `Resume${state.held > 0 ? ` (▲ ${integer(state.held)} new)` : ''}` : 'Pause'}
          </Button>
        )}
        {state.progress && !state.progress.done && draft.from !== 'live' && (
          <Button onClick={stop}>
            <Square size={12} /> Stop
          </Button>
        )}
        <ColumnsMenu />
        <Menu
          label="More"
          items={[
            { label: 'Export…', onSelect: () => setOpen('export'), disabled: state.rows.length === 0 },
            ...(only
              ? [
                  { label: 'Import…', onSelect: () => setOpen('import') },
                  { label: 'Decoders…', onSelect: () => setOpen('decoders') },
                ]
              : []),
          ]}
        />
        {only && (
          <Button look="primary" onClick={() => setOpen({ produce: null })}>
            <Plus size={14} /> Produce
          </Button>
        )}
      </QueryBar>
      {only && (
        <Histogram
          topic={only}
          isReady={isReady}
          onBrush={(fromAt, until) => change({ from: 'time', value: localTime(fromAt), until })}
          brushed={draft.until !== null}
          onClear={() => change({ from: 'newest', value: '', until: null })}
        />
      )}
      <div className={page.split}>
        <div>
          <Table
            // Other rows are seen from the first: the table remembers how far it was scrolled.
            key={JSON.stringify(query)}
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
                    : draft.from === 'live'
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
            compared={compared && keyOf(compared) !== keyOf(chosen) ? compared : null}
            onCompare={() => setCompared(chosen)}
            onClose={() => setSelected(null)}
            onResend={() => setOpen({ produce: chosen })}
          />
        )}
      </div>
      {only && open === 'decoders' && <Decoders topic={only} onClose={close} onChange={again} />}
      {only && open === 'import' && <Produce topic={only} from={null} isImport onClose={close} />}
      {open === 'export' && <Export query={query} name={only ?? 'messages'} onClose={close} />}
      {open && typeof open === 'object' && (
        <Produce topic={open.produce?.topic ?? only ?? ''} from={open.produce} onClose={close} />
      )}
    </>
  )
}

function Progress({ state: { progress, problem, rows } }: { readonly state: ReturnType<typeof useSearch>['state'] }) {
  if (problem && rows.length > 0)
    return (
      <div className={page.bar} role="alert">
        {problem}
      </div>
    )
  if (!progress) return null
  const { scanned, matched, elapsedMs, note, done, failed } = progress
  return (
    <div className={`${page.bar} quiet`} style={{ paddingTop: 6, fontSize: 12 }} aria-live="polite">
      {integer(matched)} of {compact(scanned)} scanned · {bytes(progress.bytes)} · {span(elapsedMs)}
      {note ? ` · ${note}` : done ? ' · complete' : ''}
      {failed && (
        <span className="danger">
          {' '}
          · {counted(failed.records, 'record')} failed: first {failed.first}
        </span>
      )}
    </div>
  )
}
