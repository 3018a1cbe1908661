import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { MessageRow } from '../../../src-main/contract/messages'
import { writeAssignment, writeSubscription } from '../../../src-main/protocol/embedded/consumer-protocol'
import { StorageFailure } from '../../../src-main/storage'
import { batchOf, TestBroker, type TestClient } from '../../support/core'
import { settled, TestDesk } from '../../support/desk'

let broker: TestBroker
let client: TestClient
let desk: TestDesk
beforeEach(async () => {
  broker = new TestBroker()
  client = broker.client()
  desk = new TestDesk(broker)
  await client.create('orders')
})
afterEach(async () => {
  await desk.dispose()
  await broker.dispose()
  expect(desk.faults).toEqual([])
})

/** A connection of a consumer that is alone in its group and has partition 0 of orders. */
async function member(groupId: string): Promise<TestClient> {
  const consumer = broker.client()
  const subscription = { topics: ['orders'], userData: null, ownedPartitions: [], generationId: -1, rackId: null }
  const joining = consumer.ask('JoinGroup', 2, {
    groupId,
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
    memberId: '',
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: Buffer.from(writeSubscription(subscription)) }],
  })
  broker.clock.advance(1)
  const { memberId, generationId } = await joining
  const assignment = writeAssignment({ assignedPartitions: [{ topic: 'orders', partitions: [0] }] })
  await consumer.ask('SyncGroup', 2, {
    groupId,
    generationId,
    memberId,
    assignments: [{ memberId, assignment: Buffer.from(assignment) }],
  })
  return consumer
}

const query = {
  topics: ['orders'],
  partitions: null,
  from: 'live',
  value: null,
  until: null,
  groupId: null,
  limit: 100,
  committed: false,
  find: '',
  script: '',
  conditions: [],
  follow: null,
  after: null,
  columns: [],
} as const

/** A live view: its rows with their transactions, as a page shows them. */
async function follow(committed = false) {
  const { items, failures } = await desk.watch('messages.search', { ...query, committed })
  return async () => {
    await settled()
    expect(failures).toEqual([])
    const rows = new Map<string, string>()
    const keyOf = ({ partition, offset }: Pick<MessageRow, 'partition' | 'offset'>) => `${partition}:${offset}`
    for (const item of items) {
      if (item.kind === 'rows') {
        for (const row of item.rows) {
          rows.set(keyOf(row), `${'text' in row.value ? row.value.text : ''} ${row.transaction ?? '-'}`)
        }
      } else if (item.kind === 'ended') {
        for (const row of item.rows) rows.set(keyOf(row), (rows.get(keyOf(row)) ?? '').replace('open', row.transaction))
      }
    }
    return [...rows.values()]
  }
}

/** A producer whose transactions are of one record each. */
async function transactions(transactionalId = 'tx') {
  const { producerId, producerEpoch } = await client.ask('InitProducerId', 4, {
    transactionalId,
    transactionTimeoutMs: 60_000,
  })
  let baseSequence = 0
  return {
    async write(text: string) {
      await client.ask('AddPartitionsToTxn', 3, {
        v3AndBelowTransactionalId: transactionalId,
        v3AndBelowProducerId: producerId,
        v3AndBelowProducerEpoch: producerEpoch,
        v3AndBelowTopics: [{ name: 'orders', partitions: [0] }],
      })
      const options = { producerId, producerEpoch, baseSequence: baseSequence++, isTransactional: true }
      await client.produce('orders', batchOf([text], options), 0, transactionalId)
      await settled()
    },
    async end(committed: boolean) {
      await client.ask('EndTxn', 3, { transactionalId, producerId, producerEpoch, committed })
      await settled()
    },
  }
}

describe('a live view', () => {
  test('shows what could not get rows on a full disk as soon as it has some, in order and once', async () => {
    const rows = await follow()
    await client.produce('orders', batchOf(['a']))
    expect(await rows()).toEqual(['a -'])
    const full = vi.spyOn(broker.workspace, 'settled').mockRejectedValue(new StorageFailure('the disk is full'))
    await client.produce('orders', batchOf(['b']))
    await client.produce('orders', batchOf(['c']))
    expect(await rows()).toEqual(['a -'])
    full.mockRestore()
    // Any question of a page.
    await desk.source.topics.logs(['orders'])
    expect(await rows()).toEqual(['a -', 'b -', 'c -'])
    await client.produce('orders', batchOf(['d']))
    expect(await rows()).toEqual(['a -', 'b -', 'c -', 'd -'])
  })

  test('shows what arrives while it is being opened', async () => {
    const opened = follow()
    // The broker answers before the reader has made the filter and the decoders.
    const produced = client.produce('orders', batchOf(['a']))
    const rows = await opened
    await produced
    expect(await rows()).toEqual(['a -'])
  })

  test('tells what becomes of transactions that begin and end under it', async () => {
    const producer = await transactions()
    const rows = await follow()
    await producer.write('a')
    expect(await rows()).toEqual(['a open'])
    await producer.end(false)
    expect(await rows()).toEqual(['a aborted'])
    await producer.write('b')
    await producer.write('c')
    expect(await rows()).toEqual(['a aborted', 'b open', 'c open'])
    await producer.end(true)
    expect(await rows()).toEqual(['a aborted', 'b committed', 'c committed'])
  })

  test('of read_committed shows what is committed, and no more', async () => {
    const producer = await transactions()
    const rows = await follow(true)
    await producer.write('a')
    await producer.end(false)
    await producer.write('b')
    expect(await rows()).toEqual([])
    await producer.end(true)
    expect(await rows()).toEqual(['b committed'])
  })

  test('follows partitions that are added', async () => {
    const rows = await follow()
    await desk.page.ask('topic.grow', { topic: 'orders', partitions: 3 })
    await settled()
    await client.produce('orders', batchOf(['new']), 2)
    await client.produce('orders', batchOf(['old']), 0)
    expect((await rows()).sort()).toEqual(['new -', 'old -'])
  })

  test('follows a topic that is deleted and created again', async () => {
    await client.produce('orders', batchOf(['before']))
    const rows = await follow()
    await client.produce('orders', batchOf(['first']))
    expect(await rows()).toEqual(['first -'])
    await desk.page.ask('topics.delete', { topics: ['orders'] })
    await client.create('orders')
    await client.produce('orders', batchOf(['again']))
    await settled()
    expect(await rows()).toContain('again -')
  })
})

test('a condition that makes no sense is told apart from failures, so that it can stand under its field', async () => {
  await client.produce('orders', batchOf(['a']))
  const wrong = { field: 'key', test: 'matches', value: '(', isNot: false } as const
  const problem = 'The regular expression “(” is not valid (RE2): missing closing ): `(`'
  for (const from of ['newest', 'live'] as const) {
    const { items, failures } = await desk.watch('messages.search', { ...query, from, conditions: [wrong] })
    await expect.poll(() => items, { interval: 1 }).toEqual([{ kind: 'refused', problem }])
    expect(failures).toEqual([])
  }
  // A file has no field to show it under.
  const { items, failures } = await desk.watch('messages.export', {
    ...query,
    from: 'newest',
    conditions: [wrong],
    format: 'jsonl',
  })
  await expect.poll(() => failures, { interval: 1 }).toEqual([problem])
  expect(items).toEqual([])
})

describe('what has come since messages were read', () => {
  test('is counted, also in partitions that were added', async () => {
    await client.produce('orders', batchOf(['a', 'b']))
    const { items } = await desk.watch('messages.arrived', { topics: ['orders'], partitions: null, search: 1 })
    expect(items).toEqual([{ records: 0, isCut: false }])
    await client.produce('orders', batchOf(['c', 'd', 'e']))
    await desk.advance(1000)
    await desk.advance(1000)
    expect(items.at(-1)).toEqual({ records: 3, isCut: false })
    await desk.page.ask('topic.grow', { topic: 'orders', partitions: 2 })
    await client.produce('orders', batchOf(['f']), 1)
    await desk.advance(1000)
    await desk.advance(1000)
    expect(items.at(-1)).toEqual({ records: 4, isCut: false })
  })

  test('also says that messages are gone', async () => {
    await client.produce('orders', batchOf(['a', 'b']))
    const { items } = await desk.watch('messages.arrived', { topics: ['orders'], partitions: null, search: 1 })
    await desk.page.ask('topics.purge', { topics: ['orders'] })
    await desk.advance(1000)
    await desk.advance(1000)
    expect(items.at(-1)).toEqual({ records: 0, isCut: true })
  })
})

test('a read_committed search says what is held back, by whom and since when', async () => {
  await client.produce('orders', batchOf(['a']))
  const producer = await transactions()
  await producer.write('b')
  await client.produce('orders', batchOf(['c', 'd']))
  const held = async (committed: boolean) => {
    const { items } = await desk.watch('messages.search', { ...query, from: 'oldest', committed })
    return items.find((item) => item.kind === 'held')
  }
  expect(await held(false)).toBeUndefined()
  expect(await held(true)).toEqual({
    kind: 'held',
    held: { records: 3, by: [{ transactionalId: 'tx', since: broker.clock.now() }] },
  })
  await producer.end(true)
  expect(await held(true)).toBeUndefined()
})

test('an open transaction says what it holds back, and which groups read it', async () => {
  const partitions = [{ partitionIndex: 0, committedOffset: 0n, committedMetadata: '' }]
  await client.ask('OffsetCommit', 7, { groupId: 'billing', topics: [{ name: 'orders', partitions }] })
  const producer = await transactions()
  const { items } = await desk.watch('transactions', undefined)
  await producer.write('a')
  await client.produce('orders', batchOf(['b', 'c']))
  await desk.advance(1000)
  await desk.advance(1000)
  const groups = [{ groupId: 'billing', isolation: null }]
  const blocked = { topic: 'orders', partition: 0, records: 3, groups, others: [] }
  expect(items.at(-1)).toMatchObject([{ transactionalId: 'tx', state: 'Ongoing', blocked: [blocked] }])
  await producer.end(true)
  await desk.advance(1000)
  expect(items.at(-1)).toMatchObject([{ transactionalId: 'tx', state: 'CompleteCommit', blocked: [] }])
})

test('an abort says before what it does: records of the transaction, what is held back, and offsets that it sent', async () => {
  const producer = await transactions()
  await producer.write('a')
  await client.produce('orders', batchOf(['b', 'c']))
  await producer.write('d')
  const plan = () => desk.page.ask('transaction.abortPlan', { transactionalId: 'tx' })
  const place = { topic: 'orders', partition: 0 }
  expect(await plan()).toEqual({
    partitions: [{ ...place, written: 2, heldBack: 4, others: [] }],
    offsets: [],
  })
  // Another transaction holds the partition as well, and this one sends an offset.
  const other = await transactions('other')
  await other.write('e')
  const row = { ...place, offset: 1n, leaderEpoch: -1, metadata: '', committedAt: 0, expiresAt: null }
  const { core } = broker
  core.groups.commitPendingOffsets('billing', BigInt(core.transactions.find('tx')?.producerId ?? -1), [row])
  expect(await plan()).toEqual({
    partitions: [{ ...place, written: 2, heldBack: 5, others: ['other'] }],
    offsets: [{ groupId: 'billing', partitions: 1 }],
  })
  await producer.end(false)
  expect(await plan()).toBeNull()
})

test('of a group that waits for a transaction the isolation level of its consumers is told', async () => {
  const producer = await transactions()
  const { items } = await desk.watch('transactions', undefined)
  const [careful, other] = await Promise.all([member('careful'), member('quick')])
  await producer.write('a')
  for (const [consumer, isolationLevel] of [[careful, 1] as const, [other, 0] as const]) {
    await consumer.ask('Fetch', 4, {
      replicaId: -1,
      maxWaitMs: 0,
      minBytes: 0,
      maxBytes: 1_000_000,
      isolationLevel,
      topics: [{ topic: 'orders', partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1_000_000 }] }],
    } as never)
  }
  await desk.advance(1000)
  await desk.advance(1000)
  expect(items.at(-1)?.[0]?.blocked[0]?.groups).toEqual([
    { groupId: 'careful', isolation: 'read_committed' },
    { groupId: 'quick', isolation: 'read_uncommitted' },
  ])
  await producer.end(true)
})

test('what a paused list of requests shows can be opened, however much comes after it', async () => {
  const { items, close } = await desk.watch('exchanges', null)
  await client.produce('orders', batchOf(['a']))
  await desk.advance(100)
  const [line] = items.flatMap(({ lines }) => lines)
  close()
  await settled()
  for (let i = 0; i < 2100; i++) await client.ask('FindCoordinator', 0, { key: 'g' })
  expect(await desk.page.ask('exchange.detail', { seq: line?.seq ?? -1 })).toMatchObject({ api: 'Produce' })
})

test('a purge leaves space in the file that the status tells; a copy has none of it, and it can be given back', async () => {
  const value = 'x'.repeat(500_000)
  for (let i = 0; i < 8; i++) await client.produce('orders', batchOf([value]))
  const { items } = await desk.watch('workspace', undefined)
  expect(items.at(-1)?.freeBytes).toBeLessThan(1_000_000)
  // Their bytes get into the file itself.
  await desk.advance(5000)
  await desk.page.ask('topics.purge', { topics: ['orders'] })
  // The cleaner deletes what was purged in its next rounds.
  for (let minute = 0; minute < 15; minute++) await desk.advance(60_000)
  expect(items.at(-1)?.freeBytes).toBeGreaterThan(3_000_000)
  expect(items.at(-1)?.shrinksInSteps).toBe(true)
  const path = join(mkdtempSync(join(tmpdir(), 'ottla-')), 'copy.ottla')
  await desk.page.ask('workspace.copy', { path })
  expect(statSync(path).size).toBeLessThan(1_000_000)
  rmSync(dirname(path), { recursive: true })
  let isShrunk = false
  const shrunk = desk.page.ask('workspace.shrink', undefined).then(() => {
    isShrunk = true
  })
  while (!isShrunk) await desk.advance(1000)
  await shrunk
  await desk.advance(1000)
  expect(items.at(-1)?.freeBytes).toBe(0)
  expect(items.at(-1)?.fileBytes).toBeLessThan(1_000_000)
})
