import { afterEach, beforeEach, expect, test } from 'vitest'
import { encodeBatch } from '../../../src-main/records/encode'
import { start, TestBroker } from '../../support/core'
import { TestDesk } from '../../support/desk'

let broker: TestBroker
let desk: TestDesk
beforeEach(async () => {
  broker = new TestBroker()
  desk = new TestDesk(broker)
  await broker.client().create('orders', 1)
})
afterEach(async () => {
  await desk.dispose()
  await broker.dispose()
  expect(desk.faults).toEqual([])
})

const fetch = (from: number) =>
  broker.client().ask('Fetch', 4, {
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes: 10_000,
    isolationLevel: 1,
    topics: [{ topic: 'orders', partitions: [{ partition: 0, fetchOffset: BigInt(from), partitionMaxBytes: 10_000 }] }],
  })

const captured = async () => {
  const { items, close } = await desk.watch('exchanges', null)
  return {
    lines: async () => {
      await desk.advance(100)
      return items.flatMap(({ lines }) => lines)
    },
    skipped: () => items.reduce((sum, { skipped }) => sum + skipped, 0),
    close,
  }
}

test('requests and responses carry records that are shown as messages, and numbers with their names', async () => {
  const wire = await captured()
  const records = [
    { key: Buffer.from('k'), value: Buffer.from('{"n":1}'), timestamp: start },
    { key: null, value: null, timestamp: start + 1 },
  ]
  await broker.client().produce('orders', encodeBatch(records, { codec: 'gzip' }), 0)
  await fetch(0)
  await fetch(2)
  await broker.client().produce('none', encodeBatch(records), 0)
  const lines = await wire.lines()
  expect(lines.map(({ api, isNoise, error }) => [api, isNoise, error])).toEqual([
    ['Produce', false, null],
    ['Fetch', false, null],
    ['Fetch', true, null],
    ['Produce', false, 'UNKNOWN_TOPIC_OR_PARTITION'],
  ])
  expect(lines[0]).toMatchObject({ correlationId: 1, address: expect.stringMatching(/^127\.0\.0\.1:\d+$/) as unknown })
  const detail = (index: number) => desk.page.ask('exchange.detail', { seq: lines[index]?.seq ?? 0 })
  const place = { topic: 'orders', partition: 0 }
  const shown = [
    { ...place, offset: 0, key: { text: 'k' }, value: { kind: 'json', text: '{"n":1}' } },
    { ...place, offset: 1, key: { kind: 'null' }, value: { kind: 'null' } },
  ]
  expect(await detail(0)).toMatchObject({ records: shown, moreRecords: 0, requestProblem: null })
  expect(await detail(1)).toMatchObject({ records: shown })
  expect(await detail(2)).toMatchObject({ records: [] })
  const text = JSON.stringify([await detail(1), await detail(3)])
  expect(text).toContain('"value":"1 read_committed"')
  expect(text).toContain('"value":"3 UNKNOWN_TOPIC_OR_PARTITION"')
  expect(JSON.stringify((await detail(0)).request)).toMatch(/"name":"acks"[^}]*"value":"(?:-1 all|1 leader)"/)
  wire.close()
})

test('of very many requests the newest are shown, the rest is counted, and a page that takes none is sent none', async () => {
  const wire = await captured()
  const client = broker.client()
  const many = 5000
  for (let i = 0; i < many; i++) await client.ask('FindCoordinator', 0, { key: 'g' })
  const lines = await wire.lines()
  expect(lines.length).toBeLessThanOrEqual(1000)
  expect(lines.length + wire.skipped()).toBe(many)
  expect(lines.at(-1)?.correlationId).toBe(many)
  wire.close()
})
