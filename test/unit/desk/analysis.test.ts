import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Contract } from '../../../src-main/contract/contract'
import type { InputOf } from '../../../src-main/contract/define'
import type { SearchPosition } from '../../../src-main/contract/messages'
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
    const { items } = await desk.watch('messages.search', {
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
    }
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
