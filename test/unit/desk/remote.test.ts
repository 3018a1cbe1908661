import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { committedOffsets } from '../../../src-main/client/admin/groups'
import type { KafkaClient } from '../../../src-main/client/client'
import type { Client } from '../../../src-main/contract/client'
import type { AskName, Contract, FeedName } from '../../../src-main/contract/contract'
import type { AnswerOf, InputOf, ItemOf } from '../../../src-main/contract/define'
import type { Histogram } from '../../../src-main/contract/messages'
import { WriteLock } from '../../../src-main/desk/remote/write-lock'
import { encodeBatch } from '../../../src-main/records/encode'
import { apiTables, cutTo, outside } from '../../support/api-tables'
import { batchOf, start } from '../../support/core'
import { TestDesk } from '../../support/desk'
import { FakeCluster } from '../../support/fake-cluster'
import { asked as askedOf, pictured as picturedOf, RemoteDesk } from '../../support/remote-desk'
import { Sharer, setGroupConfig } from '../../support/sharer'

let cluster: FakeCluster
let embedded: TestDesk
let client: KafkaClient
let desk: RemoteDesk
let remote: Client

async function open(isReadOnly: boolean): Promise<void> {
  desk = await RemoteDesk.open(cluster, isReadOnly)
  client = desk.client
  remote = desk.page
}

beforeEach(async () => {
  cluster = new FakeCluster()
  const tester = cluster.broker.client()
  await tester.create('orders', 2)
  await tester.create('empty', 1, { 'cleanup.policy': 'compact' })
  for (let i = 0; i < 5; i++) {
    await tester.produce('orders', batchOf(['a', 'b', 'c'].map((text) => `${text}${i}`)), i % 2)
  }
  await tester.ask('OffsetCommit', 8, {
    groupId: 'billing',
    topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, committedOffset: 4n, committedMetadata: 'm' }] }],
  })
  embedded = new TestDesk(cluster.broker)
})
afterEach(async () => {
  desk.dispose()
  await embedded.dispose()
  await cluster.dispose()
})

const asked = <N extends AskName>(page: Client, name: N, input: InputOf<Contract[N]>): Promise<AnswerOf<Contract[N]>> =>
  askedOf(cluster, page, name, input)

const pictured = <N extends FeedName>(
  page: Client,
  name: N,
  input: InputOf<Contract[N]>,
): Promise<ItemOf<Contract[N]>> => picturedOf(cluster, page, name, input)

const overTime = {
  topics: ['orders'],
  partitions: null,
  committed: false,
  find: '',
  script: '',
  follow: null,
  buckets: 20,
}

/** The first histogram of all records. */
function counted(page: Client, input: InputOf<Contract['messages.histogram']>): Promise<Histogram> {
  return cluster.settle(
    new Promise((resolve, reject) => {
      const close = page.feed('messages.histogram', input, {
        items: (items) => {
          const whole = items.find(({ share }) => share === 1)
          if (!whole) return
          close()
          resolve(whole)
        },
        failed: (message) => reject(new Error(message)),
      })
    }),
  )
}

/** Every row that a search gives. */
async function searched(page: Client, input: Partial<InputOf<Contract['messages.search']>>) {
  const rows: unknown[] = []
  await cluster.settle(
    new Promise<void>((resolve, reject) => {
      page.feed(
        'messages.search',
        {
          topics: ['orders'],
          partitions: null,
          from: 'oldest',
          value: null,
          until: null,
          groupId: null,
          limit: 100,
          committed: false,
          find: '',
          script: '',
          follow: null,
          after: null,
          columns: [],
          ...input,
        },
        {
          items: (items) => {
            for (const item of items) if (item.kind === 'rows') rows.push(...item.rows)
          },
          failed: (message) => reject(new Error(message)),
          done: () => resolve(),
        },
      )
    }),
  )
  return rows
}

describe('a cluster elsewhere', () => {
  it('says of each thing that it can be asked, or why not', async () => {
    await open(true)
    const can = await asked(remote, 'can', undefined)
    for (const [name, sentence] of Object.entries(can)) {
      if (sentence !== true) expect([name, sentence]).toEqual([name, expect.stringMatching(/^[A-Z].*\.$/)])
    }
    expect(can).toMatchObject({ topics: true, 'messages.search': true, groups: true, transactions: true })
    expect(can['topic.create']).toBe('This cluster is opened read-only. Start with --writable to change it.')
    desk.dispose()
    await open(false)
    expect(await asked(remote, 'can', undefined)).toMatchObject({ 'topic.create': true, 'messages.produce': true })
  })

  it('is named by the band above the pages', async () => {
    await open(true)
    const status = await pictured(remote, 'workspace', undefined)
    expect(status.cluster).toEqual({
      name: 'node:1',
      stage: null,
      color: null,
      isReadOnly: true,
      canUnlock: false,
      unlockedForMs: null,
      requestsPerMinute: 0,
    })
    expect((await pictured(embedded.page, 'workspace', undefined)).cluster).toBeNull()
  })

  it('answers about topics as the broker itself does', async () => {
    await open(true)
    const [theirs, ours] = [
      await pictured(remote, 'topics', undefined),
      await pictured(embedded.page, 'topics', undefined),
    ]
    // Internal topics of the broker itself have no log on disk.
    const sorted = (lines: typeof ours) => lines.toSorted((a, b) => (a.name < b.name ? -1 : 1))
    expect(sorted(theirs)).toEqual(sorted(ours))
    for (const topic of ['orders', 'empty']) {
      expect(await pictured(remote, 'topic.partitions', { topic })).toEqual(
        await pictured(embedded.page, 'topic.partitions', { topic }),
      )
      expect(await asked(remote, 'topic.configs', { topic })).toEqual(
        await asked(embedded.page, 'topic.configs', { topic }),
      )
    }
    await expect(asked(remote, 'topic.configs', { topic: 'nope' })).rejects.toThrow('nope')
  })

  it.each([
    ['oldest', {}],
    ['newest', { from: 'newest' }],
    ['newest, a few', { from: 'newest', limit: 4 }],
    ['from an offset', { from: 'offset', value: 2 }],
    ['from a time', { from: 'time', value: start + 1 }],
    ['from a group', { from: 'group', groupId: 'billing' }],
    ['with a text', { find: 'b3' }],
    ['with a script', { script: "value === 'c1'" }],
    ['of one partition, committed ones', { partitions: [1], committed: true }],
  ] as const)('finds the same messages: %s', async (_, input) => {
    await open(true)
    const [theirs, ours] = [await searched(remote, input), await searched(embedded.page, input)]
    expect(theirs).toEqual(ours)
    expect(ours.length).toBeGreaterThan(0)
  })

  it('shows transactions as the broker itself does: committed, aborted, and open', async () => {
    const tester = cluster.broker.client()
    const { producerId, producerEpoch } = await tester.ask('InitProducerId', 4, {
      transactionalId: 'till',
      transactionTimeoutMs: 60_000,
    })
    const write = async (value: string, baseSequence: number) => {
      await tester.ask('AddPartitionsToTxn', 3, {
        v3AndBelowTransactionalId: 'till',
        v3AndBelowProducerId: producerId,
        v3AndBelowProducerEpoch: producerEpoch,
        v3AndBelowTopics: [{ name: 'orders', partitions: [0] }],
      })
      const batch = batchOf([value], { producerId, producerEpoch, baseSequence, isTransactional: true })
      expect((await tester.produce('orders', batch, 0, 'till')).errorCode).toBe(0)
    }
    const end = (committed: boolean) =>
      tester.ask('EndTxn', 3, { transactionalId: 'till', producerId, producerEpoch, committed })
    await write('good', 0)
    await end(true)
    await write('bad', 1)
    await end(false)
    await write('open', 2)
    await open(true)
    for (const input of [{}, { from: 'newest' }, { committed: true }] as const) {
      expect(await searched(remote, input)).toEqual(await searched(embedded.page, input))
    }
    const [theirs, ours] = [
      await pictured(remote, 'transactions', undefined),
      await pictured(embedded.page, 'transactions', undefined),
    ]
    const known = ({ transactionalId, state, producerId: id, partitions }: (typeof ours)[number]) => ({
      transactionalId,
      state,
      id,
      partitions,
    })
    expect(theirs.map(known)).toEqual(ours.map(known))
  })

  it('shows one message as the broker itself does', async () => {
    await open(true)
    for (const place of [
      { topic: 'orders', partition: 0, offset: 4 },
      { topic: 'orders', partition: 1, offset: 0 },
    ]) {
      for (const name of ['messages.detail', 'messages.exact', 'messages.at'] as const) {
        // A cluster does not tell who is connected.
        const known = name === 'messages.detail' ? { writtenBy: null } : {}
        const ours = await asked(embedded.page, name, place)
        expect(await asked(remote, name, place)).toEqual(ours && { ...ours, ...known })
      }
    }
    const times = { topic: 'orders', partition: 0, steps: 4 }
    expect(await asked(remote, 'partition.times', times)).toEqual(await asked(embedded.page, 'partition.times', times))
    const at = { topic: 'orders', partition: 0, at: start + 2 }
    expect(await asked(remote, 'partition.at', at)).toEqual(await asked(embedded.page, 'partition.at', at))
    const all = { topic: 'orders', at: start + 2 }
    expect(await asked(remote, 'topic.offsetsAt', all)).toEqual(await asked(embedded.page, 'topic.offsetsAt', all))
  })

  it('tells before a deletion what it takes away, and whom it concerns', async () => {
    const tester = cluster.broker.client()
    const { producerId, producerEpoch } = await tester.ask('InitProducerId', 4, {
      transactionalId: null,
      transactionTimeoutMs: 0,
    })
    await tester.produce('orders', batchOf(['d'], { producerId, producerEpoch, baseSequence: 0 }), 1)
    await open(true)
    const input = { topics: ['orders', 'empty'] }
    const [theirs, ours] = [
      await asked(remote, 'topics.impact', input),
      await asked(embedded.page, 'topics.impact', input),
    ]
    const [orders, empty] = ours
    expect(orders).toMatchObject({ topic: 'orders', partitions: 2, records: 16, newestAt: start + 2 })
    expect(orders?.groups).toEqual([
      { groupId: 'billing', state: 'Empty', members: 0, committed: [{ partition: 0, offset: 4 }] },
    ])
    expect(orders?.producers).toEqual([{ producerId: String(producerId), lastAt: start }])
    expect(orders?.writers).toEqual(['tester'])
    expect(empty).toMatchObject({ records: 0, groups: [], producers: [], writers: [] })
    // A cluster does not tell who is connected.
    expect(theirs).toEqual(ours.map((one) => ({ ...one, writers: null })))
    await expect(asked(remote, 'topics.impact', { topics: ['nope'] })).rejects.toThrow('nope')
  })

  it('counts messages over time as the broker itself does, but by offsets', async () => {
    await open(true)
    const tester = cluster.broker.client()
    await tester.create('timed', 2)
    for (const [i, at] of [0, 40, 41, 300, 301, 302, 900].entries()) {
      const value = Buffer.from(`${i}`)
      await tester.produce('timed', encodeBatch([{ key: null, value, timestamp: start + at }]), i % 2)
    }
    const timed = { ...overTime, topics: ['timed'] }
    for (const input of [timed, { ...timed, partitions: [1], committed: true }, { ...timed, buckets: 3 }]) {
      const ours = await counted(embedded.page, input)
      expect(ours.counts.length).toBeGreaterThan(1)
      expect(await counted(remote, input)).toEqual({ ...ours, unit: 'offsets' })
    }
    const none = { ...overTime, topics: ['empty'] }
    expect((await pictured(remote, 'messages.histogram', none)).fromAt).toBe(-1)
    await expect(pictured(remote, 'messages.histogram', { ...overTime, find: 'a' })).rejects.toThrow(
      'not how many of them match a filter',
    )
  })

  it('shows groups with their lag, but for what a cluster does not tell', async () => {
    await open(true)
    const [theirs, ours] = [
      await pictured(remote, 'groups', undefined),
      await pictured(embedded.page, 'groups', undefined),
    ]
    const known = ({ epoch, lagHistory, ...line }: (typeof ours)[number]) => line
    expect(theirs.map(known)).toEqual(ours.map(known))
    const [one, other] = [
      await pictured(remote, 'group', { groupId: 'billing' }),
      await pictured(embedded.page, 'group', { groupId: 'billing' }),
    ]
    // A cluster tells no generation of a classic group, and no time of a commit.
    expect(one).toEqual({
      ...other,
      epoch: -1,
      partitions: other?.partitions.map((line) => ({ ...line, committedAt: line.committedAt === null ? null : -1 })),
    })
  })

  it('is not changed by looking: every request is one that only reads', async () => {
    await open(true)
    await pictured(remote, 'topics', undefined)
    await pictured(remote, 'groups', undefined)
    await searched(remote, { from: 'newest' })
    const { forbids } = new WriteLock({ name: 'node:1', stage: null, writing: 'never' }, cluster.clock)
    expect(cluster.asked.filter(({ name }) => forbids(name) !== undefined)).toEqual([])
    await expect(asked(remote, 'topic.create', { topic: 'new', partitions: 1, configs: {} })).rejects.toThrow(
      'read-only',
    )
    expect(cluster.broker.core.topics.find('new')).toBeUndefined()
    expect(desk.faults).toEqual([])
  })

  it('that is writable is changed: topics, configs, messages, and offsets with an undo', async () => {
    await open(false)
    await asked(remote, 'topic.create', { topic: 'new', partitions: 1, configs: { 'retention.ms': '1000' } })
    await asked(remote, 'topic.grow', { topic: 'new', partitions: 3 })
    await asked(remote, 'topic.alter', { topic: 'new', config: 'retention.ms', value: null })
    const message = {
      topic: 'new',
      partition: 2,
      key: 'k',
      value: 'v',
      headers: [],
      codec: 'zstd',
      count: 1,
      timestamp: null,
    } as const
    expect(await asked(remote, 'messages.produce', message)).toEqual({ partition: 2, offset: 0 })
    expect(await searched(remote, { topics: ['new'] })).toHaveLength(1)
    await asked(remote, 'topic.deleteRecords', { topic: 'new', before: [{ partition: 2, offset: 1 }] })
    expect(await searched(remote, { topics: ['new'] })).toEqual([])
    await expect(
      asked(remote, 'topic.deleteRecords', { topic: 'new', before: [{ partition: 2, offset: 9 }] }),
    ).rejects.toThrow('The records of new-2 cannot be deleted')
    await asked(remote, 'messages.produce', message)
    await asked(remote, 'topics.purge', { topics: ['new'] })
    expect(await searched(remote, { topics: ['new'] })).toEqual([])
    await asked(remote, 'topics.delete', { topics: ['new'] })
    expect(cluster.broker.core.topics.find('new')).toBeUndefined()

    const committed = async () =>
      [...(await cluster.settle(committedOffsets(client, 'billing'))).values()].map(({ offset }) => offset)
    const to = { to: 'earliest', value: null, groupId: null, offsets: null } as const
    const reset = { groupId: 'billing', to, topics: [], partitions: null }
    const plan = await asked(remote, 'reset.plan', reset)
    expect(await asked(embedded.page, 'reset.plan', reset)).toMatchObject({ lines: plan.lines })
    await asked(remote, 'reset.apply', { ...reset, fence: false })
    expect(await committed()).toEqual([0n, 0n])
    const [entry] = await asked(remote, 'reset.history', { groupId: 'billing' })
    await asked(remote, 'reset.undo', { groupId: 'billing', id: entry?.id ?? 0, fence: false })
    expect(await committed()).toEqual([4n])
  })

  it('shows share groups: members, start offsets and lag, which are moved with an undo; who holds what it does not tell', async () => {
    const admin = cluster.broker.client()
    await setGroupConfig(admin, 'packing', 'share.auto.offset.reset', 'earliest')
    const orders = cluster.broker.core.topics.find('orders')?.id ?? ''
    const worker = new Sharer(cluster.broker.client(), 'worker-1', orders, 'packing')
    await worker.join()
    await worker.fetch()
    await worker.acknowledge([0, 2, 1], [5, 5, 1])
    await open(false)
    const lineOf = async (page: Client) =>
      (await pictured(page, 'groups', undefined)).find((one) => one.groupId === 'packing')
    const theirs = await lineOf(remote)
    expect(theirs).toMatchObject({ type: 'share', state: 'Stable', lag: 5 })
    expect({ ...theirs, lagHistory: [], rebalancedAt: null }).toEqual({
      ...(await lineOf(embedded.page)),
      lagHistory: [],
      rebalancedAt: null,
    })
    const [detail, ours] = [
      await pictured(remote, 'group', { groupId: 'packing' }),
      await pictured(embedded.page, 'group', { groupId: 'packing' }),
    ]
    // Nor what library it is; its target is its assignment.
    expect(detail?.members).toEqual(ours?.members.map((member) => ({ ...member, library: '', target: null })))
    expect(detail?.partitions).toMatchObject([
      { topic: 'orders', partition: 0, committed: 3, lag: 5 },
      { partition: 1 },
    ])
    const can = await asked(remote, 'can', undefined)
    expect(can['share.lanes']).toBe('A cluster tells where a share group is, but not which records its members hold.')

    const to = { to: 'offset', value: 7, groupId: null, offsets: null } as const
    const reset = { groupId: 'packing', to, topics: [], partitions: [{ topic: 'orders', partition: 0 }] }
    await expect(asked(remote, 'reset.apply', { ...reset, fence: false })).rejects.toThrow('has 1 active member')
    const start = () => cluster.broker.core.share.partitions.stored('packing', orders, 0)?.startOffset
    expect(await asked(remote, 'reset.plan', reset)).toMatchObject({
      lines: [{ current: 3, next: 7, skipped: 4 }, { isChosen: false }],
    })
    await asked(remote, 'reset.apply', { ...reset, fence: true })
    expect(start()).toBe(7)
    expect(cluster.broker.core.groups.find('packing')?.members).toEqual([])
    const [entry] = await asked(remote, 'reset.history', { groupId: 'packing' })
    await asked(remote, 'reset.undo', { groupId: 'packing', id: entry?.id ?? 0, fence: false })
    expect(start()).toBe(3)
    await asked(remote, 'group.delete', { groupId: 'packing' })
    expect(cluster.broker.core.groups.find('packing')).toBeUndefined()
  })
})

describe.each(Object.entries(apiTables))('a cluster with the APIs of %s', (_, table) => {
  beforeEach(() => cutTo(cluster, table))
  afterEach(() => {
    expect(outside(cluster, table)).toEqual([])
    expect(desk.faults).toEqual([])
  })

  it('shows topics, messages and groups as the broker itself does', async () => {
    await open(true)
    const theirs = await pictured(remote, 'topics', undefined)
    const ours = await pictured(embedded.page, 'topics', undefined)
    const known = ({ name, partitions, messages }: (typeof ours)[number]) => ({ name, partitions, messages })
    const sorted = (lines: typeof ours) => lines.map(known).sort((a, b) => (a.name < b.name ? -1 : 1))
    expect(sorted(theirs)).toEqual(sorted(ours))
    for (const input of [
      { from: 'oldest' },
      { from: 'newest', limit: 4 },
      { from: 'time', value: start + 1 },
    ] as const) {
      expect(await searched(remote, input)).toEqual(await searched(embedded.page, input))
    }
    const [line] = await pictured(remote, 'groups', undefined)
    expect(line).toMatchObject({ groupId: 'billing', state: 'Empty' })
    const group = await pictured(remote, 'group', { groupId: 'billing' })
    expect(group?.partitions.map(({ committed, end }) => [committed, end])).toEqual(
      (await pictured(embedded.page, 'group', { groupId: 'billing' }))?.partitions.map(({ committed, end }) => [
        committed,
        end,
      ]),
    )
  })

  it('counts messages over time, and writes one', async () => {
    await open(false)
    const counts = async () => (await pictured(remote, 'messages.histogram', overTime)).counts
    const before = await counts()
    expect(before.reduce((sum, count) => sum + count, 0)).toBe(15)
    const message = {
      topic: 'orders',
      partition: 1,
      key: 'k',
      value: 'v',
      headers: [],
      codec: 'none',
      count: 2,
      timestamp: null,
    } as const
    expect((await asked(remote, 'messages.produce', message)).partition).toBe(1)
    expect(await searched(remote, {})).toHaveLength(17)
    expect(await searched(remote, {})).toEqual(await searched(embedded.page, {}))
  })

  it('resets offsets', async () => {
    await open(false)
    const to = { to: 'earliest', value: null, groupId: null, offsets: null } as const
    await asked(remote, 'reset.apply', { groupId: 'billing', to, topics: [], partitions: null, fence: false })
    const committed = await cluster.settle(committedOffsets(client, 'billing'))
    expect([...committed.values()].map(({ offset }) => offset)).toEqual([0n, 0n])
  })

  it('answers with a sentence what it does not have', async () => {
    await open(true)
    const can = await asked(remote, 'can', undefined)
    const configs = asked(remote, 'topic.configs', { topic: 'orders' })
    if (table.DescribeConfigs) expect((await configs).length).toBeGreaterThan(0)
    else await expect(configs).rejects.toThrow('This cluster does not serve DescribeConfigs.')
    expect(can['topic.configs']).toBe(table.DescribeConfigs ? true : 'This cluster does not serve DescribeConfigs.')
    const transactions = pictured(remote, 'transactions', undefined)
    if (table.ListTransactions) expect(await transactions).toEqual([])
    else await expect(transactions).rejects.toThrow('This cluster does not serve ListTransactions.')
    const security = await pictured(remote, 'security', undefined)
    expect(security.problems.quotas).toBe('node:1 does not serve DescribeClientQuotas.')
  })
})
