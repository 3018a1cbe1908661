import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { errorName } from '../../../src-main/protocol/errors'
import { readBatches } from '../../../src-main/records/batch'
import { readRecords } from '../../../src-main/records/record'
import { batchOf, TestBroker, type TestClient } from '../../support/core'
import { TransactionalProducer } from '../../support/transactional-producer'

let broker: TestBroker
let client: TestClient
beforeEach(async () => {
  broker = new TestBroker()
  client = broker.client()
  await client.create('t')
})
afterEach(() => broker.dispose())

const producer = (version: 1 | 2 = 2, id = 'tx') => new TransactionalProducer(broker.client(), id, version).take()
const partition = (name = 't') => broker.core.topics.partition(name, 0)!
const offsetOf = (groupId: string) => broker.core.groups.offsets.get(groupId, 't', 0)?.offset
const control = async (topic = 't') => {
  const { records } = await client.fetch(topic, 0)
  return [...readBatches(records ?? new Uint8Array())]
    .filter(({ isControl }) => isControl)
    .map((batch) => `${[...readRecords(batch)][0]?.key?.[3] === 1 ? 'commit' : 'abort'}@${batch.producerEpoch}`)
}
/** The turn that failed ends. */
const turn = () => new Promise((resolve) => setImmediate(resolve))

async function mark(fields: {
  producerId: bigint
  producerEpoch: number
  coordinatorEpoch?: number
  transactionVersion?: number
  topic?: string
  partition?: number
  committed?: boolean
}) {
  const { producerId, producerEpoch, coordinatorEpoch = 0, transactionVersion = 0, topic = 't' } = fields
  const topics = [{ name: topic, partitionIndexes: [fields.partition ?? 0] }]
  const { markers } = await client.ask('WriteTxnMarkers', 2, {
    markers: [
      {
        producerId,
        producerEpoch,
        transactionResult: fields.committed ?? false,
        topics,
        coordinatorEpoch,
        transactionVersion,
      },
    ],
  })
  return errorName(markers[0]?.topics[0]?.partitions[0]?.errorCode ?? -1)
}

describe('what a transactional batch must be', () => {
  test('records of a transaction come with its id, and of one producer', async () => {
    const one = await producer()
    expect(await one.write('t', ['a'], { transactionalId: null })).toBe('TRANSACTIONAL_ID_AUTHORIZATION_FAILED')
    expect(partition().highWatermark).toBe(0)
    await client.create('u')
    const other = await producer(2, 'other')
    const records = ({ producerId, epoch: producerEpoch }: TransactionalProducer) =>
      batchOf(['a'], { producerId, producerEpoch, baseSequence: 0, isTransactional: true })
    const { responses } = await client.ask('Produce', 12, {
      transactionalId: 'tx',
      acks: -1,
      timeoutMs: 1000,
      topicData: [
        { name: 't', partitionData: [{ index: 0, records: records(one) }] },
        { name: 'u', partitionData: [{ index: 0, records: records(other) }] },
      ],
    })
    expect(responses.map(({ partitionResponses }) => errorName(partitionResponses[0]!.errorCode))).toEqual([
      'INVALID_PRODUCER_ID_MAPPING',
      'INVALID_PRODUCER_ID_MAPPING',
    ])
    // Records outside of a transaction need no right to the id that comes with them.
    expect((await client.produce('t', batchOf(['a']), 0, 'whatever')).errorCode).toBe(0)
  })

  test('a partition that was not added is told as the client understands it', async () => {
    const old = await producer(1)
    expect(await old.write('t', ['a'], { version: 10 })).toBe('INVALID_TXN_STATE')
    expect(await old.write('t', ['a'], { version: 11 })).toBe('TRANSACTION_ABORTABLE')
    expect(await old.write('t', ['a'], { version: 12 })).toBe('NONE')
    expect(broker.core.transactions.find('tx')).toMatchObject({ state: 'Ongoing', partitions: ['t:0'] })
  })

  test('a retry after its transaction ended is not of it', async () => {
    const old = await producer(1)
    await old.produce('t', ['a'])
    await old.end(true)
    expect(await old.write('t', ['a'], { baseSequence: 0 })).toBe('INVALID_TXN_STATE')
    const one = await producer(2)
    await one.produce('t', ['a'])
    const { epoch } = one
    await one.end(true)
    one.epoch = epoch
    expect(await one.write('t', ['a'], { baseSequence: 0 })).toBe('INVALID_PRODUCER_EPOCH')
  })

  test('[P4] [P9] every epoch begins at sequence 0, after a restart too', async () => {
    const one = await producer(2)
    expect(await one.write('t', ['a'], { baseSequence: 3 })).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    await one.produce('t', ['a'])
    await one.end(true)
    expect(await one.write('t', ['b'], { baseSequence: 7 })).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    partition().rolledBack()
    expect(await one.write('t', ['b'], { baseSequence: 7 })).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    expect(await one.write('t', ['b'])).toBe('NONE')
  })
})

describe('a log that begins within a transaction', () => {
  test('is stable up to its beginning', async () => {
    const one = await producer()
    await one.produce('t', ['a', 'b'])
    await client.ask('DeleteRecords', 2, {
      topics: [{ name: 't', partitions: [{ partitionIndex: 0, offset: 1n }] }],
      timeoutMs: 1000,
    })
    await one.produce('t', ['c'])
    expect(partition()).toMatchObject({ logStartOffset: 1, lastStableOffset: 1, highWatermark: 3 })
    expect(await client.fetch('t', 1, { isolationLevel: 1 })).toMatchObject({ errorCode: 0, lastStableOffset: 1n })
    await one.end(true)
    expect(partition().lastStableOffset).toBe(4)
  })
})

describe('rights', () => {
  test('whoever has none does not learn which topics there are', async () => {
    const guarded = new TestBroker({
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    })
    const stranger = guarded.client()
    expect(errorName((await stranger.produce('nowhere', batchOf(['a']))).errorCode)).toBe('TOPIC_AUTHORIZATION_FAILED')
    const one = new TransactionalProducer(stranger, 'tx')
    one.producerId = 1n
    one.epoch = 0
    expect(await one.write('nowhere', ['a'])).toBe('TRANSACTIONAL_ID_AUTHORIZATION_FAILED')
    expect(await one.add('nowhere')).toBe('TRANSACTIONAL_ID_AUTHORIZATION_FAILED')
    await guarded.dispose()
  })
})

describe('offsets of a transaction', () => {
  test('come only into one that is open, in words that the client knows', async () => {
    const old = await producer(1)
    expect(await old.commitOffset('g', 't', 5, { version: 3 })).toBe('INVALID_TXN_STATE')
    expect(await old.commitOffset('g', 't', 5, { version: 4 })).toBe('TRANSACTION_ABORTABLE')
    await old.produce('t', ['a'])
    await old.end(true)
    expect(offsetOf('g')).toBeUndefined()
    await old.sendOffset('g', 't', 5)
    await old.end(true)
    expect(offsetOf('g')).toBe(5)
    // Late: it joins no other transaction.
    expect(await old.commitOffset('g', 't', 6, { version: 3 })).toBe('INVALID_TXN_STATE')
    await old.produce('t', ['b'])
    await old.end(true)
    expect(offsetOf('g')).toBe(5)
  })

  test('are refused one by one: too much metadata, no such partition', async () => {
    const one = await producer()
    expect(await one.commitOffset('g', 't', 5, { metadata: 'x'.repeat(4097) })).toBe('OFFSET_METADATA_TOO_LARGE')
    expect(await one.commitOffset('g', 't', 5, { partition: 3 })).toBe('UNKNOWN_TOPIC_OR_PARTITION')
    expect(await one.commitOffset('', 't', 5)).toBe('INVALID_GROUP_ID')
    one.epoch = 99
    // Nothing that could be committed: the coordinator is not asked who this is.
    expect(await one.commitOffset('g', 'nowhere', 5)).toBe('UNKNOWN_TOPIC_OR_PARTITION')
    expect(await one.commitOffset('g', 't', 5)).toBe('INVALID_PRODUCER_EPOCH')
  })

  test('go with the offsets that are deleted', async () => {
    const one = await producer()
    await one.sendOffset('g', 't', 5)
    expect(broker.core.groups.offsets.isPending('g', 't', 0)).toBe(true)
    broker.core.groups.offsets.remove('g', [{ topic: 't', partition: 0 }], broker.clock.now())
    expect(broker.core.groups.offsets.isPending('g', 't', 0)).toBe(false)
    await one.end(true)
    expect(offsetOf('g')).toBeUndefined()
  })
})

describe('markers of an administrator', () => {
  test('[P10] end what is open in a partition, and are refused when they are of the past', async () => {
    const one = await producer()
    await one.produce('t', ['a'])
    const { producerId, epoch: producerEpoch } = one
    expect(partition().lastStableOffset).toBe(0)
    expect(await mark({ producerId, producerEpoch, transactionVersion: 2 })).toBe('INVALID_PRODUCER_EPOCH')
    expect(await mark({ producerId, producerEpoch, coordinatorEpoch: 7 })).toBe('NONE')
    expect(partition().lastStableOffset).toBe(2)
    expect(await mark({ producerId, producerEpoch, coordinatorEpoch: 6 })).toBe('TRANSACTION_COORDINATOR_FENCED')
    partition().rolledBack()
    expect(await mark({ producerId, producerEpoch, coordinatorEpoch: 6 })).toBe('TRANSACTION_COORDINATOR_FENCED')
    expect(await control()).toEqual(['abort@0'])
  })

  test('end what a transaction sent to a group', async () => {
    const one = await producer()
    await one.sendOffset('g', 't', 4)
    await one.end(true)
    await one.sendOffset('g', 't', 5)
    const { producerId, epoch: producerEpoch } = one
    const place = broker.core.groups.settings.offsetsPartition('g').split(':')[1]
    const ask = { producerId, producerEpoch, committed: true, topic: '__consumer_offsets' }
    expect(await mark({ ...ask, partition: (Number(place) + 1) % 50 })).toBe('NONE')
    expect(offsetOf('g')).toBe(4)
    expect(await mark({ ...ask, partition: Number(place) })).toBe('NONE')
    expect(offsetOf('g')).toBe(5)
  })
})

describe('what the broker tells of transactions', () => {
  const list = async (fields: {
    durationFilter?: bigint
    stateFilters?: string[]
    transactionalIdPattern?: string
  }) => {
    const filters = { stateFilters: [], producerIdFilters: [], durationFilter: -1n, ...fields }
    const { transactionStates } = await client.ask('ListTransactions', 2, filters)
    return transactionStates.map(({ transactionalId, transactionState }) => `${transactionalId} ${transactionState}`)
  }

  test('the time of the start stays when it is over, and filters also what never began', async () => {
    await producer(2, 'idle')
    const done = await producer(2, 'done')
    await done.produce('t', ['a'])
    const startedAt = BigInt(broker.clock.now())
    broker.clock.advance(1000)
    await done.end(true)
    const open = await producer(2, 'open')
    await open.produce('t', ['b'])
    const { transactionStates } = await client.ask('DescribeTransactions', 0, { transactionalIds: ['done', '', 'no'] })
    expect(transactionStates).toMatchObject([
      { transactionState: 'CompleteCommit', transactionStartTimeMs: startedAt, topics: [] },
      { errorCode: 42 },
      { errorCode: 105 },
    ])
    expect(await list({ durationFilter: 500n })).toEqual(['idle Empty', 'done CompleteCommit'])
    expect(await list({ stateFilters: ['Ongoing', 'Nonsense'] })).toEqual(['open Ongoing'])
    expect(await list({ transactionalIdPattern: 'd.*' })).toEqual(['done CompleteCommit'])
  })

  test('producers of a partition: the last sequence of their epoch', async () => {
    const one = await producer()
    await one.produce('t', ['a', 'b'])
    const describeProducers = async (name: string) =>
      (await client.ask('DescribeProducers', 0, { topics: [{ name, partitionIndexes: [0] }] })).topics[0]?.partitions[0]
    expect((await describeProducers('t'))?.activeProducers).toMatchObject([
      { producerEpoch: 0, lastSequence: 1, currentTxnStartOffset: 0n },
    ])
    await one.end(false)
    expect((await describeProducers('t'))?.activeProducers).toMatchObject([
      { producerEpoch: 1, lastSequence: -1, currentTxnStartOffset: -1n },
    ])
    expect(await describeProducers('no topic')).toMatchObject({ errorCode: 17 })
    // [P8] A day later.
    broker.clock.advance(86_400_000 + 600_000)
    expect((await describeProducers('t'))?.activeProducers).toEqual([])
  })
})

describe('a file that cannot be written', () => {
  test('[T13] a transaction whose time is over is aborted when it can be written again', async () => {
    const one = await producer()
    await one.produce('t', ['a'])
    await broker.workspace.settled()
    const large = batchOf([Buffer.alloc(900_000, 'x').toString()])
    broker.workspace.limitFile(broker.workspace.fileBytes() + 100_000)
    // In one turn: what fails, and the time that is over.
    const failing = client.produce('t', large)
    broker.clock.advance(60_000)
    expect(errorName((await failing).errorCode)).toBe('KAFKA_STORAGE_ERROR')
    await turn()
    expect(broker.core.transactions.find('tx')?.state).toBe('Ongoing')
    expect(await control()).toEqual([])
    broker.workspace.limitFile(1_000_000_000)
    broker.clock.advance(5000)
    await turn()
    expect(broker.core.transactions.find('tx')?.state).toBe('CompleteAbort')
    expect(await control()).toEqual(['abort@1'])
  })

  test('nothing of a failed turn stays in memory: offsets, a commit', async () => {
    const one = await producer()
    await one.produce('t', ['a'])
    await one.sendOffset('g', 't', 1)
    const fail = async (what: () => Promise<unknown>) => {
      broker.workspace.limitFile(broker.workspace.fileBytes() + 100_000)
      const failing = client.produce('t', batchOf([Buffer.alloc(900_000, 'x').toString()]))
      const answer = await what()
      await failing
      await turn()
      broker.workspace.limitFile(1_000_000_000)
      return answer
    }
    expect(await fail(() => one.sendOffset('g', 't', 9))).toBe('COORDINATOR_NOT_AVAILABLE')
    expect(await fail(() => one.sendOffset('new', 't', 9))).toBe('COORDINATOR_NOT_AVAILABLE')
    expect(broker.core.groups.offsets.hasPending('new')).toBe(false)
    expect(await fail(() => one.end(true))).toBe('COORDINATOR_NOT_AVAILABLE')
    expect(broker.core.transactions.find('tx')?.state).toBe('Ongoing')
    expect(await one.end(true)).toBe('NONE')
    expect(offsetOf('g')).toBe(1)
    expect(partition().lastStableOffset).toBe(partition().highWatermark)
  })
})
