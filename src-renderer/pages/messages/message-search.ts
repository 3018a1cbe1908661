import type { Client } from '../../../src-main/contract/client'
import type { Contract } from '../../../src-main/contract/contract'
import type { InputOf } from '../../../src-main/contract/define'
import type {
  EndedRow,
  HeldBack,
  MessageRow,
  SearchItem,
  SearchPosition,
  SearchProgress,
} from '../../../src-main/contract/messages'
import { arrived, noLiveRows, paused, withEnds } from './live-rows'
import { firstPage, rowAt, trimmed, wantedPage, withPage, withRows } from './pages'
import { texts } from './texts'

export type Query = Omit<InputOf<Contract['messages.search']>, 'after'>

export interface SearchState {
  /** Identifies the search: a new one starts at the top. */
  readonly id: number
  readonly rows: { readonly length: number; at(index: number): MessageRow | undefined }
  /** Rows inserted before the first one so far, minus those released there. */
  readonly shift: number
  /** Totals of all pages that were read. */
  readonly progress: SearchProgress | null
  readonly problem: string | null
  /** Why a condition of the query makes no sense. */
  readonly refused: string | null
  readonly isReading: boolean
  readonly hasMore: boolean
  readonly isPaused: boolean
  /** Rows that came while paused. */
  readonly waiting: number
  /** What a read_committed search leaves out until transactions end. */
  readonly held: HeldBack | null
  /** Rows that are no longer in memory: older ones of a live view, earlier ones of a long list. */
  readonly left: number
}

export const noSearch: SearchState = {
  id: 0,
  rows: [],
  shift: 0,
  progress: null,
  problem: null,
  refused: null,
  isReading: true,
  hasMore: false,
  isPaused: false,
  waiting: 0,
  held: null,
  left: 0,
}

type Totals = Pick<SearchProgress, 'scanned' | 'matched' | 'bytes' | 'elapsedMs' | 'failed'>
const nothing: Totals = { scanned: 0, matched: 0, bytes: 0, elapsedMs: 0, failed: null }

let lastId = 0

/**
 * One query. A live query follows the log; others read page after page as the user scrolls, and read released pages again when the user
 * scrolls back. Memory holds the pages around the visible ones.
 */
export class MessageSearch {
  readonly #client: Client
  readonly #query: Query
  readonly #listeners = new Set<() => void>()
  #state: SearchState = { ...noSearch, id: ++lastId }
  #live = noLiveRows
  #pages = firstPage
  #next: SearchPosition | null = null
  #read: Totals = nothing
  #sight: readonly [number, number] = [0, 0]
  #close: () => void = () => {}

  constructor(client: Client, query: Query) {
    this.#client = client
    this.#query = query
    if (query.from === 'live') this.#follow()
    else this.#readPage(0, null)
  }

  readonly state = (): SearchState => this.#state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Sets the visible range: rows around it are read, others may be released. */
  readonly sight = (first: number, last: number): void => {
    this.#sight = [first, last]
    this.#readWanted()
  }

  readonly pause = (isPaused: boolean): void => {
    this.#live = paused(this.#live, isPaused)
    this.#showLive({})
  }

  /** Ends the search. */
  readonly stop = (): void => {
    this.#close()
    const { progress } = this.#state
    this.#next = null
    this.#show({
      isReading: false,
      hasMore: false,
      progress: progress && { ...progress, done: true, note: texts.progress.stopped },
    })
  }

  dispose(): void {
    this.#close()
    this.#listeners.clear()
  }

  #follow(): void {
    this.#close = this.#feed(null, (rows, progress, ends) => {
      this.#live = withEnds(arrived(this.#live, rows), ends)
      this.#showLive(progress ? { progress } : {})
    })
  }

  #readWanted(): void {
    if (this.#state.isReading || this.#query.from === 'live') return
    const [first, last] = this.#sight
    this.#pages = trimmed(this.#pages, first, last)
    const place = wantedPage(this.#pages, first, last)
    const page = this.#pages.list[place]
    if (page) this.#readPage(place, page.after)
    else if (place >= 0 && this.#next) {
      const after = this.#next
      const { gone } = this.#pages
      this.#pages = withPage(this.#pages, after)
      const dropped = this.#pages.gone - gone
      this.#sight = [first - dropped, last - dropped]
      this.#readPage(this.#pages.list.length - 1, after)
    }
  }

  #readPage(place: number, after: SearchPosition | null): void {
    const isLast = place === this.#pages.list.length - 1
    const before = this.#read
    let found: readonly MessageRow[] = []
    this.#show({ isReading: true })
    const closeBefore = this.#close
    this.#close = this.#feed(after, (rows, progress) => {
      if (rows.length > 0) {
        found = [...found, ...rows]
        this.#pages = withRows(this.#pages, place, found)
      }
      if (!progress) {
        this.#show({})
        return
      }
      if (isLast) {
        this.#read = sum(before, progress)
        this.#next = progress.next ?? null
      }
      const isReading = !progress.done
      this.#show({ isReading, hasMore: this.#next !== null, progress: { ...progress, ...this.#read } })
      if (!isReading) this.#readWanted()
    })
    // A scan of the page before may wait to go on with this one: it is closed when that was asked for.
    closeBefore()
  }

  #feed(
    after: SearchPosition | null,
    take: (rows: MessageRow[], progress: SearchProgress | undefined, ends: readonly EndedRow[]) => void,
  ) {
    return this.#client.feed(
      'messages.search',
      { ...this.#query, after },
      {
        items: (items: readonly SearchItem[]) => {
          const rows = items.flatMap((item) => (item.kind === 'rows' ? item.rows : []))
          const last = items.findLast((item) => item.kind === 'progress')
          const held = items.findLast((item) => item.kind === 'held')
          const refused = items.find((item) => item.kind === 'refused')
          if (refused?.kind === 'refused') this.#show({ refused: refused.problem, isReading: false })
          if (held?.kind === 'held') this.#publish({ ...this.#state, held: held.held })
          const ends = items.flatMap((item) => (item.kind === 'ended' ? item.rows : []))
          take(rows, last?.kind === 'progress' ? last.progress : undefined, ends)
        },
        failed: (problem) => this.#show({ problem, isReading: false }),
      },
    )
  }

  #showLive(fields: Partial<SearchState>): void {
    const { rows, shift, isPaused, waitingCount, left } = this.#live
    this.#publish({ ...this.#state, ...fields, rows, shift, isPaused, waiting: waitingCount, left })
  }

  #show(fields: Partial<SearchState>): void {
    const pages = this.#pages
    const rows = { length: pages.length, at: (index: number) => rowAt(pages, index) }
    this.#publish({ ...this.#state, ...fields, rows, shift: -pages.gone, left: pages.gone })
  }

  #publish(state: SearchState): void {
    this.#state = state
    for (const listener of [...this.#listeners]) listener()
  }
}

function sum(a: Totals, b: Totals): Totals {
  return {
    scanned: a.scanned + b.scanned,
    matched: a.matched + b.matched,
    bytes: a.bytes + b.bytes,
    elapsedMs: a.elapsedMs + b.elapsedMs,
    failed: a.failed ? { ...a.failed, records: a.failed.records + (b.failed?.records ?? 0) } : b.failed,
  }
}
