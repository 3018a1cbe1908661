import { useCallback, useMemo, useState } from 'react'
import type { MessageRow } from '../../../src-main/contract/messages'
import type { SavedView } from '../../../src-main/contract/views'
import { timeTrack } from '../../format/time'
import { ContextMenu } from '../../parts/ContextMenu'
import { type Point, Table } from '../../parts/Table'
import { useSettings } from '../../stores/settings'
import page from '../pages.module.css'
import { ResendJobs } from '../resend/ResendJobs'
import { Arrived } from './Arrived'
import { withColumn } from './ColumnChoice'
import { besideMessage, columnsFor } from './columns'
import { Following, type FollowLook } from './Following'
import { FollowLanes } from './FollowLanes'
import { Histogram } from './Histogram'
import { MessageDialogs, type OpenDialog } from './MessageDialogs'
import { MessagePane } from './MessagePane'
import { cellText } from './message-text'
import { NothingHere } from './NothingHere'
import { followId } from './pane-actions'
import { type Place, placeText, readPlace } from './place'
import { QueryBar } from './QueryBar'
import { newest, type QueryDraft, withCondition } from './query-draft'
import { rowItems } from './row-menu'
import { SearchLine } from './SearchLine'
import { texts } from './texts'
import { useMessageKeys } from './useMessageKeys'
import { useQuery } from './useQuery'
import { type Query, type SearchState, useSearch } from './useSearch'
import { severalTopics, useViews } from './useViews'
import { ViewActions } from './ViewActions'
import { ViewMenu } from './ViewMenu'

interface Props {
  readonly topics: readonly string[]
  /** The largest number of partitions of these topics. */
  readonly partitions: number
}

/** Messages of a topic, or of several topics merged by time. */
export function MessagesView({ topics, partitions }: Props) {
  const { draft, query, change, show } = useQuery(topics)
  const only = topics.length === 1 ? (topics[0] ?? null) : null
  const { views, isReady } = useViews(only ?? severalTopics, show)
  if (!isReady) return null
  return <Messages {...{ topics, partitions, draft, query, change, show, views }} />
}

interface MessagesProps extends Props, ReturnType<typeof useQuery> {
  readonly views: readonly SavedView[]
}

function Messages({ topics, partitions, draft, query, change, show, views }: MessagesProps) {
  const { state, sight, pause, stop, again } = useSearch(query)
  const [compared, setCompared] = useState<Place | null>(null)
  const [dialog, setDialog] = useState<OpenDialog | null>(null)
  const [menu, setMenu] = useState<(Point & { readonly row: MessageRow }) | null>(null)
  const [round, setRound] = useState(0)
  const [marked, setMarked] = useMarks(state.id)
  const only = topics.length === 1 ? (topics[0] ?? null) : null
  const isLive = draft.from === 'live'
  const place = useMemo(() => readPlace(draft.open), [draft.open])
  const closePane = useCallback(() => change({ open: null }), [change])
  const produce = useCallback(() => setDialog({ kind: 'produce', place: null }), [])
  useMessageKeys({
    isPaneOpen: place !== null,
    closePane,
    produce: only === null ? null : produce,
    togglePause: isLive ? () => pause(!state.isPaused) : null,
  })
  const openRow = (row: MessageRow) => change({ open: placeText(row) })
  const [look, setLook] = useState<FollowLook>('lanes')
  const columns = useColumns(only === null, state, draft.columns, place !== null)
  return (
    <>
      <QueryBar draft={draft} change={change} partitions={partitions} rows={state.rows} refused={state.refused}>
        <ViewActions
          state={state}
          isLive={isLive}
          topic={only}
          onPause={pause}
          onStop={stop}
          onDialog={setDialog}
          onProduce={produce}
          marked={marked.size}
          onResend={() => setDialog(resendOf(query, marked, state))}
          view={<ViewMenu topic={only ?? severalTopics} views={views} draft={draft} change={change} onShow={show} />}
        />
      </QueryBar>
      <Following draft={draft} change={change} look={look} onLook={setLook} />
      <ResendJobs topics={topics} />
      <MessagesOverTime query={query} draft={draft} change={change} state={state} />
      <div className={page.split}>
        <div>
          {draft.follow !== '' && look === 'lanes' && (
            <FollowLanes rows={state.rows} hasMore={state.hasMore} selected={draft.open} onOpen={openRow} />
          )}
          <Table
            // A new search starts at the top: the table remembers its scroll position.
            key={`rows ${state.id}`}
            label={texts.table}
            list="messages"
            rows={state.rows}
            shift={state.shift}
            onSight={sight}
            columns={columns}
            rowKey={placeText}
            selected={draft.open}
            // Around a message, what came before it stands above it.
            startsAtSelected={draft.from === 'time'}
            marked={marked}
            onMark={setMarked}
            // While a message is open, the arrow keys open the next one; else they only move the cursor.
            onSelect={place ? openRow : undefined}
            onOpen={openRow}
            onMenu={(row, at) => setMenu({ row, ...at })}
            empty={<NothingHere text={emptyText(state, draft, isLive)} onProduce={only === null ? null : produce} />}
          />
          <SearchLine state={state} isLive={isLive}>
            {query.from === 'newest' && !state.isReading && (
              // A new search begins without what came before it.
              <Arrived key={`arrived ${state.id}`} query={query} search={state.id} onShow={again} />
            )}
          </SearchLine>
        </div>
        {place && (
          <MessagePane
            place={place}
            namesTopic={only === null}
            compared={compared}
            onCompare={setCompared}
            onClose={closePane}
            onResend={() => setDialog({ kind: 'produce', place })}
            onDecode={() => setDialog({ kind: 'decode', topic: place.topic })}
            onColumn={(column) => change({ columns: withColumn(draft.columns, column) })}
            onCondition={(text) => change(withCondition(draft, text))}
            round={round}
          />
        )}
      </div>
      {menu && (
        <ContextMenu
          label={texts.menu.label}
          x={menu.x}
          y={menu.y}
          items={rowItems(menu.row, {
            change,
            onTombstone: (row) => setDialog({ kind: 'tombstone', row }),
            onFollow: ({ key }) => followId(cellText(key), null),
            onResend: (row) => setDialog({ kind: 'produce', place: row }),
            onCompare: (row) => {
              setCompared(row)
              openRow(row)
            },
          })}
          onClose={() => setMenu(null)}
        />
      )}
      {dialog && (
        <MessageDialogs
          dialog={dialog}
          topic={only}
          query={query}
          onSent={() => !isLive && again()}
          onDecoded={() => {
            again()
            setRound((before) => before + 1)
          }}
          onClose={() => setDialog(null)}
        />
      )}
    </>
  )
}

/** Marked messages by their places. A new search begins without marks. */
function useMarks(search: number): [ReadonlySet<string>, (marked: ReadonlySet<string>) => void] {
  const [marks, setMarks] = useState<{ readonly search: number; readonly marked: ReadonlySet<string> }>(noMarks)
  const marked = marks.search === search ? marks.marked : noMarks.marked
  return [marked, (next) => setMarks({ search, marked: next })]
}

const noMarks = { search: -1, marked: new Set<string>() }

/** The dialog that resends what is marked, else everything that the query finds. */
function resendOf(query: Query, marked: ReadonlySet<string>, { rows }: SearchState): OpenDialog {
  const places = [...marked].flatMap((text) => readPlace(text) ?? []).slice(0, maxMarked)
  const selection = places.length > 0 ? { marked: places } : { query }
  return { kind: 'resend', selection, sample: places[0] ?? rows.at(0) }
}

/** So many marked messages fit one request. */
const maxMarked = 10_000

/** Columns of the table; that of the time is wide enough for dates where rows are not of today. */
function useColumns(hasSeveralTopics: boolean, { rows }: SearchState, own: readonly string[], isBeside: boolean) {
  const chosen = useSettings(({ columns }) => columns)
  useSettings(({ times }) => times)
  const timeWidth = timeTrack([rows.at(0)?.timestamp, rows.at(rows.length - 1)?.timestamp])
  const all = useMemo(
    () => columnsFor(chosen, hasSeveralTopics, timeWidth, own),
    [chosen, hasSeveralTopics, timeWidth, own],
  )
  return useMemo(() => (isBeside ? besideMessage(all) : all), [all, isBeside])
}

function emptyText({ problem, refused, progress }: SearchState, draft: QueryDraft, isLive: boolean): string {
  if (problem !== null) return problem
  if (refused !== null) return texts.empty.refused
  // It waits once the search follows the logs: a message that was written before is not in it.
  if (isLive && progress !== null) return texts.empty.waiting
  if (!progress?.done) return texts.empty.reading
  const isUnfiltered =
    [draft.find, draft.where, draft.script, draft.follow, draft.partitions].every((text) => text === '') &&
    !draft.committed
  const isWhole = draft.from === 'newest' || draft.from === 'oldest'
  return isUnfiltered && isWhole && progress.scanned === 0 ? texts.empty.noMessages : texts.empty.noMatch
}

interface OverTimeProps {
  readonly query: Query
  readonly draft: QueryDraft
  readonly change: (fields: Partial<QueryDraft>) => void
  readonly state: SearchState
}

/** The histogram, once the first rows are shown. */
function MessagesOverTime({ query, draft, change, state }: OverTimeProps) {
  const { from, fromAt, until } = draft
  const span = useMemo(
    () => (from === 'time' && (fromAt !== null || until !== null) ? { fromAt, until } : null),
    [from, fromAt, until],
  )
  const brush = useCallback(
    (start: number, end: number) => change({ from: 'time', fromAt: start, until: end }),
    [change],
  )
  const showAllTimes = useCallback(() => change({ from: newest.from, fromAt: null, until: null }), [change])
  const [isReady, setReady] = useState(false)
  const hasAnswer = state.rows.length > 0 || state.progress?.done === true || from === 'live'
  if (hasAnswer && !isReady) setReady(true)
  // The first rows are loaded before.
  if (!isReady) return null
  return <Histogram query={query} onBrush={brush} span={span} onClear={showAllTimes} />
}
