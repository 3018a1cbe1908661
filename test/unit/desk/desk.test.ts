import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Client } from '../../../src-main/contract/client'
import { batchHeaderBytes } from '../../../src-main/records/batch'
import { batchOf, TestBroker, type TestClient } from '../../support/core'
import { TestDesk } from '../../support/desk'

let broker: TestBroker
let client: TestClient
let desk: TestDesk
let page: Client

beforeEach(() => {
  broker = new TestBroker()
  client = broker.client()
  desk = new TestDesk(broker)
  page = desk.page
})
afterEach(async () => {
  await desk.dispose()
  await broker.dispose()
  expect(desk.faults).toEqual([])
})

/** A member of a group that has joined and synced. */
async function joined(groupId: string, topic: string): Promise<string> {
  const protocols = [
    {
      name: 'range',
      metadata: Buffer.from(
        `0000000000010005${Buffer.from(topic).toString('hex')}ffffffff`.replace(
          '0005',
          topic.length.toString(16).padStart(4, '0'),
        ),
        'hex',
      ),
    },
  ]
  const answer = client.ask('JoinGroup', 2, {
    groupId,
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
    memberId: '',
    protocolType: 'consumer',
    protocols,
  })
  broker.clock.advance(1)
  const { memberId, generationId } = await answer
  const assignment = Buffer.concat([
    Buffer.from('000000000001', 'hex'),
    Buffer.from([0, topic.length]),
    Buffer.from(topic),
    Buffer.from('0000000100000000ffffffff', 'hex'),
  ])
  await client.ask('SyncGroup', 2, { groupId, generationId, memberId, assignments: [{ memberId, assignment }] })
  return memberId
}

describe('the desk', () => {
  test('a page watches topics as they come', async () => {
    const { items, close } = await desk.watch('topics', undefined)
    await page.ask('topic.create', { topic: 'orders', partitions: 2, configs: { 'cleanup.policy': 'compact' } })
    await desk.advance(200)
    expect(items.map((topics) => topics.map(({ name }) => name))).toEqual([[], ['orders']])
    close()
    await page.ask('topic.create', { topic: 'more', partitions: 1, configs: {} })
    await desk.advance(200)
    expect(items).toHaveLength(2)
    expect(
      (await page.ask('topic.configs', { topic: 'orders' })).find(({ name }) => name === 'cleanup.policy'),
    ).toMatchObject({ value: 'compact', isDefault: false })
  })

  test('what a page may not send is refused in words, and what is not there too', async () => {
    await expect(page.ask('topic.create', { topic: 'a b', partitions: 1, configs: {} })).rejects.toThrow(
      'Topic name is invalid',
    )
    await expect(page.ask('topic.create', { topic: 'ok', partitions: 0, configs: {} })).rejects.toThrow(
      'partitions must be a whole number',
    )
    await expect(page.ask('topic.alter', { topic: 'none', config: 'retention.ms', value: '1' })).rejects.toThrow(
      'There is no topic none',
    )
    await expect(page.ask('nothing' as never, undefined as never)).rejects.toThrow('there is no question nothing')
  })

  test('a message is written and read in full', async () => {
    await page.ask('topic.create', { topic: 'orders', partitions: 1, configs: {} })
    const written = await page.ask('messages.produce', {
      topic: 'orders',
      partition: null,
      key: 'k',
      value: '{"id":9007199254740993}',
      headers: [{ key: 'h', value: null }],
      codec: 'zstd',
      count: 2,
      timestamp: null,
    })
    expect(written).toEqual({ partition: 0, offset: 0 })
    const detail = await page.ask('messages.detail', { topic: 'orders', partition: 0, offset: 1 })
    expect(detail).toMatchObject({
      key: { kind: 'text', text: 'k' },
      value: { kind: 'json', text: '{"id":9007199254740993}' },
      headers: [{ key: 'h', value: { kind: 'null' } }],
      batch: { codec: 'zstd', records: 2 },
      consumedBy: [],
    })
    await expect(page.ask('messages.detail', { topic: 'orders', partition: 0, offset: 2 })).rejects.toThrow(
      'There is no message at offset 2 of orders-0',
    )
  })

  test.each([
    ['gzip', batchOf(['a'.repeat(5000)], { codec: 'gzip' })],
    ['none', batchOf(['a'.repeat(5000)])],
  ] as const)('of a batch with codec %s the compression is told, its header aside', async (codec, batch) => {
    await client.create('orders')
    await client.produce('orders', batch)
    const { batch: facts } = await page.ask('messages.detail', { topic: 'orders', partition: 0, offset: 0 })
    expect(facts).toMatchObject({ codec, sizeBytes: batch.length })
    const plainBytes = batchOf(['a'.repeat(5000)]).length - batchHeaderBytes
    expect(facts.compressionRatio).toBe(codec === 'none' ? null : plainBytes / (batch.length - batchHeaderBytes))
  })

  test('a message is given byte for byte, however large, and written like that', async () => {
    await page.ask('topic.create', { topic: 'orders', partitions: 1, configs: { 'max.message.bytes': '5000000' } })
    const binary = { base64: Buffer.alloc(1_500_000, 0xfe).toString('base64') }
    const message = {
      key: '',
      value: binary,
      headers: [
        { key: 'h', value: null },
        { key: 'h', value: { base64: 'AP8=' } },
      ],
    }
    await page.ask('messages.produce', {
      topic: 'orders',
      partition: 0,
      ...message,
      codec: 'none',
      count: 1,
      timestamp: null,
    })
    const at = { topic: 'orders', partition: 0, offset: 0 }
    expect(await page.ask('messages.exact', at)).toEqual(message)
    const imported = { ...message, partition: null, timestamp: -1 }
    const outcome = await page.ask('messages.import', { topic: 'orders', codec: 'none', messages: [imported] })
    expect(outcome).toEqual({ written: 1, refused: null })
    expect(await page.ask('messages.exact', { ...at, offset: 1 })).toEqual(message)
    await expect(page.ask('messages.exact', { ...at, offset: 2 })).rejects.toThrow(
      'There is no message at offset 2 of orders-0',
    )
    const wrong = { ...message, key: 5 as never }
    await expect(
      page.ask('messages.produce', {
        topic: 'orders',
        partition: 0,
        ...wrong,
        codec: 'none',
        count: 1,
        timestamp: null,
      }),
    ).rejects.toThrow('key must be an object')
  })

  test('a decoder is chosen for a topic, and a schema that is none is refused', async () => {
    await page.ask('topic.create', { topic: 'orders', partitions: 1, configs: {} })
    const message = { partition: null, timestamp: 5, key: null, headers: [] }
    await page.ask('messages.import', {
      topic: 'orders',
      codec: 'none',
      messages: [
        { ...message, value: { base64: Buffer.from([0, 0, 0, 7]).toString('base64') } },
        { ...message, value: 'text', timestamp: null },
      ],
    })
    const automatic = { format: 'auto', schema: null, type: null } as const
    await page.ask('topic.decode', { topic: 'orders', key: automatic, value: { ...automatic, format: 'integer' } })
    const at = (offset: number) => page.ask('messages.at', { topic: 'orders', partition: 0, offset })
    expect(await at(0)).toMatchObject({ offset: 0, timestamp: 5, value: { kind: 'integer', text: '7' } })
    expect(await at(1)).toMatchObject({ value: { kind: 'integer', text: '1952807028' } })
    expect(await at(2)).toBeNull()
    const wrong = page.ask('topic.decode', { topic: 'orders', key: automatic, value: { ...automatic, format: 'avro' } })
    await expect(wrong).rejects.toThrow('Avro needs its schema')
    expect(await page.ask('topic.decoders', { topic: 'orders' })).toMatchObject({ value: { format: 'integer' } })
  })

  test('a setting of the workspace takes effect at once, and no client sees its kind', async () => {
    const set = (name: string, value: string | null) => page.ask('settings.set', { name, value })
    await set('num.partitions', '7')
    expect(broker.core.configs.brokerNumber('num.partitions')).toBe(7)
    await client.ask('Metadata', 4, { topics: [{ name: 'made' }], allowAutoTopicCreation: true })
    expect(broker.core.topics.find('made')?.partitionCount).toBe(7)
    await expect(set('num.partitions', '0')).rejects.toThrow('num.partitions')
    await expect(set('ottla.port', '70000')).rejects.toThrow('70000 is not a value for ottla.port.')
    await expect(set('log.dirs', '/')).rejects.toThrow('There is no setting log.dirs.')
    await set('num.partitions', null)
    expect(broker.core.configs.brokerNumber('num.partitions')).toBe(1)
  })

  test('a setting without a value tells which config decides, in its own unit', async () => {
    const inherited = async (name: string) => {
      const { items } = await desk.watch('settings', undefined)
      return items.at(-1)?.find((line) => line.name === name)?.inherited
    }
    expect(await inherited('log.retention.ms')).toEqual({ name: 'log.retention.hours', value: '604800000' })
    expect(await inherited('log.retention.bytes')).toBeNull()
    await page.ask('settings.set', { name: 'log.retention.ms', value: '60000' })
    expect(await inherited('log.retention.ms')).toBeNull()
  })

  test('a group, its partitions and its lag', async () => {
    await client.create('orders')
    await client.produce('orders', batchOf(['a', 'b', 'c']))
    const memberId = await joined('g', 'orders')
    await client.ask('OffsetCommit', 7, {
      groupId: 'g',
      generationIdOrMemberEpoch: 1,
      memberId,
      topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, committedOffset: 1n, committedMetadata: 'm' }] }],
    } as never)
    const { items } = await desk.watch('group', { groupId: 'g' })
    expect(items.at(-1)).toMatchObject({
      state: 'Stable',
      lag: 2,
      members: [{ memberId, assigned: { orders: [0] } }],
      partitions: [{ topic: 'orders', partition: 0, start: 0, end: 3, committed: 1, lag: 2, owner: memberId }],
    })
  })

  test('rebalances come as frames, the journal first', async () => {
    await client.create('orders')
    await joined('g', 'orders')
    const { items } = await desk.watch('rebalances', { groupId: 'g' })
    const frames = () => items.flatMap((news) => news.frames)
    expect(frames().map(({ state }) => state)).toEqual(['PreparingRebalance', 'CompletingRebalance', 'Stable'])
    expect(frames()[0]).toMatchObject({ seq: 1, full: true })
    await desk.advance(10_000)
    expect(frames().at(-1)).toMatchObject({
      state: 'Empty',
      causes: [expect.objectContaining({ kind: 'sessionExpired', afterMs: 10_000 })],
      removed: [expect.any(String)],
    })
    expect(await page.ask('rebalances.export', { groupId: 'g', from: 1, to: 4 })).toContain('----')
  })

  test('the rebalances of the whole journal are known, and its frames are read by their time', async () => {
    await client.create('orders')
    for (let i = 0; i < 3; i++) {
      await joined('g', 'orders')
      broker.clock.advance(60_000)
    }
    const { items: news } = await desk.watch('rebalances', { groupId: 'g' })
    expect(news[0]?.boundaries?.map(({ boundary, seq, epoch }) => [boundary, seq, epoch])).toEqual([
      ['start', 1, 0],
      ['end', 3, 1],
      ['startAndEnd', 4, 2],
      ['start', 5, 2],
      ['end', 7, 3],
      ['startAndEnd', 8, 4],
      ['start', 9, 4],
      ['end', 11, 5],
      ['startAndEnd', 12, 6],
    ])
    const second = news[0]?.frames.find(({ seq }) => seq === 5)?.at ?? 0
    const span = async (fromAt: number, toAt: number) =>
      (await page.ask('rebalances.frames', { groupId: 'g', fromAt, toAt })).map(({ seq }) => seq)
    // From the full frame before it, so that it can be drawn.
    expect(await span(second, second + 1)).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(await span(0, 1)).toEqual([])
    expect((await span(0, Number.MAX_SAFE_INTEGER - 1)).at(-1)).toBe(12)
  })

  test('when its members sent a heartbeat, and until when their sessions last', async () => {
    await client.create('orders')
    const memberId = await joined('g', 'orders')
    const { items: seen } = await desk.watch('rebalances.sessions', { groupId: 'g' })
    const at = broker.clock.now()
    expect(seen).toEqual([[{ memberId, heardAt: at, expiresAt: at + 10_000, everyMs: 10_000 / 3 }]])
    for (let i = 0; i < 2; i++) {
      await desk.advance(1000)
      await client.ask('Heartbeat', 4, { groupId: 'g', generationId: 1, memberId })
    }
    for (let i = 0; i < 3; i++) await desk.advance(1000)
    expect(seen.at(-1)).toEqual([{ memberId, heardAt: at + 2000, expiresAt: at + 12_000, everyMs: 1000 }])
  })

  test('a reset under running consumers: late commits are refused, and it can be undone', async () => {
    await client.create('orders')
    await client.produce('orders', batchOf(['a', 'b', 'c']))
    const memberId = await joined('g', 'orders')
    const commit = async () =>
      (
        await client.ask('OffsetCommit', 7, {
          groupId: 'g',
          generationIdOrMemberEpoch: 1,
          memberId,
          topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, committedOffset: 3n, committedMetadata: '' }] }],
        } as never)
      ).topics[0]?.partitions[0]?.errorCode
    expect(await commit()).toBe(0)
    const to = { to: 'earliest', value: null, groupId: null, offsets: null } as const
    const plan = await page.ask('reset.plan', { groupId: 'g', to, topics: [], partitions: null })
    expect(plan).toMatchObject({ members: 1, lines: [{ current: 3, next: 0, replayed: 3, skipped: 0 }] })
    expect(plan.command).toContain('--to-earliest --topic orders')
    await expect(
      page.ask('reset.apply', { groupId: 'g', to, topics: [], partitions: null, fence: false }),
    ).rejects.toThrow('has 1 active member')
    await page.ask('reset.apply', { groupId: 'g', to, topics: [], partitions: null, fence: true })
    expect(await commit()).toBe(25)
    expect(broker.core.groups.offsets.get('g', 'orders', 0)?.offset).toBe(0)
    const [record] = await page.ask('reset.history', { groupId: 'g' })
    await page.ask('reset.undo', { groupId: 'g', id: record?.id ?? 0, fence: false })
    expect(broker.core.groups.offsets.get('g', 'orders', 0)?.offset).toBe(3)
    await expect(page.ask('reset.undo', { groupId: 'g', id: record?.id ?? 0, fence: false })).rejects.toThrow(
      'undone already',
    )
  })

  test('the wire inspector tells fields and their bytes', async () => {
    const { items } = await desk.watch('exchanges', null)
    await client.create('orders')
    await desk.advance(100)
    const detail = await page.ask('exchange.detail', { seq: items[0]?.lines[0]?.seq ?? 0 })
    expect(detail).toMatchObject({ api: 'CreateTopics', version: 5 })
    expect(JSON.stringify(detail.request)).toContain('"value":"orders"')
  })
})
