import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { payloadOf } from '../../../src-main/desk/messages/payload'
import { importMessages, produce } from '../../../src-main/desk/messages/produce'
import type { ClusterSource } from '../../../src-main/desk/source/source'
import { readBatch } from '../../../src-main/records/batch'
import { type LogRecord, readRecords } from '../../../src-main/records/record'
import { TestBroker } from '../../support/core'
import { sourceOf } from '../../support/desk'

let broker: TestBroker
let source: ClusterSource
beforeEach(() => {
  broker = new TestBroker()
  source = sourceOf(broker, (error) => expect.unreachable(String(error)))
})
afterEach(() => broker.dispose())

const message = { partition: null, timestamp: null, key: null, value: 'v', headers: [] } as const

/** The batches of a partition, and their records. */
function stored(topic: string, partition = 0) {
  const log = broker.core.topics.find(topic)?.partition(partition)
  if (!log) throw new Error('no such partition')
  const sizes: number[] = []
  const records: LogRecord[] = []
  while (records.length < log.highWatermark) {
    for (const bytes of log.read(records.length, 1, true, log.highWatermark).batches) {
      sizes.push(bytes.byteLength)
      records.push(...readRecords(readBatch(bytes)))
    }
  }
  return { sizes, records }
}

describe('produce', () => {
  test('keeps null, no bytes and any bytes apart, in key, value and headers', async () => {
    await broker.client().create('orders')
    const binary = { base64: Buffer.from([0, 255, 254, 13, 10]).toString('base64') }
    const headers = [
      { key: 'h', value: null },
      { key: 'h', value: '' },
      { key: 'h', value: binary },
    ]
    await produce(
      source,
      {
        topic: 'orders',
        partition: 0,
        key: null,
        value: '',
        headers,
        codec: 'none',
        count: 1,
        timestamp: null,
      },
      broker.clock.now(),
    )
    await produce(
      source,
      {
        topic: 'orders',
        partition: 0,
        key: '',
        value: null,
        headers: [],
        codec: 'gzip',
        count: 1,
        timestamp: null,
      },
      broker.clock.now(),
    )
    await produce(
      source,
      {
        topic: 'orders',
        partition: 0,
        key: binary,
        value: binary,
        headers: [],
        codec: 'none',
        count: 1,
        timestamp: null,
      },
      broker.clock.now(),
    )
    const given = stored('orders').records.map(({ key, value, headers: all }) => ({
      key: payloadOf(key),
      value: payloadOf(value),
      headers: all.map((header) => ({ key: header.key, value: payloadOf(header.value) })),
    }))
    expect(given).toEqual([
      { key: null, value: '', headers },
      { key: '', value: null, headers: [] },
      { key: binary, value: binary, headers: [] },
    ])
  })

  test('writes many copies in batches that the topic takes', async () => {
    await broker.client().create('orders', 1, { 'max.message.bytes': '100000' })
    const outcome = await produce(
      source,
      {
        topic: 'orders',
        partition: null,
        key: 'k',
        value: 'x'.repeat(2000),
        headers: [],
        codec: 'none',
        count: 1000,
        timestamp: null,
      },
      broker.clock.now(),
    )
    expect(outcome).toEqual({ partition: 0, offset: 0 })
    const { sizes, records } = stored('orders')
    expect(records).toHaveLength(1000)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(100_000)
    expect(sizes.length).toBeLessThan(30)
  })

  test('says how large a message is that the topic does not take', async () => {
    await broker.client().create('orders', 1, { 'max.message.bytes': '1000' })
    const big = {
      topic: 'orders',
      partition: 0,
      key: null,
      value: 'x'.repeat(2000),
      headers: [],
      count: 1,
      timestamp: null,
    } as const
    await expect(produce(source, { ...big, codec: 'none' }, broker.clock.now())).rejects.toThrow(
      'the message makes a batch of 2,070 bytes, and max.message.bytes of orders is 1,000',
    )
    // What counts is what is stored.
    expect(await produce(source, { ...big, codec: 'gzip' }, broker.clock.now())).toEqual({ partition: 0, offset: 0 })
  })
})

describe('messages of a file', () => {
  test('are cut into batches by size, each partition in order', async () => {
    await broker.client().create('orders', 2, { 'max.message.bytes': '50000' })
    const messages = Array.from({ length: 300 }, (_, i) => ({
      ...message,
      partition: i % 2,
      timestamp: i - 1,
      value: `${i} ${'x'.repeat(i % 3 === 0 ? 3000 : 10)}`,
    }))
    const outcome = await importMessages(source, { topic: 'orders', codec: 'none', messages }, broker.clock.now())
    expect(outcome).toEqual({ written: 300, refused: null })
    for (const partition of [0, 1]) {
      const { sizes, records } = stored('orders', partition)
      expect(Math.max(...sizes)).toBeLessThanOrEqual(50_000)
      expect(records.map(({ timestamp }) => timestamp)).toEqual(
        messages.filter((one) => one.partition === partition).map(({ timestamp }) => timestamp),
      )
    }
  })

  test('are all written or none, and the one to blame is named', async () => {
    await broker.client().create('orders', 2, { 'max.message.bytes': '1000', 'cleanup.policy': 'compact' })
    const good = { ...message, key: 'k' }
    const put = (...messages: Parameters<typeof importMessages>[1]['messages']) =>
      importMessages(source, { topic: 'orders', codec: 'none', messages }, broker.clock.now())
    expect(await put(good, good, { ...good, value: 'x'.repeat(2000) })).toEqual({
      written: 0,
      refused: { index: 2, why: expect.stringContaining('max.message.bytes of orders is 1,000') },
    })
    expect(await put(good, { ...good, partition: 7 })).toEqual({
      written: 0,
      refused: { index: 1, why: 'orders has no partition 7' },
    })
    expect(await put({ ...good, partition: 1 }, { ...good, partition: 0 }, { ...message, partition: 1 })).toEqual({
      written: 0,
      refused: { index: 2, why: expect.stringContaining('Compacted topic cannot accept message without key') },
    })
    expect(stored('orders', 0).records).toEqual([])
    expect(stored('orders', 1).records).toEqual([])
  })
})
