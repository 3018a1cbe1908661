import { afterEach, beforeEach, expect, test } from 'vitest'
import { encodeRequest } from '../../../src-main/protocol/frame'
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

/** Takes all that waits: a batch of lines every 100 ms. */
const drained = async (wire: Awaited<ReturnType<typeof captured>>) => {
  for (let before = -1, lines = await wire.lines(); ; lines = await wire.lines()) {
    if (lines.length === before) return lines
    before = lines.length
  }
}

test('a burst is shown whole, a part of a flood is, and the rest is counted', async () => {
  const wire = await captured()
  const client = broker.client()
  const asked = async (many: number) => {
    for (let i = 0; i < many; i++) await client.ask('FindCoordinator', 0, { key: 'g' })
  }
  await asked(4000)
  expect((await drained(wire)).length).toBe(4000)
  expect(wire.skipped()).toBe(0)
  await desk.advance(1000)
  await asked(6000)
  const lines = await drained(wire)
  expect(lines.length + wire.skipped()).toBe(10_000)
  expect(wire.skipped()).toBeGreaterThan(1000)
  wire.close()
})

test('beside a flood nothing is missed of a client that sends little, and no error of the one that floods', async () => {
  const wire = await captured()
  const flood = broker.client()
  const quiet = broker.client()
  for (let i = 0; i < 5000; i++) await flood.ask('FindCoordinator', 0, { key: 'g' })
  await flood.produce('missing', encodeBatch([{ key: null, value: Buffer.from('a'), timestamp: start }]))
  for (let i = 0; i < 10; i++) await quiet.ask('FindCoordinator', 0, { key: 'q' })
  const lines = await drained(wire)
  expect(lines.filter(({ connectionId }) => connectionId === quiet.connection.id)).toHaveLength(10)
  expect(lines.filter(({ error }) => error === 'UNKNOWN_TOPIC_OR_PARTITION')).toHaveLength(1)
  expect(lines.length + wire.skipped()).toBe(5011)
  wire.close()
})

test('a page that takes none is sent no more, and what waits for it is bounded', async () => {
  let batches = 0
  let lines = 0
  let skipped = 0
  let taken = () => {}
  const stop = desk.source.wire?.watch(0, (batch, done) => {
    batches++
    lines += batch.lines.length
    skipped += batch.skipped
    taken = done
  })
  const client = broker.client()
  for (let second = 0; second < 10; second++) {
    for (let i = 0; i < 1000; i++) await client.ask('FindCoordinator', 0, { key: 'g' })
    await desk.advance(1000)
  }
  expect([batches, lines]).toEqual([1, 1000])
  for (let before = -1; before !== batches; ) {
    before = batches
    taken()
    await desk.advance(100)
  }
  expect(lines + skipped).toBe(10_000)
  expect(lines).toBeLessThanOrEqual(1000 + 5000)
  stop?.()
})

test('while no page looks, no request is kept', async () => {
  const wire = await captured()
  wire.close()
  await broker.client().ask('FindCoordinator', 0, { key: 'g' })
  const again = await captured()
  expect(await again.lines()).toEqual([])
  await expect(desk.page.ask('exchange.detail', { seq: 1 })).rejects.toThrow('no longer held')
  again.close()
})

test('passwords, proofs and tokens are not shown, neither as fields nor as bytes', async () => {
  await desk.dispose()
  await broker.dispose()
  broker = new TestBroker({ 'sasl.jaas.config': 'PlainLoginModule required user_bob="secret-1";' })
  desk = new TestDesk(broker)
  const wire = await captured()
  const secured = broker.client({ listener: 'SASL_PLAINTEXT', securityProtocol: 'SASL_PLAINTEXT' })
  await secured.ask('SaslHandshake', 1, { mechanism: 'PLAIN' })
  await secured.ask('SaslAuthenticate', 2, { authBytes: Buffer.from('\0bob\0secret-1') })
  const upsertion = { name: 'bob', mechanism: 1, iterations: 4096, salt: Buffer.from('secret-2') }
  await broker.client().ask('AlterUserScramCredentials', 0, {
    deletions: [],
    upsertions: [{ ...upsertion, saltedPassword: Buffer.from('secret-3') }],
  })
  const configs = [
    { name: 'ssl.keystore.password', configOperation: 0, value: 'secret-4' },
    { name: 'ssl.keystore.location', configOperation: 0, value: 'a-place' },
  ]
  await broker.client().ask('IncrementalAlterConfigs', 1, {
    resources: [{ resourceType: 4, resourceName: '0', configs }],
    validateOnly: true,
  })
  const cut = Buffer.concat(encodeRequest('SaslAuthenticate', 2, 9, 'x', { authBytes: Buffer.from('secret-5') }))
  const again = broker.client({ listener: 'SASL_PLAINTEXT', securityProtocol: 'SASL_PLAINTEXT' })
  await again.ask('SaslHandshake', 1, { mechanism: 'PLAIN' })
  await expect(broker.broker.serve(again.connection, cut.subarray(0, -2)).response).rejects.toThrow()
  const lines = await wire.lines()
  const shown = await Promise.all(lines.map(({ seq }) => desk.page.ask('exchange.detail', { seq })))
  const told = shown.map(
    (detail) => `${JSON.stringify(detail)} ${Buffer.from(detail.requestHex, 'hex').toString('latin1')}`,
  )
  expect(lines.map(({ api }) => api)).toEqual([
    'SaslHandshake',
    'SaslAuthenticate',
    'AlterUserScramCredentials',
    'IncrementalAlterConfigs',
    'SaslHandshake',
    'SaslAuthenticate',
  ])
  for (const text of told) {
    expect(text).not.toMatch(/secret-\d/)
    expect(text).not.toContain(Buffer.from('secret-').toString('hex'))
  }
  expect(told[1]).toContain('14 bytes, not shown: a secret')
  expect(told[3]).toContain('a-place')
  wire.close()
})
