import { Pause, Play, Plus, Square } from 'lucide-react'
import { useCallback, useEffect, useMemo, useState } from 'react'
import type { MessageRow } from '../../../src-main/contract/messages'
import { integer } from '../../format/numbers'
import { Button } from '../../parts/Button'
import { ContextMenu } from '../../parts/ContextMenu'
import { Empty } from '../../parts/Empty'
import { Menu } from '../../parts/Menu'
import { type Point, Table } from '../../parts/Table'
import { useSettings } from '../../stores/settings'
import page from '../pages.module.css'
import { ColumnsMenu } from './ColumnsMenu'
import { columnsFor } from './columns'
import { Decoders } from './Decoders'
import { Export } from './Export'
import { Histogram } from './Histogram'
import { MessagePane } from './MessagePane'
import { cellText } from './message-text'
import { Produce } from './Produce'
import { type Place, placeText, readPlace } from './place'
import { QueryBar } from './QueryBar'
import { newest } from './query-draft'
import { rowItems } from './row-menu'
import { SearchLine } from './SearchLine'
import { useQuery } from './useQuery'
import { useSearch } from './useSearch'

interface Props {
  readonly topics: readonly string[]
  /** The most that one of the topics has. */
  readonly partitions: number
}

type Open = { readonly produce: Place | null } | { readonly decode: string } | 'import' | 'export' | null

/** Messages of a topic, or of several merged in the order of time. */
export function MessagesView({ topics, partitions }: Props) {
  const chosenColumns = useSettings(({ columns }) => columns)
  const widths = useSettings(({ widths }) => widths)
  const { draft, query, change } = useQuery(topics)
  const { state, sight, pause, stop, again } = useSearch(query)
  const [compared, setCompared] = useState<Place | null>(null)
  const [open, setOpen] = useState<Open>(null)
  const [menu, setMenu] = useState<(Point & { readonly row: MessageRow }) | null>(null)
  const [round, setRound] = useState(0)
  const only = topics.length === 1 ? (topics[0] as string) : null
  const columns = useMemo(() => columnsFor(chosenColumns, only === null), [chosenColumns, only])
  const place = useMemo(() => readPlace(draft.open), [draft.open])
  const close = () => setOpen(null)
  const { from, fromAt, until } = draft
  const span = useMemo(
    () => (from === 'time' && (fromAt !== null || until !== null) ? { fromAt, until } : null),
    [from, fromAt, until],
  )
  const brush = useCallback((fromAt: number, until: number) => change({ from: 'time', fromAt, until }), [change])
  const showAllTimes = useCallback(() => change({ from: newest.from, fromAt: null, until: null }), [change])
  const closePane = useCallback(() => change({ open: null }), [change])
  const hasAnswer = state.rows.length > 0 || state.progress?.done === true || draft.from === 'live'
  const [isReady, setReady] = useState(false)
  if (hasAnswer && !isReady) setReady(true)
  useEscape(place !== null, closePane)
  const openRow = (row: MessageRow) => change({ open: placeText(row) })
  const isLive = draft.from === 'live'
  return (
    <>
      <QueryBar draft={draft} change={change} partitions={partitions} sample={() => cellText(state.rows.at(0)?.value)}>
        {isLive && (
          <Button onClick={() => pause(!state.isPaused)}>
            {state.isPaused ? <Play size={12} /> : <Pause size={12} />}
            {state.isPaused ? `Resume${state.waiting > 0 ? ` (▲ ${integer(state.waiting)} new)` : ''}` : 'Pause'}
          </Button>
        )}
        {state.isReading && !isLive && state.progress && (
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
                  { label: 'Decoders…', onSelect: () => setOpen({ decode: only }) },
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
      <Histogram
        topics={topics}
        partitions={query.partitions}
        isReady={isReady}
        onBrush={brush}
        span={span}
        onClear={showAllTimes}
      />
      <div className={page.split}>
        <div>
          <Table
            // Other rows are seen from the first: the table remembers how far it was scrolled.
            key={state.id}
            label="Messages"
            rows={state.rows}
            shift={state.shift}
            onSight={sight}
            columns={columns}
            rowKey={placeText}
            selected={draft.open}
            // While a message is open, the arrows open the next one; else they only move.
            onSelect={place ? openRow : undefined}
            onOpen={openRow}
            onMenu={(row, at) => setMenu({ row, ...at })}
            widths={widths}
            onWidths={(next) => useSettings.setState({ widths: next })}
            empty={
              <Empty>
                {state.problem ??
                  (state.progress?.done ? 'No message matches.' : isLive ? 'Waiting for messages.' : 'Reading…')}
              </Empty>
            }
          />
          <SearchLine state={state} isLive={isLive} />
        </div>
        {place && (
          <MessagePane
            place={place}
            compared={compared}
            onCompare={setCompared}
            onClose={closePane}
            onResend={() => setOpen({ produce: place })}
            onDecode={() => setOpen({ decode: place.topic })}
            round={round}
          />
        )}
      </div>
      {menu && (
        <ContextMenu
          label="Message"
          x={menu.x}
          y={menu.y}
          items={rowItems(menu.row, {
            change,
            onResend: (row) => setOpen({ produce: row }),
            onCompare: (row) => {
              setCompared(row)
              openRow(row)
            },
          })}
          onClose={() => setMenu(null)}
        />
      )}
      {open === 'import' && only && <Produce topic={only} from={null} isImport onClose={close} />}
      {open === 'export' && <Export query={query} name={only ?? 'messages'} onClose={close} />}
      {open && typeof open === 'object' && 'decode' in open && (
        <Decoders
          topic={open.decode}
          onClose={close}
          onChange={() => {
            again()
            setRound((before) => before + 1)
          }}
        />
      )}
      {open && typeof open === 'object' && 'produce' in open && (
        <Produce topic={open.produce?.topic ?? only ?? ''} from={open.produce} onClose={close} />
      )}
    </>
  )
}

/** Esc closes the pane, unless something above it, or a field, takes the key. */
function useEscape(isOpen: boolean, onEscape: () => void): void {
  useEffect(() => {
    if (!isOpen) return
    const onKey = (event: KeyboardEvent) => {
      const isTyping =
        event.target instanceof HTMLElement && event.target.matches('input, textarea, [contenteditable=true]')
      if (event.key !== 'Escape' || event.defaultPrevented || isTyping) return
      event.preventDefault()
      onEscape()
      document.querySelector<HTMLElement>('[role=grid]')?.focus({ preventScroll: true })
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [isOpen, onEscape])
}
