import { describe, expect, test } from 'vitest'
import type { Client, FeedListener } from '../../../src-main/contract/client'
import type { MessageRow, SearchItem, SearchPosition, SearchProgress } from '../../../src-main/contract/messages'
import { liveRows } from '../../../src-renderer/pages/messages/live-rows'
import { MessageSearch, type Query } from '../../../src-renderer/pages/messages/message-search'

const query: Query = {
  topics: ['orders'],
  partitions: null,
  from: 'oldest',
  value: null,
  until: null,
  groupId: null,
  limit: 1000,
  committed: false,
  find: '',
  script: '',
  conditions: [],
  follow: null,
  columns: [],
}

const row = (offset: number): MessageRow => ({
  topic: 'orders',
  partition: 0,
  offset,
  timestamp: offset,
  key: { kind: 'null' },
  value: { kind: 'null' },
  headers: 0,
  sizeBytes: 0,
  transaction: null,
})

const rows = (from: number, count: number) => Array.from({ length: count }, (_, i) => row(from + i))

const progressOf = (done: boolean, next?: SearchPosition): SearchProgress => ({
  scanned: 1000,
  matched: 1000,
  bytes: 10,
  share: 1,
  failed: null,
  elapsedMs: 1,
  done,
  note: null,
  ...(next ? { next } : {}),
})

/** A log of `total` records, of which a page is answered as soon as it is asked for; `asked` says where pages began. */
function logOf(total: number) {
  const asked: number[] = []
  let listener: FeedListener<SearchItem> | undefined
  let isClosed = false
  const client: Pick<Client, 'feed'> = {
    feed(_, input, given) {
      const { after, from } = input as Query & { after: SearchPosition | null }
      listener = given as unknown as FeedListener<SearchItem>
      if (from === 'live') return () => (isClosed = true)
      const start = after?.[0]?.offset ?? 0
      asked.push(start)
      const count = Math.min(1000, total - start)
      const end = start + count
      listener.items([{ kind: 'rows', rows: rows(start, Math.floor(count / 2)) }])
      listener.items([
        { kind: 'rows', rows: rows(start + Math.floor(count / 2), Math.ceil(count / 2)) },
        {
          kind: 'progress',
          progress: progressOf(
            true,
            end < total ? [{ topic: 'orders', partition: 0, offset: end, seen: [] }] : undefined,
          ),
        },
      ])
      return () => (isClosed = true)
    },
  }
  return {
    client: client as Client,
    asked,
    come: (came: readonly MessageRow[]) => listener?.items([{ kind: 'rows', rows: came }]),
    isClosed: () => isClosed,
  }
}

const offsetsOf = ({ rows }: ReturnType<MessageSearch['state']>) =>
  Array.from({ length: rows.length }, (_, i) => rows.at(i)?.offset)

describe('a view of a log', () => {
  test('reads the next page when its end comes into sight, to the last record', () => {
    const log = logOf(2500)
    const search = new MessageSearch(log.client, query)
    expect(search.state()).toMatchObject({ hasMore: true, isReading: false })
    search.sight(0, 30)
    expect(log.asked).toEqual([0])
    search.sight(600, 630)
    expect(log.asked).toEqual([0, 1000])
    search.sight(1970, 1999)
    expect(log.asked).toEqual([0, 1000, 2000])
    expect(offsetsOf(search.state())).toEqual(Array.from({ length: 2500 }, (_, i) => i))
    expect(search.state()).toMatchObject({ hasMore: false, progress: { scanned: 3000, matched: 3000 } })
    search.sight(2480, 2499)
    expect(log.asked).toHaveLength(3)
  })

  test('holds the rows around those in sight, and reads again what it let go', () => {
    const log = logOf(100_000)
    const search = new MessageSearch(log.client, query)
    for (let end = 1000; end < 80_000; end += 1000) search.sight(end - 30, end - 1)
    const held = offsetsOf(search.state()).filter((offset) => offset !== undefined)
    expect(search.state().rows.length).toBe(80_000)
    expect(held.length).toBeLessThan(60_000)
    expect(search.state().rows.at(20_000)).toBeUndefined()
    const before = log.asked.length
    search.sight(20_000, 20_030)
    expect(log.asked.slice(before)).toEqual([20_000, 19_000])
    expect(search.state().rows.at(20_000)?.offset).toBe(20_000)
    expect(search.state().rows.length).toBe(80_000)
  })

  test('closes the search of a page when the next has begun, which may go on with it, and the last when it is disposed of', () => {
    const happened: string[] = []
    let listener: FeedListener<SearchItem> | undefined
    let opened = 0
    const client = {
      feed(_: string, __: unknown, given: unknown) {
        const page = ++opened
        happened.push(`open ${page}`)
        listener = given as FeedListener<SearchItem>
        return () => void happened.push(`close ${page}`)
      },
    }
    const search = new MessageSearch(client as unknown as Client, { ...query, from: 'latest' })
    const next = [{ topic: 'orders', partition: 0, offset: 9, seen: [] }]
    listener?.items([
      { kind: 'rows', rows: rows(0, 1000) },
      { kind: 'progress', progress: progressOf(true, next) },
    ])
    search.sight(970, 999)
    expect(happened).toEqual(['open 1', 'open 2', 'close 1'])
    search.dispose()
    expect(happened).toEqual(['open 1', 'open 2', 'close 1', 'close 2'])
  })

  test('lets go of the first half when a list cannot be longer, and says so', () => {
    const log = logOf(2_000_000)
    const search = new MessageSearch(log.client, query)
    while (search.state().left === 0) {
      const { length } = search.state().rows
      search.sight(length - 30, length - 1)
    }
    const { rows, shift, left } = search.state()
    expect(left).toBe(500_000)
    expect(shift).toBe(-500_000)
    expect(rows.length).toBe(501_000)
    expect(rows.at(500_999)?.offset).toBe(1_000_999)
  })

  test('looks no further when it is stopped', () => {
    const log = logOf(5000)
    const search = new MessageSearch(log.client, query)
    search.stop()
    search.sight(980, 999)
    expect(log.asked).toEqual([0])
    expect(log.isClosed()).toBe(true)
    expect(search.state()).toMatchObject({ hasMore: false, progress: { done: true, note: 'stopped' } })
  })
})

describe('a live view', () => {
  const live = { ...query, from: 'live' } as const

  test('has the newest in front, and counts what came there', () => {
    const log = logOf(0)
    const search = new MessageSearch(log.client, live)
    log.come(rows(0, 2))
    log.come(rows(2, 1))
    expect(offsetsOf(search.state())).toEqual([2, 1, 0])
    expect(search.state()).toMatchObject({ shift: 3, left: 0 })
  })

  test('gives when it goes on what came while it was paused', () => {
    const log = logOf(0)
    const search = new MessageSearch(log.client, live)
    log.come(rows(0, 2))
    search.pause(true)
    log.come(rows(2, 3))
    expect(offsetsOf(search.state())).toEqual([1, 0])
    expect(search.state()).toMatchObject({ isPaused: true, waiting: 3 })
    search.pause(false)
    expect(offsetsOf(search.state())).toEqual([4, 3, 2, 1, 0])
    expect(search.state()).toMatchObject({ waiting: 0, left: 0, shift: 5 })
  })

  test('says how many left when more came than it holds, also while paused', () => {
    const log = logOf(0)
    const search = new MessageSearch(log.client, live)
    log.come(rows(0, 10))
    search.pause(true)
    log.come(rows(10, liveRows))
    log.come(rows(10 + liveRows, 7))
    expect(search.state()).toMatchObject({ waiting: liveRows + 7, left: 0 })
    search.pause(false)
    const { rows: shown, left } = search.state()
    expect(shown.length).toBe(liveRows)
    expect(shown.at(0)?.offset).toBe(liveRows + 16)
    expect(left).toBe(17)
    log.come(rows(100_000, 5))
    expect(search.state().left).toBe(22)
  })
})
