import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { RowMerging } from '../../../src-main/broker/log/merge'
import { readBatches } from '../../../src-main/records/batch'
import { readRecords } from '../../../src-main/records/record'
import { batchOf, start, TestBroker, type TestClient } from '../../support/core'

let broker: TestBroker
let client: TestClient
beforeEach(() => {
  broker = new TestBroker()
  client = broker.client()
})
afterEach(() => broker.dispose())

const values = (records: Uint8Array | null) =>
  [...readBatches(records ?? new Uint8Array())]
    .filter(({ isControl }) => !isControl)
    .flatMap((batch) => [...readRecords(batch)].map(({ offset, value }) => `${offset}:${value}`))

describe('produce', () => {
  test('a batch with a wrong checksum is refused, and nothing is stored', async () => {
    await client.create('t')
    const bad = batchOf(['a'])
    bad[bad.length - 1] = (bad[bad.length - 1] as number) ^ 1
    expect((await client.produce('t', bad)).errorCode).toBe(2)
    expect((await client.fetch('t', 0)).highWatermark).toBe(0n)
  })

  test('an idempotent producer: retries, gaps and fencing', async () => {
    await client.create('t')
    const send = (baseSequence: number, producerEpoch = 0) =>
      client.produce('t', batchOf(['a', 'b'], { producerId: 5n, producerEpoch, baseSequence }))
    expect(await send(0)).toMatchObject({ errorCode: 0, baseOffset: 0n })
    expect(await send(2)).toMatchObject({ errorCode: 0, baseOffset: 2n })
    expect(await send(0)).toMatchObject({ errorCode: 0, baseOffset: 0n, logAppendTimeMs: BigInt(start + 1) })
    expect((await send(8)).errorCode).toBe(45)
    expect(await send(0, 1)).toMatchObject({ errorCode: 0, baseOffset: 4n })
    expect((await send(4)).errorCode).toBe(47)
  })

  test('what is too large, untimely or without a key is refused by name', async () => {
    await client.create('small', 1, { 'max.message.bytes': '200' })
    await client.create('compact', 1, { 'cleanup.policy': 'compact' })
    await client.create('timely', 1, { 'message.timestamp.after.max.ms': '1000' })
    expect((await client.produce('small', batchOf(['x'.repeat(300)]))).errorCode).toBe(10)
    expect((await client.produce('compact', batchOf(['x'], { key: () => null }))).errorCode).toBe(87)
    broker.clock.advance(-1)
    const late = await client.produce('timely', batchOf(Array.from({ length: 1200 }, () => 'x')))
    expect(late).toMatchObject({ errorCode: 32 })
    expect((await client.produce('nowhere', batchOf(['x']))).errorCode).toBe(3)
  })

  test('a topic may stamp records with its own time', async () => {
    await client.create('t', 1, { 'message.timestamp.type': 'LogAppendTime' })
    broker.clock.advance(5000)
    expect((await client.produce('t', batchOf(['a']))).logAppendTimeMs).toBe(BigInt(start + 5000))
  })

  test('what cannot be stored is told, not kept, and stored again when there is room', async () => {
    await client.create('t')
    await client.produce('t', batchOf(['kept']))
    broker.workspace.limitFile(broker.workspace.fileBytes() + 100_000)
    const large = batchOf([Buffer.alloc(900_000, 'x').toString()])
    expect((await client.produce('t', large)).errorCode).toBe(56)
    // The turn that failed ends.
    await new Promise((resolve) => setImmediate(resolve))
    expect(await client.fetch('t', 0)).toMatchObject({ highWatermark: 1n })
    broker.workspace.limitFile(1_000_000_000)
    expect(await client.produce('t', batchOf(['next']))).toMatchObject({ errorCode: 0, baseOffset: 1n })
    expect(values((await client.fetch('t', 0)).records)).toEqual(['0:kept', '1:next'])
  })
})

describe('fetch', () => {
  test('a waiting fetch is woken by the append', async () => {
    await client.create('t')
    const waiting = broker.client().fetch('t', 0, { maxWaitMs: 60_000 })
    await client.produce('t', batchOf(['a']))
    expect(values((await waiting).records)).toEqual(['0:a'])
  })

  test('a waiting fetch ends with its time', async () => {
    await client.create('t')
    const waiting = client.fetch('t', 0, { maxWaitMs: 500 })
    broker.clock.advance(500)
    expect((await waiting).records?.byteLength).toBe(0)
  })

  test('one batch is given however large it is, and offsets out of range are told', async () => {
    await client.create('t')
    await client.produce('t', batchOf(['x'.repeat(5000)]))
    expect(values((await client.fetch('t', 0, { maxBytes: 10 })).records)).toHaveLength(1)
    expect((await client.fetch('t', 2)).errorCode).toBe(1)
    expect((await client.fetch('t', -1)).errorCode).toBe(1)
  })

  test('who reads committed records sees nothing of an open or aborted transaction', async () => {
    await client.create('t')
    const { producerId, producerEpoch } = await client.ask('InitProducerId', 4, {
      transactionalId: 'tx',
      transactionTimeoutMs: 60_000,
    })
    const transaction = {
      v3AndBelowTransactionalId: 'tx',
      v3AndBelowProducerId: producerId,
      v3AndBelowProducerEpoch: producerEpoch,
    }
    const run = async (text: string, baseSequence: number, committed: boolean) => {
      await client.ask('AddPartitionsToTxn', 3, { ...transaction, v3AndBelowTopics: [{ name: 't', partitions: [0] }] })
      await client.produce(
        't',
        batchOf([text], { producerId, producerEpoch, baseSequence, isTransactional: true }),
        0,
        'tx',
      )
      return await client.ask('EndTxn', 3, { transactionalId: 'tx', producerId, producerEpoch, committed })
    }
    await run('gone', 0, false)
    await run('kept', 1, true)
    const answer = await client.fetch('t', 0, { isolationLevel: 1 })
    expect(answer.abortedTransactions).toMatchObject([{ producerId, firstOffset: 0n }])
    expect(values(answer.records)).toEqual(['0:gone', '2:kept'])
    await client.ask('AddPartitionsToTxn', 3, { ...transaction, v3AndBelowTopics: [{ name: 't', partitions: [0] }] })
    await client.produce(
      't',
      batchOf(['open'], { producerId, producerEpoch, baseSequence: 2, isTransactional: true }),
      0,
      'tx',
    )
    expect(values((await client.fetch('t', 4, { isolationLevel: 1 })).records)).toEqual([])
    expect(values((await client.fetch('t', 4)).records)).toEqual(['4:open'])
  })

  test('a session answers only what changed (KIP-227)', async () => {
    await client.create('t', 2)
    const ask = (sessionId: number, sessionEpoch: number, partitions: readonly number[]) =>
      client.ask('Fetch', 12, {
        replicaId: -1,
        maxWaitMs: 0,
        minBytes: 0,
        maxBytes: 1_000_000,
        isolationLevel: 0,
        sessionId,
        sessionEpoch,
        topics:
          partitions.length === 0
            ? []
            : [
                {
                  topic: 't',
                  partitions: partitions.map((partition) => ({
                    partition,
                    fetchOffset: 0n,
                    partitionMaxBytes: 1_000_000,
                  })),
                },
              ],
        forgottenTopicsData: [],
        rackId: '',
      } as never)
    const opened = await ask(0, 0, [0, 1])
    expect(opened.responses[0]?.partitions).toHaveLength(2)
    expect((await ask(opened.sessionId, 1, [])).responses).toEqual([])
    await client.produce('t', batchOf(['a']), 1)
    expect(
      (await ask(opened.sessionId, 2, [])).responses[0]?.partitions.map(({ partitionIndex }) => partitionIndex),
    ).toEqual([1])
    expect((await ask(opened.sessionId, 9, [])).errorCode).toBe(71)
    expect((await ask(12345, 1, [])).errorCode).toBe(70)
  })
})

describe('what is kept', () => {
  test('records older than retention.ms go', async () => {
    await client.create('t', 1, { 'retention.ms': '60000' })
    await client.produce('t', batchOf(['old']))
    broker.clock.advance(50_000)
    await client.produce('t', batchOf(['new'], {}))
    broker.clock.advance(9_000)
    await broker.broker.maintenance.run()
    expect((await client.fetch('t', 0)).logStartOffset).toBe(0n)
    broker.clock.advance(1_500)
    await broker.broker.maintenance.run()
    expect((await client.fetch('t', 0)).errorCode).toBe(1)
  })

  test('a log larger than retention.bytes loses its oldest batches', async () => {
    await client.create('t', 1, { 'retention.bytes': '2500' })
    for (let i = 0; i < 5; i++) await client.produce('t', batchOf(['x'.repeat(1000)]))
    await broker.broker.maintenance.run()
    const { logStartOffset } = await client.fetch('t', 4)
    expect(logStartOffset).toBeGreaterThan(1n)
    expect(logStartOffset).toBeLessThan(4n)
  })

  test('small rows of the file are merged, and nothing of them is lost', async () => {
    await client.create('t')
    const { workspace, topics } = broker.core
    const { facts } = topics.partition('t', 0)!
    const inFirstRow = () => workspace.batches.sizes(facts, 0, facts.logEnd, 1).sizes.length
    for (let i = 0; i < 20; i++) {
      await client.produce('t', batchOf([String(i)]))
      // Its facts changed otherwise: the run that grows ends there.
      workspace.write(() => workspace.batches.setCleaned(facts, 0))
      await workspace.committed()
    }
    expect(inFirstRow()).toBe(1)
    await broker.broker.maintenance.run()
    expect(inFirstRow()).toBe(20)
    const { records } = await client.fetch('t', 0)
    expect(values(records)).toEqual(Array.from({ length: 20 }, (_, i) => `${i}:${i}`))
  })

  test('rows of a topic that is deleted while others are merged are left alone', async () => {
    await client.create('a')
    await client.create('b')
    for (const topic of ['a', 'b']) await client.produce(topic, batchOf(['x']))
    const { workspace, topics } = broker.core
    const merged = vi.spyOn(workspace.batches, 'mergeRows')
    await new RowMerging(broker.core).run(async () => {
      await client.ask('DeleteTopics', 5, { topicNames: ['b'], timeoutMs: 1000 })
      return true
    })
    expect(merged.mock.calls.map(([facts]) => facts)).toEqual([topics.partition('a', 0)!.facts])
  })

  test('a compacted topic keeps the newest record of each key, and tombstones for a while', async () => {
    await client.create('t', 1, {
      'cleanup.policy': 'compact',
      'delete.retention.ms': '1000',
      'min.cleanable.dirty.ratio': '0',
    })
    const put = (pairs: readonly (readonly [string, string | null])[]) =>
      client.produce(
        't',
        batchOf(
          pairs.map(([, value]) => value),
          { key: (i) => pairs[i]?.[0] ?? null, codec: 'gzip' },
        ),
      )
    await put([
      ['a', '1'],
      ['b', '1'],
      ['c', '1'],
    ])
    await put([
      ['a', '2'],
      ['b', null],
    ])
    await put([['d', '1']])
    await put([['end', '1']])
    await broker.broker.maintenance.run()
    expect(values((await client.fetch('t', 0)).records)).toEqual(['2:1', '3:2', '4:null', '5:1', '6:1'])
    broker.clock.advance(2000)
    await put([['end', '2']])
    await broker.broker.maintenance.run()
    expect(values((await client.fetch('t', 0)).records)).toEqual(['2:1', '3:2', '5:1', '6:1', '7:2'])
  })

  test('a topic that is deleted takes its offsets along, and wakes who waits for it', async () => {
    await client.create('t')
    await client.ask('OffsetCommit', 7, {
      groupId: 'g',
      topics: [{ name: 't', partitions: [{ partitionIndex: 0, committedOffset: 0n, committedMetadata: '' }] }],
    } as never)
    const waiting = broker.client().fetch('t', 0, { maxWaitMs: 60_000 })
    await client.ask('DeleteTopics', 5, { topicNames: ['t'], timeoutMs: 1000 })
    expect((await waiting).errorCode).toBe(3)
    expect(broker.core.groups.offsets.of('g')).toEqual([])
  })
})

describe('offsets', () => {
  const commit = (groupId: string, extra = {}) =>
    client.ask('OffsetCommit', 3, {
      groupId,
      topics: [{ name: 't', partitions: [{ partitionIndex: 0, committedOffset: 1n, committedMetadata: '' }] }],
      memberId: '',
      ...extra,
    } as never)

  test('expire by their age, and a group without any is gone', async () => {
    await client.create('t')
    await commit('simple')
    await commit('short', { retentionTimeMs: 1000n })
    broker.clock.advance(600_000)
    expect(broker.core.groups.list().map(({ groupId }) => groupId)).toEqual(['simple', 'short'])
    expect(broker.core.groups.offsets.of('short')).toEqual([])
    broker.clock.advance(7 * 24 * 3_600_000)
    expect(broker.core.groups.list()).toEqual([])
  })

  test('are written to __consumer_offsets too', async () => {
    await client.create('t')
    await commit('g')
    const topic = broker.core.topics.find('__consumer_offsets')
    expect(topic?.partitionCount).toBe(50)
    // "g" hashes to 103.
    const { records } = await client.fetch('__consumer_offsets', 0, { partition: 103 % 50 })
    const [batch] = [...readBatches(records ?? new Uint8Array())]
    const [record] = batch ? [...readRecords(batch)] : []
    expect(record?.key?.toString('hex')).toBe('000100016700017400000000')
    expect(record?.value?.toString('hex')).toMatch(/^00030000000000000001ffffffff0000/)
  })
})
