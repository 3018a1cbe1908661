import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { zeroUuid } from '../../../src-main/base/uuid'
import type { RequestInput } from '../../../src-main/protocol/api-types'
import { errorName } from '../../../src-main/protocol/errors'
import { batchOf, TestBroker, type TestClient } from '../../support/core'
import { TransactionalProducer } from '../../support/transactional-producer'

let broker: TestBroker
let client: TestClient
beforeEach(async () => {
  broker = new TestBroker()
  client = broker.client()
  await client.create('t', 2)
})
afterEach(() => broker.dispose())

const idOf = (name: string) => broker.core.topics.find(name)?.id ?? ''

interface Wanted {
  readonly topicId?: string
  readonly partition?: number
  readonly offset?: bigint
  readonly maxBytes?: number
}

function ask(
  version: number,
  wanted: readonly Wanted[],
  options: Partial<RequestInput<'Fetch'>> = {},
  from: TestClient = client,
) {
  return from.ask('Fetch', version, {
    replicaId: -1,
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: 50_000_000,
    isolationLevel: 0,
    sessionId: 0,
    sessionEpoch: -1,
    topics: wanted.map(({ topicId = idOf('t'), partition = 0, offset = 0n, maxBytes = 10_000_000 }) => ({
      ...(version >= 13 ? { topicId } : { topic: 't' }),
      partitions: [
        {
          partition,
          currentLeaderEpoch: -1,
          fetchOffset: offset,
          logStartOffset: -1n,
          partitionMaxBytes: maxBytes,
        },
      ],
    })),
    forgottenTopicsData: [],
    rackId: '',
    ...options,
  })
}

const errorsOf = ({ responses }: Awaited<ReturnType<typeof ask>>) =>
  responses.flatMap(({ partitions }) => partitions.map(({ errorCode }) => errorName(errorCode)))
const bytesOf = ({ responses }: Awaited<ReturnType<typeof ask>>) =>
  responses.flatMap(({ partitions }) => partitions.map(({ records }) => records?.byteLength ?? 0))

/** The answer, or `waits` when there is none yet. */
async function now<T>(answer: Promise<T>): Promise<T | 'waits'> {
  const turns = new Promise<'waits'>((resolve) => setImmediate(() => setImmediate(() => resolve('waits'))))
  return Promise.race([answer, turns])
}

describe('a session over a topic that is gone', () => {
  const openSession = async (id = idOf('t')) => {
    const { sessionId } = await ask(13, [{ topicId: id }], { sessionEpoch: 0 })
    return sessionId
  }
  const remove = () => client.ask('DeleteTopics', 5, { topicNames: ['t'], timeoutMs: 1000 })

  test('deleted: UNKNOWN_TOPIC_OR_PARTITION, each time', async () => {
    const sessionId = await openSession()
    await remove()
    expect(errorsOf(await ask(13, [], { sessionId, sessionEpoch: 1 }))).toEqual(['UNKNOWN_TOPIC_OR_PARTITION'])
    expect(errorsOf(await ask(13, [], { sessionId, sessionEpoch: 2 }))).toEqual(['UNKNOWN_TOPIC_OR_PARTITION'])
  })

  test('created again: INCONSISTENT_TOPIC_ID, until it is forgotten', async () => {
    const topicId = idOf('t')
    const sessionId = await openSession()
    await remove()
    await client.create('t')
    expect(errorsOf(await ask(13, [], { sessionId, sessionEpoch: 1 }))).toEqual(['INCONSISTENT_TOPIC_ID'])
    // Even when the client names it again.
    const named = await ask(13, [{ topicId }], { sessionId, sessionEpoch: 2 })
    expect(errorsOf(named)).toEqual(['INCONSISTENT_TOPIC_ID'])
    const forgotten = [{ topicId, partitions: [0] }]
    const next = await ask(13, [{}], { sessionId, sessionEpoch: 3, forgottenTopicsData: forgotten })
    expect(errorsOf(next)).toEqual(['NONE'])
  })

  test('an id that no topic has: UNKNOWN_TOPIC_ID', async () => {
    const topicId = idOf('t')
    await remove()
    expect(errorsOf(await ask(13, [{ topicId }]))).toEqual(['UNKNOWN_TOPIC_ID'])
    const sessionId = await openSession(topicId)
    expect(errorsOf(await ask(13, [], { sessionId, sessionEpoch: 1 }))).toEqual(['UNKNOWN_TOPIC_ID'])
    expect(errorsOf(await ask(13, [{ topicId: zeroUuid }]))).toEqual(['UNKNOWN_TOPIC_ID'])
  })

  test('by name: the new topic is read', async () => {
    const { sessionId } = await ask(12, [{}], { sessionEpoch: 0 })
    await remove()
    expect(errorsOf(await ask(12, [], { sessionId, sessionEpoch: 1 }))).toEqual(['UNKNOWN_TOPIC_OR_PARTITION'])
    await client.create('t')
    expect(errorsOf(await ask(12, [], { sessionId, sessionEpoch: 2 }))).toEqual(['NONE'])
  })
})

describe('the minimum of a fetch', () => {
  const kilobyte = Buffer.alloc(1000, 'x').toString()
  beforeEach(async () => {
    for (let i = 0; i < 20; i++) await client.produce('t', batchOf([kilobyte]))
  })

  test('is not above its maximum: what the client allows is given at once', async () => {
    const answer = await now(ask(12, [{}], { minBytes: 2_000_000, maxBytes: 5000, maxWaitMs: 5000 }))
    expect(answer).not.toBe('waits')
    expect(answer !== 'waits' && bytesOf(answer)[0]).toBeGreaterThan(4000)
  })

  test('is not above the maximum of the broker', async () => {
    const small = new TestBroker({ 'fetch.max.bytes': '5000' })
    const other = small.client()
    await other.create('t')
    for (let i = 0; i < 20; i++) await other.produce('t', batchOf([kilobyte]))
    const answer = await now(ask(12, [{}], { minBytes: 60_000_000, maxBytes: 100_000_000, maxWaitMs: 5000 }, other))
    expect(answer).not.toBe('waits')
    await small.dispose()
  })

  test('is not above what the quota gives in a window', async () => {
    await client.ask('AlterClientQuotas', 1, {
      entries: [
        {
          entity: [{ entityType: 'client-id', entityName: 'tester' }],
          ops: [{ key: 'consumer_byte_rate', value: 500, remove: false }],
        },
      ],
      validateOnly: false,
    })
    expect(await now(ask(12, [{}], { minBytes: 60_000, maxWaitMs: 5000 }))).not.toBe('waits')
  })

  test('is waited for when there is less, and when a partition’s own maximum stops it', async () => {
    const waiting = ask(12, [{ offset: 20n }], { minBytes: 1000, maxWaitMs: 5000 })
    expect(await now(waiting)).toBe('waits')
    await client.produce('t', batchOf([kilobyte]))
    expect(bytesOf(await waiting)[0]).toBeGreaterThan(1000)
    const limited = ask(12, [{ maxBytes: 3000 }], { minBytes: 10_000, maxWaitMs: 5000 })
    expect(await now(limited)).toBe('waits')
    broker.clock.advance(5000)
    expect(bytesOf(await limited)[0]).toBeGreaterThan(1000)
  })
})

describe('a reader of committed records', () => {
  test('is woken by the end of the transaction, not by its records', async () => {
    const producer = await new TransactionalProducer(client, 'tx').take()
    const reader = broker.client()
    const waiting = ask(12, [{}], { isolationLevel: 1, minBytes: 300, maxWaitMs: 5000 }, reader)
    await producer.produce('t', ['a'.repeat(200)])
    await producer.produce('t', ['b'.repeat(200)])
    expect(await now(waiting)).toBe('waits')
    // The marker itself is far smaller than the minimum.
    expect(await producer.end(true)).toBe('NONE')
    const answer = await now(waiting)
    expect(answer !== 'waits' && bytesOf(answer)[0]).toBeGreaterThan(400)
  })

  test('waits on while another transaction is open, and others read', async () => {
    const producer = await new TransactionalProducer(client, 'tx').take()
    await producer.produce('t', ['a'])
    const committed = ask(12, [{}], { isolationLevel: 1, maxWaitMs: 5000 })
    const uncommitted = ask(12, [{ offset: 1n }], { maxWaitMs: 5000 }, broker.client())
    await client.produce('t', batchOf(['plain']))
    expect(await now(uncommitted)).not.toBe('waits')
    expect(await now(committed)).toBe('waits')
    broker.clock.advance(5000)
    expect(bytesOf(await committed)).toEqual([0])
  })
})

test('what goes wrong while one partition is read is that partition’s error', async () => {
  await client.produce('t', batchOf(['a']))
  await client.produce('t', batchOf(['b']), 1)
  const log = broker.core.topics.partition('t', 0)
  if (!log) throw new Error('t-0 is not there')
  log.lend = () => {
    throw new Error('the file cannot be read')
  }
  const answer = await ask(12, [{ partition: 0 }, { partition: 1 }])
  expect(errorsOf(answer)).toEqual(['UNKNOWN_SERVER_ERROR', 'NONE'])
  expect(broker.logged).toEqual([expect.stringContaining('Reading t-0 at 0 failed: the file cannot be read')])
})

test('a fetch of zstd before version 4 has its error in the partition, and the connection lives', async () => {
  await client.create('z', 1, { 'compression.type': 'zstd' })
  await client.produce('z', batchOf(['a']))
  const partition = { partition: 0, fetchOffset: 0n, partitionMaxBytes: 1_000_000 }
  const fetch2 = await client.ask('Fetch', 2, {
    replicaId: -1,
    maxWaitMs: 0,
    minBytes: 1,
    topics: [
      { topic: 'z', partitions: [partition] },
      { topic: 't', partitions: [partition] },
    ],
  })
  expect(errorsOf(fetch2)).toEqual(['UNSUPPORTED_COMPRESSION_TYPE', 'NONE'])
})

test('an answer is bounded, unless the client waits for more', async () => {
  const large = () => batchOf(['x'.repeat(1_000_000)])
  for (let i = 0; i < 20; i++) await client.produce('t', large())
  const wanted = [{ maxBytes: 50_000_000 }]
  const mebibyte = 1024 * 1024
  const [bounded] = bytesOf(await ask(12, wanted))
  expect(bounded).toBeGreaterThan(15 * mebibyte)
  expect(bounded).toBeLessThanOrEqual(16 * mebibyte)
  const [waited] = bytesOf(await ask(12, wanted, { minBytes: 18_000_000 }))
  expect(waited).toBeGreaterThan(16 * mebibyte)
})
