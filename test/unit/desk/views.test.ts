import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Contract } from '../../../src-main/contract/contract'
import type { InputOf } from '../../../src-main/contract/define'
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

const query = {
  topics: [] as readonly string[],
  partitions: null,
  from: 'oldest' as const,
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
  columns: [] as readonly string[],
}

const rowsOf = async (input: Partial<InputOf<Contract['messages.search']>>) => {
  const { items } = await desk.watch('messages.search', { ...query, ...input })
  await expect.poll(() => items.some((item) => item.kind === 'progress' && item.progress.done)).toBe(true)
  return items.flatMap((item) => (item.kind === 'rows' ? item.rows : []))
}

const record = (key: string | null, value: string, headers: Readonly<Record<string, string>> = {}, at = 0) => ({
  key: key === null ? null : Buffer.from(key),
  value: Buffer.from(value),
  timestamp: start + at,
  headers: Object.entries(headers).map(([name, text]) => ({ key: name, value: Buffer.from(text) })),
})

test('views are kept in the workspace, and one of them is the default', async () => {
  const first = { name: 'errors', query: 'find=error', isDefault: true }
  const second = { name: 'big', query: 'from=oldest&column=value.total', isDefault: true }
  await desk.page.ask('topic.view.save', { topic: 'orders', ...first })
  await desk.page.ask('topic.view.save', { topic: 'orders', ...second })
  await desk.page.ask('topic.view.save', { topic: 'bills', ...first })
  await desk.dispose()
  desk = new TestDesk(broker)
  const { items } = await desk.watch('topic.views', { topic: 'orders' })
  expect(items.at(-1)).toEqual([second, { ...first, isDefault: false }])
  await desk.page.ask('topic.view.delete', { topic: 'orders', name: 'big' })
  await desk.advance(100)
  expect(items.at(-1)).toEqual([{ ...first, isDefault: false }])
})

test('rows have the columns that were asked for', async () => {
  await broker.client().create('orders', 1)
  await broker
    .client()
    .produce(
      'orders',
      encodeBatch([record('k', '{"customer":{"id":9007199254740993}}', { trace: 't' }), record('k', 'text')]),
      0,
    )
  const rows = await rowsOf({ topics: ['orders'], columns: ['value.customer.id', 'headers.trace'] })
  expect(rows.map(({ columns }) => columns)).toEqual([
    ['9007199254740993', 't'],
    [null, null],
  ])
})

test('an id is followed through topics: as a key, a header or a field, in the order of time', async () => {
  for (const topic of ['orders', 'bills', 'mails']) await broker.client().create(topic, 1)
  const write = (topic: string, records: Parameters<typeof encodeBatch>[0]) =>
    broker.client().produce(topic, encodeBatch(records), 0)
  await write('bills', [
    record('b1', '{"order":"o-17","n":1}', {}, 20),
    record('b2', '{"order":"o-170"}', {}, 30),
    record('b3', '{"text":"about \\"order\\":\\"o-17\\" and more"}', {}, 40),
  ])
  await write('orders', [record('o-17', '{}', {}, 10), record('o-1', '{"id":"o-17x"}', {}, 11)])
  await write('mails', [
    record(null, 'plain o-17', {}, 50),
    record(null, 'mail', { order: 'o-17' }, 60),
    record(null, '{"items":["o-16", "o-17"]}', {}, 70),
    record(null, '{"number":17}', {}, 80),
  ])
  const topics = ['orders', 'bills', 'mails']
  const found = async (follow: { readonly name: string | null; readonly value: string }) =>
    (await rowsOf({ topics, follow })).map(({ topic, timestamp }) => `${topic} ${timestamp - start}`)
  expect(await found({ name: null, value: 'o-17' })).toEqual(['orders 10', 'bills 20', 'mails 60', 'mails 70'])
  expect(await found({ name: 'order', value: 'o-17' })).toEqual(['orders 10', 'bills 20', 'mails 60'])
  expect(await found({ name: 'number', value: '17' })).toEqual(['mails 80'])
  expect(await found({ name: null, value: 'x"y' })).toEqual([])
})
