import { describe, expect, test } from 'vitest'
import { readBatches } from '../../../src-main/records/batch'
import { encodeBatch } from '../../../src-main/records/encode'
import { readRecords } from '../../../src-main/records/record'
import {
  broker,
  clean,
  client,
  close,
  codecs,
  data,
  day,
  eachOnItsOwnBroker,
  empty,
  left,
  log,
  markers,
  partition,
  put,
  recordsOf,
  restart,
  soon,
  transaction,
} from '../../support/compaction'
import { start } from '../../support/core'
import { TransactionalProducer } from '../../support/transactional-producer'

/** Tests of the rules in src-main/broker/log/compaction/SPEC.md. */
eachOnItsOwnBroker()

describe('the section that is cleaned', () => {
  test('[L1] [L10] ends before the newest batch', async () => {
    await client.create('t', 1, soon)
    await put('t', [['a', '1']])
    await put('t', [['a', '2']])
    await put('t', [['a', '3']])
    await clean()
    expect(await left()).toEqual(['1 a=2', '2 a=3'])
    await close('t')
    await clean()
    expect(await left()).toEqual(['2 a=3'])
  })

  test('[L2] ends before the first open transaction', async () => {
    await client.create('t', 1, soon)
    await put('t', [['a', '1']])
    await put('t', [['a', '2']])
    const producer = await new TransactionalProducer(client, 'open').take()
    await producer.produceRecords('t', recordsOf([['a', 'open']]))
    await put('t', [['a', '4']])
    await close('t')
    await clean()
    expect(await left()).toEqual(['1 a=2', '2 a=open', '3 a=4'])
    await producer.end(true)
    await close('t')
    await clean()
    expect(await left()).toEqual(['3 a=4'])
  })

  test('[L3] ends before records that are younger than min.compaction.lag.ms, which are cleaned when they are old enough', async () => {
    await client.create('t', 1, { ...soon, 'min.compaction.lag.ms': '60000' })
    await put('t', [['a', '1']])
    await put('t', [['a', '2']])
    broker.clock.advance(30_000)
    await put('t', [['a', '3']])
    await close('t')
    await clean()
    expect(await left()).toEqual(['0 a=1', '1 a=2', '2 a=3'])
    broker.clock.advance(31_000)
    await clean()
    expect(await left()).toEqual(['1 a=2', '2 a=3'])
    broker.clock.advance(31_000)
    await clean()
    expect(await left()).toEqual(['2 a=3'])
  })

  test('[L4] [L5] is large enough for the dirty ratio, or holds something older than max.compaction.lag.ms', async () => {
    await client.create('t', 1, { 'cleanup.policy': 'compact', 'max.compaction.lag.ms': '60000' })
    await put('t', [['a', 'x'.repeat(1000)]])
    await close('t')
    await clean()
    expect(partition().facts.cleanedUntil).toBe(1)
    await put('t', [['b', '1']])
    await put('t', [['b', '2']])
    await close('t')
    await clean()
    expect((await left()).slice(1)).toEqual(['2 b=1', '3 b=2'])
    broker.clock.advance(61_000)
    await clean()
    expect((await left()).slice(1)).toEqual(['3 b=2'])
  })

  test('[L6] begins where the last pass ended, after a restart too, and at the start of a log that lost records', async () => {
    await client.create('t', 1, { 'cleanup.policy': 'compact' })
    for (const value of ['1', '2', '3']) await put('t', [['a', value]])
    await close('t')
    await clean()
    expect(partition().facts.cleanedUntil).toBe(3)
    await restart()
    expect(partition().facts.cleanedUntil).toBe(3)
    partition().deleteBefore(4)
    await broker.core.commits.settled
    for (const value of ['5', '6']) await put('t', [['a', value]])
    await close('t')
    await clean()
    expect(await left()).toEqual(['5 a=6'])
  })

  test('[L7] is looked at again and again by a timer', async () => {
    await restart({ 'log.cleaner.backoff.ms': '500' })
    await client.create('t', 1, soon)
    await put('t', [['a', '1']])
    await put('t', [['a', '2']])
    await close('t')
    broker.clock.advance(499)
    await broker.broker.maintenance.settled
    expect(await left()).toEqual(['0 a=1', '1 a=2'])
    broker.clock.advance(1)
    await broker.broker.maintenance.settled
    expect(await left()).toEqual(['1 a=2'])
    await put('t', [['a', '3']])
    await close('t')
    broker.clock.advance(500)
    await broker.broker.maintenance.settled
    expect(await left()).toEqual(['3 a=3'])
  })
})

describe('keys', () => {
  test.each([1, 2] as const)(
    '[L8] [L11] an aborted record hides no committed one, and goes (transactions %i)',
    async (version) => {
      await client.create('t', 1, soon)
      await put('t', [
        ['k', 'v1'],
        ['x', '1'],
      ])
      await transaction(
        [
          ['k', 'v2'],
          ['x', null],
          ['only', 'aborted'],
        ],
        false,
        version,
      )
      await close('t')
      await clean()
      expect(await left()).toEqual(['0 k=v1', '1 x=1'])
    },
  )

  test('[L8] a committed record takes the place of an older one', async () => {
    await client.create('t', 1, soon)
    await put('t', [['k', 'v1']])
    await transaction([['k', 'v2']], true)
    await close('t')
    await clean()
    expect(await left()).toEqual(['1 k=v2'])
  })

  test('[L9] that do not fit into the buffer are taken up by further passes', async () => {
    // Four keys at 24 bytes, nine tenths full: three.
    await restart({ 'log.cleaner.dedupe.buffer.size': '100' })
    await client.create('t', 1, soon)
    const keys = Array.from({ length: 20 }, (_, i) => `k${i}`)
    for (const value of ['1', '2']) for (const key of keys) await put('t', [[key, value]])
    await put(
      't',
      keys.map((key) => [key, '3'] as const),
    )
    await close('t')
    await clean()
    expect(await left()).toEqual(keys.map((key, i) => `${40 + i} ${key}=3`))
  })
})

describe('records', () => {
  test('[L12] a tombstone is seen for delete.retention.ms after its first cleaning, whatever its own time', async () => {
    await client.create('t', 1, { ...soon, 'delete.retention.ms': String(day) })
    const old = start - 3 * day
    await put('t', [
      ['k', 'v', old - 1],
      ['k', null, old],
      ['other', 'x', old + 1],
    ])
    await close('t')
    await clean()
    expect(await left()).toEqual(['1 k=null', '2 other=x'])
    expect((await data()).map(({ timestamp }) => timestamp).slice(0, 2)).toEqual([old, old + 1])
    const [batch] = await log()
    expect(batch).toMatchObject({ hasDeleteHorizon: true, baseTimestamp: start + day, maxTimestamp: old + 1 })
    broker.clock.advance(day - 1)
    await close('t')
    await clean()
    expect(await left()).toEqual(['1 k=null', '2 other=x'])
    broker.clock.advance(1)
    await close('t')
    await clean()
    expect(await left()).toEqual(['2 other=x'])
  })

  test('[L12] an aborted tombstone deletes nothing', async () => {
    await client.create('t', 1, { ...soon, 'delete.retention.ms': '0' })
    await put('t', [['k', 'v']])
    await transaction([['k', null]], false)
    for (let i = 0; i < 3; i++) {
      await close('t')
      await clean()
    }
    expect(await left()).toEqual(['0 k=v'])
  })

  test('[L13] without a key go', async () => {
    await client.create('t')
    await put('t', [
      [null, 'no key'],
      ['a', '1'],
    ])
    await client.ask('IncrementalAlterConfigs', 1, {
      resources: [
        {
          resourceType: 2,
          resourceName: 't',
          configs: [
            { name: 'cleanup.policy', configOperation: 0, value: 'compact' },
            { name: 'min.cleanable.dirty.ratio', configOperation: 0, value: '0' },
          ],
        },
      ],
      validateOnly: false,
    })
    await close('t')
    await clean()
    expect(await left()).toEqual(['1 a=1'])
  })
})

describe('batches', () => {
  test.each(codecs)('[L14] that keep all their records stay byte for byte (%s)', async (codec) => {
    await client.create('t', 1, soon)
    await put(
      't',
      [
        ['a', '1'],
        ['b', '1'],
      ],
      { codec },
    )
    await close('t')
    const before = (await log()).map(({ bytes }) => bytes.toString('hex'))
    await clean()
    expect((await log()).map(({ bytes }) => bytes.toString('hex'))).toEqual(before)
    expect(partition().facts.cleanedUntil).toBe(2)
  })

  test.each(codecs)('[L15] that lose records keep everything else (%s)', async (codec) => {
    await client.create('t', 1, { ...soon, 'message.timestamp.after.max.ms': '9223372036854775807' })
    const nanoseconds = 1_700_000_000_000_000_001n
    const headers = [
      { key: 'h', value: Buffer.from([0, 255]) },
      { key: 'n', value: null },
    ]
    const records = [
      { key: Buffer.from('gone'), value: Buffer.from('1'), timestamp: nanoseconds + 5n, headers: [] },
      { key: Buffer.from('kept'), value: Buffer.from([0, 128, 255]), timestamp: nanoseconds, headers },
      { key: Buffer.alloc(0), value: null, timestamp: 7, headers: [] },
      { key: Buffer.from('gone too'), value: Buffer.from('1'), timestamp: 8, headers: [] },
    ]
    const producer = { producerId: 4000n, producerEpoch: 3, baseSequence: 0 }
    await client.produce('t', encodeBatch(records, { codec, ...producer }))
    await put('t', [
      ['gone', '2'],
      ['gone too', '2'],
    ])
    await close('t')
    await clean()
    const [batch] = await log()
    expect(batch).toMatchObject({ ...producer, codec, baseOffset: 0, lastOffset: 3, leaderEpoch: 0, recordCount: 2 })
    expect(batch?.maxTimestamp).toBe(nanoseconds)
    expect([...readRecords(batch!)]).toEqual([
      { offset: 1, timestamp: nanoseconds, key: Buffer.from('kept'), value: Buffer.from([0, 128, 255]), headers },
      { offset: 2, timestamp: 7, key: Buffer.alloc(0), value: null, headers: [] },
    ])
    expect(partition().facts).toMatchObject({ maxTimestamp: nanoseconds, offsetOfMaxTimestamp: 0 })
  })

  test('[L15] with the time of the append keep it', async () => {
    await client.create('t', 1, { ...soon, 'message.timestamp.type': 'LogAppendTime' })
    await put('t', [
      ['a', '1'],
      ['b', null],
      ['c', '1'],
    ])
    broker.clock.advance(1000)
    await put('t', [['a', '2']])
    await close('t')
    await clean()
    const records = (await data()).filter(({ offset }) => offset < 3)
    expect(records.map(({ offset, timestamp }) => [offset, timestamp])).toEqual([
      [1, start],
      [2, start],
    ])
  })

  test.each(codecs)('[L16] without records stay only for the last sequence of a producer, bare (%s)', async (codec) => {
    await client.create('t', 1, soon)
    const producer = { producerId: 5000n, producerEpoch: 0 }
    for (let i = 0; i < 10; i++) {
      await put(
        't',
        [
          ['a', `${i}`],
          ['b', 'v'.repeat(500)],
        ],
        { codec, ...producer, baseSequence: 2 * i },
      )
    }
    await put('t', [
      ['a', 'end'],
      ['b', 'end'],
    ])
    await close('t')
    await clean()
    const bare = await empty()
    expect(
      bare.map(({ baseOffset, lastOffset, bytes, codec }) => [baseOffset, lastOffset, bytes.length, codec]),
    ).toEqual([[18, 19, 61, 'none']])
    expect(bare[0]).toMatchObject({
      ...producer,
      baseSequence: 18,
      recordCount: 0,
      baseTimestamp: -1,
      maxTimestamp: start,
    })
    await restart()
    expect(
      (await client.produce('t', encodeBatch(recordsOf([['a', 'x']]), { ...producer, baseSequence: 21 }))).errorCode,
    ).toBe(45)
    await put('t', [['a', 'x']], { ...producer, baseSequence: 20 })
  })

  test('[L16] a producer that is forgotten keeps no batch', async () => {
    await restart({ 'producer.id.expiration.ms': '60000' })
    await client.create('t', 1, soon)
    await put('t', [['a', '1']], { producerId: 5000n, producerEpoch: 0, baseSequence: 0 })
    await put('t', [['a', '2']])
    await close('t')
    await clean()
    expect(await empty()).toHaveLength(1)
    broker.clock.advance(61_000)
    await close('t')
    await clean()
    expect(await empty()).toEqual([])
  })

  test('[L16] a batch that lost some records still says the last sequence after a restart', async () => {
    await client.create('t', 1, soon)
    const producer = { producerId: 5000n, producerEpoch: 0 }
    await put(
      't',
      [
        ['a', '1'],
        ['b', '1'],
        ['c', '1'],
      ],
      { ...producer, baseSequence: 0 },
    )
    await put('t', [['b', '2']])
    await close('t')
    await clean()
    await restart()
    await put('t', [['d', '1']], { ...producer, baseSequence: 3 })
  })

  test('a consumer inside of a gap gets the next batch', async () => {
    await client.create('t', 1, soon)
    for (let i = 0; i < 10; i++) await put('t', [['a', `${i}`]])
    await close('t')
    await clean()
    for (const at of [0, 4, 9]) {
      const { records, highWatermark, errorCode } = await client.fetch('t', at)
      expect({ errorCode, highWatermark }).toEqual({ errorCode: 0, highWatermark: 11n })
      expect([...readBatches(records!)][0]?.baseOffset).toBe(9)
    }
  })
})

describe('transactions', () => {
  test('[L18] [L19] a marker stays while its transaction has a batch, and then for delete.retention.ms', async () => {
    await client.create('t', 1, { ...soon, 'delete.retention.ms': '1000' })
    const producer = await new TransactionalProducer(client, 'tx', 1).take()
    for (let i = 0; i < 5; i++) {
      await producer.produceRecords('t', recordsOf([['k', `${i}`]]))
      await producer.end(i !== 4)
    }
    await put('t', [['k', 'end']])
    await close('t')
    await clean()
    // The last data of the producer (offset 8, aborted) stays bare, so that its marker stays as it is.
    expect(await left()).toEqual(['10 k=end'])
    expect((await empty()).map(({ baseOffset }) => baseOffset)).toEqual([8])
    expect((await markers()).map((marker) => [marker.baseOffset, marker.hasDeleteHorizon])).toEqual(
      [1, 3, 5, 7, 9].map((at) => [at, false]),
    )
    await close('t')
    await clean()
    expect((await markers()).map((marker) => [marker.baseOffset, marker.hasDeleteHorizon])).toEqual([
      [1, true],
      [3, true],
      [5, true],
      [7, true],
      [9, false],
    ])
    broker.clock.advance(1000)
    await close('t')
    await clean()
    expect((await markers()).map(({ baseOffset }) => baseOffset)).toEqual([9])
    expect(await producer.produceRecords('t', recordsOf([['k', 'more']]))).toBe('NONE')
    expect(await producer.end(true)).toBe('NONE')
  })

  test('[L20] the marker of an epoch without data stays, bare, and fences older epochs after a restart', async () => {
    await client.create('t', 1, { ...soon, 'delete.retention.ms': '0' })
    // With transaction version 2 the marker has the next epoch.
    const producer = await transaction([['k', '1']], true)
    await put('t', [['k', 'end']])
    for (let i = 0; i < 4; i++) {
      await close('t')
      await clean()
    }
    const [marker, ...others] = await markers()
    expect(others).toEqual([])
    expect(marker).toMatchObject({ recordCount: 0, producerEpoch: producer.epoch, codec: 'none' })
    expect(await empty()).toHaveLength(1)
    await restart()
    expect(partition().producers.entry(producer.producerId).epoch).toBe(producer.epoch)
  })

  test('[L21] an aborted transaction is forgotten when nothing of it is left', async () => {
    await client.create('t', 1, { ...soon, 'delete.retention.ms': '0' })
    await transaction([['k', '1']], false)
    await put('t', [['k', 'end']])
    await close('t')
    await clean()
    expect(partition().abortedTransactions(0, 100)).toHaveLength(1)
    await close('t')
    await clean()
    expect(partition().abortedTransactions(0, 100)).toEqual([])
  })
})
