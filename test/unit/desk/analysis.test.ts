import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Contract } from '../../../src-main/contract/contract'
import type { InputOf } from '../../../src-main/contract/define'
import type { SearchPosition } from '../../../src-main/contract/messages'
import { FileBatches } from '../../../src-main/desk/embedded/file-batches'
import { encodeBatch } from '../../../src-main/records/encode'
import { start, TestBroker } from '../../support/core'
import { TestDesk } from '../../support/desk'

let broker: TestBroker
let desk: TestDesk
beforeEach(() => {
  broker = new TestBroker()
  desk = new TestDesk(broker)
})
afterEach(async () => {
  await desk.dispose()
  await broker.dispose()
  expect(desk.faults).toEqual([])
})

const record = (key: string | null, value: string | null, at = 0) => ({
  key: key === null ? null : Buffer.from(key),
  value: value === null ? null : Buffer.from(value),
  timestamp: start + at,
})

const write = (topic: string, records: Parameters<typeof encodeBatch>[0], partition = 0) =>
  broker.client().produce(topic, encodeBatch(records), partition)

async function analysed(topic: string) {
  const { items, failures } = await desk.watch('topic.analysis', { topic })
  await expect.poll(() => items.at(-1)?.done === true || failures.length > 0).toBe(true)
  return failures[0] ?? items.at(-1)
}

describe('an analysis of a topic', () => {
  test('counts keys, sizes, null values, and the spread', async () => {
    await broker.client().create('orders', 3)
    await write('orders', [record('a', 'xx', 10), record('a', 'xxxx', 20), record('b', null, 5), record(null, 'x')])
    await write('orders', [record('a', 'y'.repeat(1000), 99)], 2)
    expect(await analysed('orders')).toMatchObject({
      records: 5,
      nullKeys: 1,
      tombstones: 1,
      withHeaders: 0,
      keys: 2,
      top: [
        { key: { text: 'a' }, records: 3 },
        { key: { text: 'b' }, records: 1 },
      ],
      keySizes: { count: 4, min: 1, max: 1, p50: 1, p99: 1 },
      valueSizes: { count: 4, sum: 1007, min: 1, max: 1000, p50: 2, p99: 1000 },
      partitions: [{ records: 4 }, { records: 0 }, { records: 1 }],
      firstAt: start,
      lastAt: start + 99,
      share: 1,
    })
  })

  test('of an empty topic, and of none', async () => {
    await broker.client().create('empty', 1)
    expect(await analysed('empty')).toMatchObject({ records: 0, share: 1, valueSizes: { count: 0, min: 0, max: 0 } })
    expect(await analysed('none')).toBe('There is no topic none; it may have been deleted.')
  })
})

describe('the latest value of each key', () => {
  type Input = InputOf<Contract['messages.search']>
  const page = async (more: Partial<Input> = {}) => {
    const { items, close } = await desk.watch('messages.search', {
      topics: ['prices'],
      partitions: null,
      from: 'latest',
      value: null,
      until: null,
      groupId: null,
      limit: 1000,
      committed: false,
      find: '',
      script: '',
      conditions: [],
      follow: null,
      after: null,
      columns: [],
      ...more,
    })
    await expect.poll(() => items.some((item) => item.kind === 'progress' && item.progress.done)).toBe(true)
    const rows = items.flatMap((item) => (item.kind === 'rows' ? item.rows : []))
    const last = items.findLast((item) => item.kind === 'progress')
    const text = (cell: (typeof rows)[number]['key']) => (cell.kind === 'null' ? 'null' : cell.text)
    return {
      rows: rows.map(({ key, value }) => `${text(key)}=${text(value)}`),
      next: last?.kind === 'progress' ? (last.progress.next ?? null) : null,
      scanned: last?.kind === 'progress' ? last.progress.scanned : 0,
      close,
    }
  }
  const prices = async (partitions: number, records: number) => {
    await broker.client().create('prices', partitions)
    for (let n = 0; n < records; n++) await write('prices', [record(`k${n}`, String(n), n)], n % partitions)
  }
  /** The batches that are read from now on, by partition and base offset. */
  const batchesRead = () => {
    const read: string[] = []
    const { batches } = FileBatches.prototype
    const spy = vi.spyOn(FileBatches.prototype, 'batches').mockImplementation(async function (
      this: FileBatches,
      place,
      window,
    ) {
      const found = await batches.call(this, place, window)
      read.push(...found.map(({ batch }) => `${place.partition}:${batch.baseOffset}`))
      return found
    })
    return { read, end: () => spy.mockRestore() }
  }

  test('is that of a client that keeps a table, without deleted keys, over all pages and with a filter', async () => {
    await broker.client().create('prices', 2)
    const table = new Map<string, string>()
    for (let n = 0; n < 300; n++) {
      const key = `k${(n * 7) % 40}`
      const value = n % 11 === 0 ? null : String(n)
      await write('prices', [record(key, value, n)], Number(key.slice(1)) % 2)
      if (value === null) table.delete(key)
      else table.set(key, value)
    }
    const wanted = [...table].map(([key, value]) => `${key}=${value}`).sort()
    expect((await page()).rows.toSorted()).toEqual(wanted)
    const paged: string[] = []
    let after: SearchPosition | null = null
    do {
      const { rows, next }: Awaited<ReturnType<typeof page>> = await page({ limit: 7, after })
      paged.push(...rows)
      after = next
    } while (after)
    expect(paged.toSorted()).toEqual(wanted)
    // A filter looks at the latest values only: older ones are gone.
    const found = (await page({ find: '29' })).rows
    expect(found.toSorted()).toEqual(wanted.filter((row) => row.includes('29')))
  })

  test('reads no batch twice over all pages, and counts each record once', async () => {
    await prices(2, 100)
    const { read, end } = batchesRead()
    const rows: string[] = []
    let scanned = 0
    let after: SearchPosition | null = null
    let before = () => {}
    do {
      const found: Awaited<ReturnType<typeof page>> = await page({ limit: 7, after })
      before()
      rows.push(...found.rows)
      scanned += found.scanned
      ;({ next: after, close: before } = found)
    } while (after)
    end()
    expect(rows).toEqual(Array.from({ length: 100 }, (_, n) => `k${99 - n}=${99 - n}`))
    expect(read).toHaveLength(100)
    expect(new Set(read).size).toBe(100)
    expect(scanned).toBe(100)
  })

  test.each<[string, (first: Awaited<ReturnType<typeof page>>) => unknown]>([
    ['its page closed it', async ({ close }) => close()],
    ['nobody asked for a time', () => desk.advance(10 * 60_000)],
    ['another search waits since', () => page({ limit: 3 })],
  ])('reads again, and gives the same, when the scan is gone: %s', async (_, leave) => {
    await prices(1, 20)
    const first = await page({ limit: 7 })
    await leave(first)
    const { read, end } = batchesRead()
    const { rows } = await page({ limit: 7, after: first.next })
    end()
    expect(rows).toEqual(Array.from({ length: 7 }, (_one, n) => `k${12 - n}=${12 - n}`))
    expect(read).toContain('0:19')
  })

  test('a topic that was created again is read again, and a page with another filter is another search', async () => {
    await prices(1, 20)
    const first = await page({ limit: 7 })
    expect((await page({ limit: 7, after: first.next, find: '1' })).rows).toEqual([
      'k12=12',
      'k11=11',
      'k10=10',
      'k1=1',
    ])
    const again = await page({ limit: 7 })
    await desk.page.ask('topics.delete', { topics: ['prices'] })
    await prices(1, 9)
    const { rows } = await page({ limit: 7, after: again.next })
    expect(rows).toEqual(['k8=8', 'k7=7', 'k6=6', 'k5=5', 'k4=4', 'k3=3', 'k2=2'])
  })
})

test('a clone has the partitions, the own configs and, if asked, the messages', async () => {
  await broker.client().create('orders', 3)
  await desk.page.ask('topic.alter', { topic: 'orders', config: 'retention.ms', value: '12345' })
  await write('orders', [record('a', '1', 10), record('b', '2', 20)], 2)
  await write('orders', [record('c', null, 30)], 1)
  await desk.page.ask('topic.clone', { topic: 'orders', name: 'like', messages: false })
  expect(await analysed('like')).toMatchObject({ records: 0, partitions: [{}, {}, {}] })
  const configs = await desk.page.ask('topic.configs', { topic: 'like' })
  expect(configs.find(({ name }) => name === 'retention.ms')).toMatchObject({ value: '12345', isDefault: false })
  await desk.page.ask('topic.clone', { topic: 'orders', name: 'copy', messages: true })
  await expect.poll(async () => (await analysed('copy')) as object).toMatchObject({ records: 3 })
  expect(await analysed('copy')).toMatchObject({
    partitions: [{ records: 0 }, { records: 1 }, { records: 2 }],
    tombstones: 1,
    withHeaders: 0,
    firstAt: start + 10,
    lastAt: start + 30,
  })
  await expect(desk.page.ask('topic.clone', { topic: 'orders', name: 'copy', messages: false })).rejects.toThrow(
    'Topic copy already exists.',
  )
})

test('a topic that is recreated has its partitions and own configs, and nothing else of before', async () => {
  await broker.client().create('orders', 3)
  await desk.page.ask('topic.alter', { topic: 'orders', config: 'retention.ms', value: '12345' })
  await write('orders', [record('a', '1', 10), record('b', '2', 20)], 2)
  const { id } = broker.core.topics.find('orders') ?? {}
  await desk.page.ask('topic.recreate', { topic: 'orders' })
  expect(await analysed('orders')).toMatchObject({ records: 0, partitions: [{}, {}, {}] })
  expect(broker.core.topics.find('orders')?.id).not.toEqual(id)
  const configs = await desk.page.ask('topic.configs', { topic: 'orders' })
  expect(configs.filter(({ isDefault }) => !isDefault)).toMatchObject([{ name: 'retention.ms', value: '12345' }])
  await write('orders', [record('c', '3', 30)], 2)
  expect((await desk.page.ask('messages.detail', { topic: 'orders', partition: 2, offset: 0 })).key).toMatchObject({
    text: 'c',
  })
  await expect(desk.page.ask('topic.recreate', { topic: 'gone' })).rejects.toThrow('There is no topic gone')
})
