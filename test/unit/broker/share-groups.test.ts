import { afterEach, describe, expect, it, vi } from 'vitest'
import { heldBytes } from '../../../src-main/base/held-bytes'
import { Partition } from '../../../src-main/broker/log/partition'
import { encodeBatch } from '../../../src-main/records/encode'
import { StorageFailure } from '../../../src-main/storage'
import { start, TestBroker } from '../../support/core'
import { Sharer, setGroupConfig } from '../../support/sharer'

const brokers: TestBroker[] = []

afterEach(async () => {
  for (const broker of brokers.splice(0)) {
    expect(broker.logged.filter((line) => line.startsWith('error'))).toEqual([])
    await broker.dispose()
  }
})

function broker(config: Record<string, string> = {}, file?: string): TestBroker {
  const one = new TestBroker(config, file)
  brokers.push(one)
  return one
}

function records(...values: string[]) {
  return encodeBatch(values.map((value) => ({ timestamp: start, key: null, value: Buffer.from(value), headers: [] })))
}

async function sharing(one: TestBroker, members: readonly string[], values: readonly string[] = ['a', 'b', 'c', 'd']) {
  const admin = one.client()
  await admin.create('orders')
  await setGroupConfig(admin, 'g', 'share.auto.offset.reset', 'earliest')
  for (const value of values) await admin.produce('orders', records(value))
  const topicId = one.core.topics.find('orders')?.id ?? ''
  const sharers = members.map((memberId) => new Sharer(one.client(), memberId, topicId))
  for (const sharer of sharers) expect((await sharer.join()).errorCode).toBe(0)
  return { admin, sharers, topicId }
}

describe('a share group', () => {
  it('hands each record to one member, and again when it is released', async () => {
    const one = broker()
    const { admin, sharers } = await sharing(one, ['a', 'b'])
    const [a, b] = sharers as [Sharer, Sharer]
    expect(await a.fetch()).toMatchObject({ error: 0, acquired: ['0-3 x1'] })
    expect(await b.fetch()).toMatchObject({ error: 0, acquired: [] })
    expect(await a.acknowledge([0, 3, 1, 2, 3, 1])).toBe(0)
    expect(await b.fetch()).toMatchObject({ acquired: ['1-1 x2'] })
    const { groups } = await admin.ask('DescribeShareGroupOffsets', 1, { groups: [{ groupId: 'g', topics: null }] })
    expect(groups[0]?.topics[0]?.partitions[0]).toMatchObject({ startOffset: 1n, lag: 1n })
    expect(await b.acknowledge([1, 1, 1])).toBe(0)
    const after = await admin.ask('DescribeShareGroupOffsets', 1, { groups: [{ groupId: 'g', topics: null }] })
    expect(after.groups[0]?.topics[0]?.partitions[0]).toMatchObject({ startOffset: 4n, lag: 0n })
  })

  it('[S15] begins with epoch 1 when an administrator sets its start offset first', async () => {
    const one = broker()
    const admin = one.client()
    await admin.create('orders')
    const topics = [{ topicName: 'orders', partitions: [{ partitionIndex: 0, startOffset: 0n }] }]
    const described = async () => {
      const { groups } = await admin.ask('ShareGroupDescribe', 1, {
        groupIds: ['g'],
        includeAuthorizedOperations: false,
      })
      return groups.map(({ groupEpoch, assignmentEpoch, groupState }) => [groupState, groupEpoch, assignmentEpoch])
    }
    for (let time = 0; time < 2; time++) {
      await admin.ask('AlterShareGroupOffsets', 0, { groupId: 'g', topics })
      expect(await described()).toEqual([['Empty', 1, 1]])
    }
    const sharer = new Sharer(admin, 'm', one.core.topics.find('orders')?.id ?? '')
    expect(await sharer.join()).toMatchObject({ errorCode: 0, memberEpoch: 2 })
    expect(await sharer.leave()).toBe(0)
    expect(await described()).toEqual([['Empty', 3, 3]])
  })

  it('begins at the end of a topic unless it is told otherwise', async () => {
    const one = broker()
    const admin = one.client()
    await admin.create('orders')
    await admin.produce('orders', records('before'))
    const a = new Sharer(one.client(), 'a', one.core.topics.find('orders')?.id ?? '')
    await a.join()
    expect(await a.fetch()).toMatchObject({ acquired: [] })
    await admin.produce('orders', records('after'))
    expect(await a.fetch()).toMatchObject({ acquired: ['1-1 x1'] })
  })

  it('a fetch waits for a record, for one that is released, and no longer than it wants', async () => {
    const one = broker()
    const { admin, sharers } = await sharing(one, ['a', 'b'], [])
    const [a, b] = sharers as [Sharer, Sharer]
    const appended = a.fetch({ maxWaitMs: 1000 })
    await admin.produce('orders', records('x'))
    expect(await appended).toMatchObject({ acquired: ['0-0 x1'] })
    const released = b.fetch({ maxWaitMs: 1000 })
    expect(await a.acknowledge([0, 0, 2])).toBe(0)
    expect(await released).toMatchObject({ acquired: ['0-0 x2'] })
    const late = a.fetch({ maxWaitMs: 1000 })
    // The fetch is waiting when everything that was under way is done.
    await new Promise(setImmediate)
    one.clock.advance(1000)
    expect(await late).toMatchObject({ error: 0, acquired: [] })
  })

  it('reads no partition behind the one that gives all the records, and holds them until they are sent', async () => {
    const one = broker()
    const admin = one.client()
    await admin.create('orders', 3)
    await setGroupConfig(admin, 'g', 'share.auto.offset.reset', 'earliest')
    const value = 'x'.repeat(100_000)
    for (let partition = 0; partition < 3; partition++) await admin.produce('orders', records(value, value), partition)
    const topicId = one.core.topics.find('orders')?.id ?? ''
    const a = new Sharer(one.client(), 'a', topicId)
    await a.join()
    const topics = [
      { topicId, partitions: [0, 1, 2].map((partitionIndex) => ({ partitionIndex, acknowledgementBatches: [] })) },
    ]
    const held = heldBytes()
    const read = vi.spyOn(Partition.prototype, 'lend')
    expect(await a.fetch({ topics, maxRecords: 2 })).toMatchObject({ acquired: ['0-1 x1'] })
    const partitionsRead = () =>
      new Set(read.mock.contexts.map((log) => (log instanceof Partition ? log.number : Number.NaN)))
    expect(partitionsRead()).toEqual(new Set([0]))
    expect(await a.fetch({ topics: [], maxRecords: 500 })).toMatchObject({ error: 0 })
    expect(partitionsRead()).toEqual(new Set([0, 1, 2]))
    read.mockRestore()
    await vi.waitFor(() => expect(heldBytes()).toBe(held))
  })

  it.each([
    // One batch for one record, and three for three, by the mean size of all.
    ['of one size', 0, [1, 3]],
    // For three of them one is read first, and then somewhat more than three of its size.
    ['larger than most', 1000, [1, 1, 3]],
  ])('reads no more of a log than the records need that are acquired: records %s', async (_, others, reads) => {
    const one = broker()
    const large = Array.from({ length: 8 }, () => 'x'.repeat(100_000))
    const { admin, sharers } = await sharing(one, ['a'], large)
    const [a] = sharers as [Sharer]
    if (others > 0) await admin.produce('orders', records(...Array.from({ length: others }, () => 'y')))
    const read = vi.spyOn(Partition.prototype, 'lend')
    expect(await a.fetch({ maxRecords: 1 })).toMatchObject({ acquired: ['0-0 x1'] })
    expect(await a.fetch({ maxRecords: 3 })).toMatchObject({ acquired: ['1-3 x1'] })
    const bytes = read.mock.results.map(({ type, value }) =>
      type === 'return' ? Buffer.concat(value.batches).length : Number.NaN,
    )
    read.mockRestore()
    expect(bytes.map((each) => Math.round(each / 100_000))).toEqual(reads)
  })

  it('compares all that the log has with the least that a fetch waits for', async () => {
    const one = broker()
    const { sharers } = await sharing(
      one,
      ['a'],
      Array.from({ length: 4 }, () => 'x'.repeat(100_000)),
    )
    const [a] = sharers as [Sharer]
    expect(await a.fetch({ maxRecords: 1, minBytes: 350_000, maxWaitMs: 1000 })).toMatchObject({ acquired: ['0-0 x1'] })
  })

  it('[D22] [D23] gives records back when the connection or the lock ends', async () => {
    const one = broker()
    const { sharers } = await sharing(one, ['a', 'b'])
    const [a, b] = sharers as [Sharer, Sharer]
    await a.fetch()
    one.broker.closed(a.client.connection)
    expect(await b.fetch()).toMatchObject({ acquired: ['0-3 x2'] })
    one.clock.advance(30_000)
    expect(await b.acknowledge([0, 3, 1])).toBe(121)
    expect(await b.fetch()).toMatchObject({ acquired: ['0-3 x3'] })
  })

  it('[D23] locks hold for as long again after the machine slept, and end in their time when the clock was set back', async () => {
    const one = broker()
    const { sharers } = await sharing(one, ['a', 'b'])
    const [a, b] = sharers as [Sharer, Sharer]
    await a.fetch()
    one.clock.sleep(3_600_000)
    one.clock.advance(29_999)
    expect(await b.fetch()).toMatchObject({ acquired: [] })
    one.clock.advance(1)
    expect(await b.fetch()).toMatchObject({ acquired: ['0-3 x2'] })
    one.clock.setBack(600_000)
    one.clock.advance(5000 + 30_000)
    expect(await a.fetch()).toMatchObject({ acquired: ['0-3 x3'] })
  })

  it('keeps a session with an epoch that fetches and acknowledgements share', async () => {
    const one = broker()
    const { sharers } = await sharing(one, ['a'])
    const [a] = sharers as [Sharer]
    expect(await a.acknowledge([0, 0, 1])).toBe(123)
    a.epoch = 1
    expect(await a.fetch()).toMatchObject({ error: 122 })
    a.epoch = 0
    expect(await a.fetch({}, [[0, 0, 1]])).toMatchObject({ error: 42 })
    await a.fetch()
    expect(await a.acknowledge([0, 1, 1])).toBe(0)
    expect(await a.fetch({ shareSessionEpoch: 1 })).toMatchObject({ error: 123 })
    expect(await a.fetch({}, [[2, 2, 1]])).toMatchObject({ error: 0, acknowledgeError: 0 })
    expect(await a.fetch({ shareSessionEpoch: -1, topics: [] })).toMatchObject({ error: 0 })
    expect(await a.fetch()).toMatchObject({ error: 122 })
  })

  it('is described, listed, reset and deleted', async () => {
    const one = broker()
    const { admin, sharers, topicId } = await sharing(one, ['a'])
    const [a] = sharers as [Sharer]
    const { groups } = await admin.ask('ShareGroupDescribe', 1, {
      groupIds: ['g', 'none'],
      includeAuthorizedOperations: false,
    })
    expect(groups.find(({ groupId }) => groupId === 'g')).toMatchObject({
      groupState: 'Stable',
      assignorName: 'simple',
      members: [{ memberId: 'a', assignment: { topicPartitions: [{ topicName: 'orders', partitions: [0] }] } }],
    })
    expect(groups.find(({ groupId }) => groupId === 'none')).toMatchObject({ errorCode: 69 })
    const listed = await admin.ask('ListGroups', 5, { statesFilter: [], typesFilter: ['share'] })
    expect(listed.groups).toMatchObject([
      { groupId: 'g', groupType: 'share', protocolType: 'share', groupState: 'Stable' },
    ])
    const alter = (startOffset: bigint) =>
      admin.ask('AlterShareGroupOffsets', 0, {
        groupId: 'g',
        topics: [{ topicName: 'orders', partitions: [{ partitionIndex: 0, startOffset }] }],
      })
    expect(await alter(2n)).toMatchObject({ errorCode: 68 })
    await a.client.ask('ShareGroupHeartbeat', 1, { groupId: 'g', memberId: 'a', memberEpoch: -1 })
    expect(await alter(2n)).toMatchObject({ errorCode: 0, responses: [{ topicId, partitions: [{ errorCode: 0 }] }] })
    a.memberEpoch = 0
    await a.join()
    expect(await a.fetch()).toMatchObject({ acquired: ['2-3 x1'] })
    await a.client.ask('ShareGroupHeartbeat', 1, { groupId: 'g', memberId: 'a', memberEpoch: -1 })
    const deleted = await admin.ask('DeleteShareGroupOffsets', 0, { groupId: 'g', topics: [{ topicName: 'orders' }] })
    expect(deleted).toMatchObject({ errorCode: 0, responses: [{ errorCode: 0 }] })
    const again = await admin.ask('DeleteShareGroupOffsets', 0, { groupId: 'g', topics: [{ topicName: 'orders' }] })
    expect(again).toMatchObject({ responses: [{ errorCode: 3 }] })
    expect(await admin.ask('DeleteGroups', 2, { groupsNames: ['g'] })).toMatchObject({ results: [{ errorCode: 0 }] })
    expect((await admin.ask('ListGroups', 5, { statesFilter: [], typesFilter: [] })).groups).toEqual([])
  })

  it('a reset of an unknown group makes it', async () => {
    const one = broker()
    const admin = one.client()
    await admin.create('orders')
    const topics = [{ topicName: 'orders', partitions: [{ partitionIndex: 0, startOffset: 0n }] }]
    expect(await admin.ask('AlterShareGroupOffsets', 0, { groupId: 'new', topics })).toMatchObject({ errorCode: 0 })
    const listed = await admin.ask('ListGroups', 5, { statesFilter: [], typesFilter: [] })
    expect(listed.groups).toMatchObject([{ groupId: 'new', groupType: 'share', groupState: 'Empty' }])
  })

  it('[S14] is no group for members of other types, and the other way round', async () => {
    const one = broker()
    const { admin } = await sharing(one, ['a'])
    const join = await admin.ask('JoinGroup', 9, {
      groupId: 'g',
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 10_000,
      memberId: '',
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: Buffer.alloc(0) }],
    })
    expect(join.errorCode).toBe(23)
    const beat = await admin.ask('ConsumerGroupHeartbeat', 1, {
      groupId: 'g',
      memberId: 'm',
      memberEpoch: 0,
      rebalanceTimeoutMs: 1000,
      subscribedTopicNames: ['orders'],
      topicPartitions: [],
    })
    expect(beat).toMatchObject({ errorCode: 69, errorMessage: 'Group g is not a consumer group.' })
    await admin.ask('OffsetCommit', 9, {
      groupId: 'plain',
      generationIdOrMemberEpoch: -1,
      memberId: '',
      topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, committedOffset: 0n, committedMetadata: '' }] }],
    })
    const foreign = await admin.ask('ShareGroupHeartbeat', 1, {
      groupId: 'plain',
      memberId: 'm',
      memberEpoch: 0,
      subscribedTopicNames: ['orders'],
    })
    expect(foreign).toMatchObject({ errorCode: 69, errorMessage: 'Group plain is not a share group.' })
  })

  it('gets partitions that are added later from their beginning', async () => {
    const one = broker()
    const { admin, sharers, topicId } = await sharing(one, ['a'], [])
    const [a] = sharers as [Sharer]
    await admin.ask('CreatePartitions', 3, {
      topics: [{ name: 'orders', count: 2, assignments: null }],
      timeoutMs: 1000,
      validateOnly: false,
    })
    await admin.produce('orders', records('early'), 1)
    const beat = await a.client.ask('ShareGroupHeartbeat', 1, {
      groupId: 'g',
      memberId: 'a',
      memberEpoch: a.memberEpoch,
    })
    expect(beat.assignment?.topicPartitions).toEqual([{ topicId, partitions: [0, 1] }])
    const reply = await a.fetch({
      topics: [{ topicId, partitions: [{ partitionIndex: 1, acknowledgementBatches: [] }] }],
    })
    expect(reply).toMatchObject({ acquired: ['0-0 x1'] })
  })

  it('survives a restart: outcomes are kept, acquisitions are not', async () => {
    const { mkdtempSync, rmSync } = await import('node:fs')
    const { join } = await import('node:path')
    const { tmpdir } = await import('node:os')
    const folder = mkdtempSync(join(tmpdir(), 'ottla-share-'))
    try {
      const file = join(folder, 'share.ottla')
      const first = new TestBroker({}, file)
      const { sharers, topicId } = await sharing(first, ['a'])
      const [a] = sharers as [Sharer]
      await a.fetch()
      await a.acknowledge([0, 0, 1], [2, 2, 2])
      await first.dispose()
      const second = broker({}, file)
      const b = new Sharer(second.client(), 'b', topicId)
      await b.join()
      expect(await b.fetch()).toMatchObject({ acquired: ['1-1 x1', '2-2 x2', '3-3 x1'] })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('on a full disk nothing is acknowledged that is not stored', async () => {
    const one = broker()
    const { admin, sharers } = await sharing(one, ['a'])
    const [a] = sharers as [Sharer]
    await a.fetch()
    const held = one.core.share.partitions.openOf('g')[0]?.value
    one.workspace.limitFile(one.workspace.fileBytes())
    // What is written in one turn is stored together, or not at all.
    const [produced, acknowledged] = await Promise.all([
      admin.produce('orders', records('x'.repeat(1_000_000))),
      a.acknowledge([0, 3, 1]),
    ])
    expect(produced.errorCode).toBe(56)
    expect(acknowledged).toBe(56)
    await expect(one.workspace.committed()).rejects.toThrow()
    expect(one.logged.splice(0)).toEqual([expect.stringContaining('cannot be written')])
    expect(one.core.share.partitions.openOf('g')[0]?.value).toBe(held)
    one.workspace.limitFile(1_000_000_000)
    a.epoch = one.core.share.sessions.find('g', 'a')?.epoch ?? 0
    expect(await a.acknowledge([0, 3, 1])).toBe(0)
    expect(one.core.share.partitions.openOf('g')[0]?.value.startOffset).toBe(4)
  })

  it('on a full disk no record is acquired by a fetch that fails with the writes of its turn', async () => {
    const one = broker()
    const { sharers } = await sharing(one, ['a', 'b'])
    const [a, b] = sharers as [Sharer, Sharer]
    expect(await a.fetch({ maxRecords: 1 })).toMatchObject({ acquired: ['0-0 x1'] })
    const held = one.core.share.partitions.openOf('g')[0]?.value
    const { lend } = Partition.prototype
    const read = vi.spyOn(Partition.prototype, 'lend').mockImplementationOnce(function (this: Partition, ...wanted) {
      one.core.configs.set({ type: 'topic', name: 'orders' }, new Map([['retention.ms', '1000']]))
      expect(() =>
        one.workspace.write(() => {
          throw new Error('no room')
        }),
      ).toThrow('no room')
      return lend.apply(this, wanted)
    })
    expect(await b.fetch({ maxRecords: 1 })).toMatchObject({ error: 56 })
    read.mockRestore()
    expect(one.logged.splice(0)).toEqual([expect.stringContaining('cannot be written')])
    expect(one.core.share.partitions.openOf('g')[0]?.value).toBe(held)
    expect(await b.fetch({ maxRecords: 1 })).toMatchObject({ error: 0, acquired: ['1-1 x1'] })
  })

  it('acquires nothing of its partitions when one of them cannot be read for a full disk', async () => {
    const one = broker()
    const admin = one.client()
    await admin.create('orders', 2)
    await setGroupConfig(admin, 'g', 'share.auto.offset.reset', 'earliest')
    for (const partition of [0, 1]) await admin.produce('orders', records('a'), partition)
    const topicId = one.core.topics.find('orders')?.id ?? ''
    const a = new Sharer(one.client(), 'a', topicId)
    await a.join()
    const topics = [
      { topicId, partitions: [0, 1].map((partitionIndex) => ({ partitionIndex, acknowledgementBatches: [] })) },
    ]
    const { lend } = Partition.prototype
    const read = vi.spyOn(Partition.prototype, 'lend').mockImplementation(function (this: Partition, ...wanted) {
      if (this.number === 1) throw new StorageFailure('the disk is full')
      return lend.apply(this, wanted)
    })
    expect(await a.fetch({ topics })).toMatchObject({ error: 56 })
    expect(read.mock.contexts).toHaveLength(2)
    read.mockRestore()
    expect(one.core.share.partitions.picture('g', topicId, 0)).toMatchObject({ inFlight: 0, next: 0 })
    expect(await a.fetch({ topics })).toMatchObject({ error: 0, acquired: ['0-0 x1'] })
  })

  it('reads a log of no bytes whatever the fetch waits for', async () => {
    const one = broker()
    const { sharers, topicId } = await sharing(one, ['a'])
    const facts = one.core.topics.byId(topicId)?.partition(0)?.facts
    if (facts) facts.sizeBytes = 0
    const read = vi.spyOn(Partition.prototype, 'lend')
    await sharers[0]?.fetch({ minBytes: 1_000_000 })
    const limits = read.mock.calls.map(([, limit]) => limit)
    read.mockRestore()
    expect(limits.length).toBeGreaterThan(1)
    expect(limits.filter(Number.isNaN)).toEqual([])
  })

  it('begins with the records of the last hour, or as old as share.auto.offset.reset says', async () => {
    const one = broker()
    const admin = one.client()
    await admin.create('orders')
    await setGroupConfig(admin, 'g', 'share.auto.offset.reset', 'by_duration:PT1H')
    await expect(setGroupConfig(admin, 'g', 'share.auto.offset.reset', 'by_duration:1h')).rejects.toThrow(
      /PnDTnHnMn\.nS/,
    )
    const at = (hours: number) => ({ timestamp: start - hours * 3_600_000, key: null, value: Buffer.from('v') })
    for (const hours of [3, 2, 0.5, 0]) await admin.produce('orders', encodeBatch([at(hours)]))
    const a = new Sharer(one.client(), 'a', one.core.topics.find('orders')?.id ?? '')
    await a.join()
    expect(await a.fetch()).toMatchObject({ acquired: ['2-3 x1'] })
  })

  it('never expires: it stays until it is deleted', async () => {
    const one = broker()
    const { sharers } = await sharing(one, ['a'])
    await sharers[0]?.leave()
    one.clock.advance(30 * 86_400_000)
    await new Promise(setImmediate)
    expect(one.core.groups.find('g')?.state).toBe('Empty')
  })

  it('is off with share.version 0, which forgets every lock', async () => {
    const one = broker()
    const { admin, sharers } = await sharing(one, ['a'])
    const [a] = sharers as [Sharer]
    await a.fetch()
    await admin.ask('UpdateFeatures', 1, {
      timeoutMs: 1000,
      featureUpdates: [{ feature: 'share.version', maxVersionLevel: 0, upgradeType: 2 }],
      validateOnly: false,
    })
    expect(await a.join()).toMatchObject({ errorCode: 35 })
    expect(await a.fetch()).toMatchObject({ error: 35 })
    await admin.ask('UpdateFeatures', 1, {
      timeoutMs: 1000,
      featureUpdates: [{ feature: 'share.version', maxVersionLevel: 1, upgradeType: 1 }],
      validateOnly: false,
    })
    // The delivery that was under way is forgotten with its lock.
    expect(await a.fetch({ shareSessionEpoch: 0 })).toMatchObject({ acquired: ['0-3 x1'] })
  })
})
