import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Emitter } from '../../../src-main/base/emitter'
import { keyOf } from '../../../src-main/base/topic-partition'
import { ClientRecords } from '../../../src-main/desk/clients/clients'
import { type DeskNotice, Notices } from '../../../src-main/desk/home/notices'
import { Pulse } from '../../../src-main/desk/home/pulse'
import type { ClusterSource } from '../../../src-main/desk/source/source'
import { TransactionRecords } from '../../../src-main/desk/transactions/transactions'
import { batchOf, TestBroker, type TestClient } from '../../support/core'
import { settled, sourceOf } from '../../support/desk'

let broker: TestBroker
let client: TestClient
const ends: (() => void)[] = []
const fail = (error: unknown) => {
  throw error
}

beforeEach(() => {
  broker = new TestBroker()
  client = broker.client()
})
afterEach(async () => {
  for (const end of ends.splice(0)) end()
  await broker.dispose()
})

/** Moves the clock, and waits for the samples that this sets off. */
async function advance(ms: number): Promise<void> {
  broker.clock.advance(ms)
  await settled()
}

function clientRecords(): ClientRecords {
  const source = sourceOf(broker, fail)
  const pulse = new Pulse(source, broker.clock, fail)
  if (!source.clients) expect.unreachable()
  const records = new ClientRecords(source.clients, source.groups.list, broker.clock, pulse.beat, fail)
  ends.push(
    () => records.dispose(),
    () => pulse.dispose(),
  )
  return records
}

describe('clients', () => {
  test('are shown by what they do per second, not by what they did', async () => {
    const records = clientRecords()
    await client.create('orders')
    await advance(1000)
    for (let second = 0; second < 5; second++) {
      await client.produce('orders', batchOf(['a']))
      await client.produce('orders', batchOf(['b']))
      await advance(1000)
    }
    const [line] = await records.lines()
    expect(line).toMatchObject({ requestsPerSecond: 2, writes: ['orders'], leftAt: null })
    expect(line?.traffic).toHaveLength(5)
    expect(line?.inBytesPerSecond).toBeGreaterThan(0)
    for (let second = 0; second < 10; second++) await advance(1000)
    expect((await records.lines())[0]).toMatchObject({
      requestsPerSecond: 0,
      inBytesPerSecond: 0,
      outBytesPerSecond: 0,
    })
  })

  test('stay for ten minutes when they left, with their last error', async () => {
    const records = clientRecords()
    await client.create('orders')
    const [known] = [...broker.core.clients.all()]
    broker.core.clients.failed(known!, 'Produce', 'MESSAGE_TOO_LARGE', 'orders-0')
    broker.core.clients.disconnected(known!.connection)
    expect(await records.lines()).toMatchObject([
      { leftAt: broker.clock.now(), requestsPerSecond: 0, lastError: { error: 'MESSAGE_TOO_LARGE' } },
    ])
    // A client that comes and goes does not push out the others.
    for (let i = 0; i < 10; i++) {
      const passing = broker.client()
      await passing.ask('ApiVersions', 0, {})
      const last = [...broker.core.clients.all()].at(-1)!
      last.requested('ApiVersions', 0, 'passing', 0, broker.clock.now())
      broker.core.clients.disconnected(last.connection)
    }
    expect((await records.lines()).map(({ clientId }) => clientId)).toEqual(['passing', 'passing', 'passing', 'tester'])
    await advance(9 * 60_000)
    expect(await records.lines()).toHaveLength(4)
    await advance(2 * 60_000)
    expect(await records.lines()).toEqual([])
  })
})

test('clients are told with their groups, and how long a quota let them wait', async () => {
  const records = clientRecords()
  await client.create('orders')
  broker.core.quotas.alter({ 'client-id': 'tester' }, new Map([['producer_byte_rate', 1]]))
  await broker.core.commits.settled
  const joined = client.ask('JoinGroup', 2, {
    groupId: 'billing',
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
    memberId: '',
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: Buffer.alloc(0) }],
  })
  broker.clock.advance(1)
  await joined
  expect(await records.lines()).toMatchObject([{ groups: ['billing'], throttle: null }])
  await client.produce('orders', batchOf(['a']))
  const [line] = await records.lines()
  expect(line?.throttle).toMatchObject({ at: broker.clock.now() })
  expect(line?.throttle?.pauseMs).toBeGreaterThan(0)
  expect(line?.throttle?.totalMs).toBe(line?.throttle?.pauseMs)
})

describe('transactions', () => {
  const partition = [keyOf('orders', 0)]
  const open = async (id: string) => {
    const { transactions, commits } = broker.core
    transactions.init(id, { timeoutMs: 10_000, producerId: '-1', producerEpoch: -1 })
    transactions.add(id, partition, 0)
    await commits.settled
    return transactions.find(id)!
  }

  /** Records of transactions as the desk keeps them; `beat` is a second that passes. */
  const recorded = () => {
    const beats = new Emitter<void>(fail)
    const { clock } = broker
    const records = new TransactionRecords({ source: sourceOf(broker, fail), clock, beat: beats.listen, onError: fail })
    ends.push(() => records.dispose())
    return { records, beat: () => beats.emit() }
  }

  test('are counted by how they ended, and what they wrote is remembered', async () => {
    await client.create('orders')
    const { records } = recorded()
    const { producerId, producerEpoch } = await open('till')
    broker.clock.advance(250)
    broker.core.transactions.end('till', { producerId, producerEpoch, committed: true, clientVersion: 0 })
    await open('till')
    broker.clock.advance(10_000)
    await broker.core.commits.settled
    expect(await records.lines()).toMatchObject([
      {
        transactionalId: 'till',
        committed: 1,
        aborted: 1,
        ended: [
          { outcome: 'timed out', partitions: partition },
          { outcome: 'committed', partitions: partition },
        ],
      },
    ])
    const [, committed] = (await records.lines())[0]!.ended
    expect(committed!.at - committed!.startedAt).toBe(250)
  })

  test('are forgotten with a transactional id that expired', async () => {
    await client.create('orders')
    const { records } = recorded()
    const end = async () => {
      const { producerId, producerEpoch } = await open('till')
      broker.core.transactions.end('till', { producerId, producerEpoch, committed: true, clientVersion: 0 })
      await broker.core.commits.settled
    }
    await end()
    broker.clock.advance(7 * 24 * 3_600_000 + 1)
    broker.core.transactions.expireIds()
    await broker.core.commits.settled
    expect(broker.core.transactions.find('till')).toBeUndefined()
    expect(await records.lines()).toEqual([])
    await end()
    expect(await records.lines()).toMatchObject([{ transactionalId: 'till', committed: 1 }])
  })

  test('are remembered with the workspace: how they ended, and where one that is open wrote', async () => {
    await client.create('orders')
    const { records, beat } = recorded()
    const { producerId, producerEpoch } = await open('till')
    broker.core.transactions.end('till', { producerId, producerEpoch, committed: true, clientVersion: 0 })
    await open('till')
    // What became of many transactions is stored together.
    broker.clock.advance(9000)
    beat()
    await settled()
    expect(broker.workspace.documents.list('transaction-ends')).toEqual([])
    broker.clock.advance(1000)
    await settled()
    beat()
    await settled()
    records.dispose()
    const later = recorded()
    const known = () => later.records.lines().then((lines) => lines[0])
    await expect.poll(known).toMatchObject({ committed: 1, aborted: 1 })
    const { ended = [] } = (await known()) ?? {}
    expect(ended.map(({ outcome, partitions }) => [outcome, partitions])).toEqual([
      ['timed out', partition],
      ['committed', partition],
    ])
  })

  test('that were open before this run say afterwards where they wrote', async () => {
    await client.create('orders')
    await open('till')
    const { records } = recorded()
    expect((await records.lines())[0]).toMatchObject({ state: 'Ongoing', ended: [] })
    broker.clock.advance(10_000)
    await broker.core.commits.settled
    const [line] = await records.lines()
    expect(line?.ended).toMatchObject([{ outcome: 'timed out', partitions: partition }])
    expect(line?.ended[0]?.startedAt).toBeGreaterThan(0)
  })

  test('are aborted by force, which fences their producer', async () => {
    await client.create('orders')
    const { transactions } = sourceOf(broker, fail)
    const producer = await open('till')
    await transactions.abort('till')
    expect(broker.core.transactions.find('till')).toMatchObject({ state: 'CompleteAbort', partitions: [] })
    expect(broker.core.transactions.problem('till', producer)).toBeDefined()
    await expect(transactions.abort('till')).rejects.toThrow('till has no open transaction any more.')
  })
})

describe('notices', () => {
  /** A core whose groups and clients say what a test wants them to. */
  function watch(): {
    told: DeskNotice[]
    rebalance(at: number, epoch: number, groupId?: string): void
    failed(error: string): void
  } {
    const frames = new Emitter<unknown>(fail)
    const changes = new Emitter<unknown>(fail)
    const source = {
      journal: { framed: frames.listen },
      clients: { changed: changes.listen },
    } as unknown as ClusterSource
    const told: DeskNotice[] = []
    const notices = new Notices(source, fail)
    notices.noticed((notice) => told.push(notice))
    ends.push(() => notices.dispose())
    return {
      told,
      rebalance: (at, epoch, groupId = 'g') => frames.emit({ groupId, at, epoch, state: 'Stable' }),
      failed: (error) =>
        changes.emit({
          kind: 'failed',
          client: { clientId: 'c', connectionId: 7, lastError: { api: 'Fetch', error, text: 'why', at: 0 } },
        }),
    }
  }

  test('many members that join one rebalance are no storm', () => {
    const { told, rebalance } = watch()
    for (let member = 0; member < 50; member++) rebalance(member * 100, 3)
    expect(told).toEqual([])
  })

  test('members that start together are no storm, though each makes a generation', () => {
    const { told, rebalance } = watch()
    for (let member = 0; member < 12; member++) rebalance(member * 100, member)
    expect(told).toEqual([])
  })

  test('a group that goes through a generation every few seconds is told once', () => {
    const { told, rebalance } = watch()
    for (let generation = 1; generation <= 10; generation++) rebalance(generation * 3000, generation)
    expect(told).toMatchObject([{ kind: 'rebalanceStorm', title: 'Rebalance storm in g', view: '/rebalances/g' }])
  })

  test('a group whose name has signs of an address is found under its own name', () => {
    const { told, rebalance } = watch()
    for (let generation = 1; generation <= 10; generation++) rebalance(generation * 3000, generation, 'dc-1/x%20y?z#1')
    expect(told).toMatchObject([{ view: '/rebalances/dc-1%2Fx%2520y%3Fz%231' }])
  })

  test('a consumer that comes or goes now and then is none', () => {
    const { told, rebalance } = watch()
    for (let generation = 1; generation <= 40; generation++) rebalance(generation * 9000, generation)
    expect(told).toEqual([])
  })

  test('every failed request is told, and every connection that was closed, but not what clients mend by themselves', () => {
    const { told, failed } = watch()
    failed('REBALANCE_IN_PROGRESS')
    expect(told).toEqual([])
    failed('TOPIC_AUTHORIZATION_FAILED')
    failed('UNSUPPORTED_COMPRESSION_TYPE')
    failed('')
    expect(told.map(({ title }) => title)).toEqual(['Fetch failed', 'Fetch failed', 'The connection of c was closed'])
    expect(told[0]).toMatchObject({ text: 'c: TOPIC_AUTHORIZATION_FAILED, why', view: '/clients/7' })
  })
})
