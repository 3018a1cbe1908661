import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Partition } from '../../../src-main/broker/log/partition'
import { batchOf, TestBroker, type TestClient } from '../../support/core'
import { Sharer, setGroupConfig } from '../../support/sharer'

let broker: TestBroker
let admin: TestClient
let sharer: Sharer
/** Events that listeners received. */
let reported: string[]

beforeEach(async () => {
  broker = new TestBroker()
  admin = broker.client()
  await admin.create('orders')
  await admin.produce('orders', batchOf(['a', 'b', 'c', 'd']))
  await setGroupConfig(admin, 'g', 'share.auto.offset.reset', 'earliest')
  sharer = member('m')
  await sharer.join()
  reported = []
  const { deadLetters, share } = broker.core
  share.partitions.handedOut(({ memberId, records }) => reported.push(`${memberId} acquired ${records}`))
  share.partitions.ended(({ totals }) => reported.push(...totals.map(({ kind, records }) => `${kind} ${records}`)))
  deadLetters.written(({ topic, records }) => reported.push(`${records} in ${topic}`))
})
afterEach(() => broker.dispose())

const member = (memberId: string) => new Sharer(broker.client(), memberId, broker.core.topics.find('orders')?.id ?? '')

const received = ({ client }: Sharer) =>
  broker.core.clients.find(client.connection.id)?.topics.get('orders')?.fetched.bytes ?? 0

/** Nothing of this turn is stored. */
function failTurn(): void {
  const fail = () => {
    throw new Error('no room')
  }
  expect(() => broker.workspace.write(fail)).toThrow('no room')
}

/** The turn in which the next fetch reads is not stored. */
function failNextRead() {
  const { lend } = Partition.prototype
  return vi.spyOn(Partition.prototype, 'lend').mockImplementationOnce(function (this: Partition, ...wanted) {
    broker.core.configs.set({ type: 'topic', name: 'orders' }, new Map([['retention.ms', '1000']]))
    failTurn()
    return lend.apply(this, wanted)
  })
}

async function writeDeadLetters(): Promise<void> {
  await admin.create('dlq.g')
  broker.core.configs.set({ type: 'topic', name: 'dlq.g' }, new Map([['errors.deadletterqueue.group.enable', 'true']]))
  await setGroupConfig(admin, 'g', 'errors.deadletterqueue.topic.name', 'dlq.g')
  broker.core.features.set('share.version', 2)
  await broker.workspace.committed()
}

test('acquired records and their bytes are reported when the fetch is answered', async () => {
  await sharer.fetch()
  expect(reported).toEqual(['m acquired 4'])
  expect(received(sharer)).toBeGreaterThan(0)
})

test('a fetch that fails with the writes of its turn reports nothing', async () => {
  // The share-partition is open already: the fetch itself writes nothing.
  await member('other').fetch({ maxRecords: 0 })
  const read = failNextRead()
  expect(await sharer.fetch()).toMatchObject({ error: 56, acquired: [] })
  read.mockRestore()
  expect(reported).toEqual([])
  expect(received(sharer)).toBe(0)
  expect(await sharer.fetch()).toMatchObject({ error: 0, acquired: ['0-3 x1'] })
  expect(reported).toEqual(['m acquired 4'])
})

test('outcomes of records, and their dead letters, are reported when they are stored', async () => {
  await writeDeadLetters()
  await sharer.fetch()
  reported = []
  const answer = sharer.acknowledge([0, 3, 3, 3, 1, 1])
  expect(reported).toEqual([])
  expect(await answer).toBe(0)
  expect(reported).toEqual(['rejected 2', 'accepted 2', '2 in dlq.g'])
})

test('outcomes that are undone with their turn are never reported', async () => {
  await writeDeadLetters()
  await sharer.fetch()
  reported = []
  const answer = sharer.acknowledge([0, 3, 3, 3, 1, 1])
  failTurn()
  expect(await answer).toBe(56)
  expect(reported).toEqual([])
  expect(broker.core.topics.partition('dlq.g', 0)?.highWatermark).toBe(0)
  broker.clock.advance(30_000)
  failTurn()
  await expect(broker.workspace.committed()).rejects.toThrow()
  expect(reported).toEqual([])
  // The locks end when that can be stored.
  broker.clock.advance(1000)
  expect(reported).toEqual([])
  await broker.workspace.committed()
  expect(reported).toEqual(['released 4'])
})

test('a renewed lock, which is not stored, is reported at once', async () => {
  await sharer.fetch()
  reported = []
  const { topicId, epoch: shareSessionEpoch } = sharer
  const acknowledgementBatches = [{ firstOffset: 0n, lastOffset: 3n, acknowledgeTypes: [4] }]
  const { responses } = await sharer.client.ask('ShareAcknowledge', 2, {
    groupId: 'g',
    memberId: 'm',
    shareSessionEpoch,
    isRenewAck: true,
    topics: [{ topicId, partitions: [{ partitionIndex: 0, acknowledgementBatches }] }],
  })
  expect(responses[0]?.partitions[0]?.errorCode).toBe(0)
  expect(reported).toEqual(['renewed 4'])
})

test('[D1] where a share-partition begins is decided again when it was not stored', async () => {
  const read = failNextRead()
  expect(await sharer.fetch()).toMatchObject({ error: 56 })
  read.mockRestore()
  const { partitions } = broker.core.share
  expect(partitions.openOf('g')).toEqual([])
  expect(partitions.stored('g', sharer.topicId, 0)).toMatchObject({ startOffset: -1 })
  await setGroupConfig(admin, 'g', 'share.auto.offset.reset', 'latest')
  sharer.epoch = 0
  expect(await sharer.fetch()).toMatchObject({ error: 0, acquired: [] })
  expect(partitions.picture('g', sharer.topicId, 0)?.began).toEqual({ offset: 4, logStart: 0 })
})

test('[D22] a client that leaves while its acknowledgements are stored acquires nothing', async () => {
  await sharer.fetch()
  const answer = sharer.fetch({}, [[0, 0, 1]])
  broker.broker.closed(sharer.client.connection)
  await answer
  const other = member('other')
  await other.join()
  expect(await other.fetch()).toMatchObject({ acquired: ['1-3 x2'] })
})

test('a fetch waits for no more bytes than it may get', async () => {
  await admin.produce('orders', batchOf(['x'.repeat(5000)]))
  const wish = { minBytes: 1_000_000, maxBytes: 4000, maxWaitMs: 10_000 }
  expect(await sharer.fetch(wish)).toMatchObject({ error: 0, acquired: ['0-3 x1'] })
})

test('a fetch looks again when the log has grown by what it misses', async () => {
  await sharer.fetch()
  const log = broker.core.topics.partition('orders', 0)
  const before = log?.facts.sizeBytes ?? 0
  const read = vi.spyOn(Partition.prototype, 'lend')
  const answer = sharer.fetch({ minBytes: 10_000, maxWaitMs: 10_000 })
  for (let i = 0; i < 20; i++) await admin.produce('orders', batchOf(['x'.repeat(400)]))
  expect(read).not.toHaveBeenCalled()
  while ((log?.facts.sizeBytes ?? 0) - before < 10_000) await admin.produce('orders', batchOf(['x'.repeat(400)]))
  const { acquired } = await answer
  read.mockRestore()
  expect(acquired[0]).toMatch(/^4-\d\d x1$/)
})

test('a share-partition that is opened in a turn which is not stored is read again', async () => {
  await sharer.fetch()
  await sharer.acknowledge([0, 3, 1])
  await sharer.leave()
  const waiting = sharer.fetch({ maxWaitMs: 10_000 })
  await new Promise(setImmediate)
  const { partitions } = broker.core.share
  const before = partitions.openOf('g')[0]
  // The fetch that waits opens the share-partition from what this turn wrote.
  partitions.initialize('g', sharer.topicId, 0, 1, 2)
  for (let step = 0; step < 50 && partitions.openOf('g').length === 0; step++) await Promise.resolve()
  expect(partitions.openOf('g')[0]?.value.startOffset).toBe(2)
  expect(partitions.openOf('g')[0]).not.toBe(before)
  failTurn()
  expect(await waiting).toMatchObject({ error: 56 })
  expect(partitions.value('g', sharer.topicId, 0)?.startOffset).toBe(4)
})

test('[D15] a renewal makes way for a later acknowledgement of the same offset in the request', async () => {
  await sharer.fetch()
  const types = { release: 2, renew: 4 }
  const each = ([firstOffset, lastOffset, type]: readonly [number, number, number]) => ({
    firstOffset: BigInt(firstOffset),
    lastOffset: BigInt(lastOffset),
    acknowledgeTypes: [type],
  })
  const asked = [
    [0, 1, types.renew],
    [1, 1, types.renew],
    [1, 1, types.release],
    [2, 2, types.release],
  ] as const
  const { responses } = await sharer.client.ask('ShareAcknowledge', 2, {
    groupId: 'g',
    memberId: 'm',
    shareSessionEpoch: sharer.epoch,
    isRenewAck: true,
    topics: [{ topicId: sharer.topicId, partitions: [{ partitionIndex: 0, acknowledgementBatches: asked.map(each) }] }],
  })
  expect(responses[0]?.partitions[0]?.errorCode).toBe(0)
  expect(reported.slice(1)).toEqual(['renewed 1', 'released 2'])
  expect(await member('other').fetch()).toMatchObject({ acquired: ['1-2 x2'] })
})

test('the state of a topic that was deleted just before the broker ended goes with the next deleted topic', async () => {
  await sharer.fetch()
  await sharer.acknowledge([0, 3, 2])
  const { partitions } = broker.core.share
  const gone = 'AAAAAAAAAAAAAAAAAAAAAQ'
  partitions.initialize('g', gone, 0, 1, 0)
  await admin.create('short')
  await admin.ask('DeleteTopics', 5, { topicNames: ['short'], timeoutMs: 1000 })
  await broker.workspace.committed()
  expect(partitions.placesOf('g').map(({ topicId }) => topicId)).toEqual([sharer.topicId])
})
