import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { GroupFrame } from '../../../src-main/broker/groups/frame'
import type { JournalEntry } from '../../../src-main/broker/groups/journal'
import { causeText } from '../../../src-main/contract/causes'
import { batchOf, TestBroker, type TestClient } from '../../support/core'
import { settled } from '../../support/desk'
import { Sharer, setGroupConfig } from '../../support/sharer'

let broker: TestBroker
let client: TestClient
let topicId: string
let notes: GroupFrame[]

beforeEach(async () => {
  broker = new TestBroker()
  client = broker.client()
  await client.create('orders')
  await client.produce('orders', batchOf(['a', 'b', 'c', 'd']))
  topicId = broker.core.topics.find('orders')?.id ?? ''
  await setGroupConfig(client, 'workers', 'share.auto.offset.reset', 'earliest')
  notes = []
  broker.core.groups.framed((frame) => {
    if (frame.boundary === 'note') notes.push(frame)
  })
})
afterEach(async () => {
  await broker.dispose()
})

async function worker(memberId: string): Promise<Sharer> {
  const sharer = new Sharer(broker.client(), memberId, topicId, 'workers')
  await sharer.join()
  return sharer
}

async function pass(ms: number): Promise<void> {
  broker.clock.advance(ms)
  await settled()
}

const told = () => notes.map(({ causes }) => causeText(causes))

describe('notes of the deliveries of a share group', () => {
  it('count what each member had, once a batch has something else than accepted records', async () => {
    const one = await worker('worker-1')
    await one.fetch()
    await one.acknowledge([0, 1, 1])
    // The locks end before the session of the member does.
    await pass(31_000)
    await pass(10_000)
    expect(told()).toEqual(['tester (er-1): 4 records acquired, 2 accepted, 2 given back because the lock ended'])
    await one.fetch()
    await one.acknowledge([2, 3, 2, 3])
    await pass(999)
    expect(notes).toHaveLength(1)
    await pass(1)
    expect(told()[1]).toBe('tester (er-1): 2 records acquired, 1 released, 1 rejected')
    expect(notes[1]).toMatchObject({ kind: 'note', about: null, removed: [], state: 'Stable', full: false })
  })

  it('are at most one in ten seconds, in which nothing is left out', async () => {
    // Near its limit a record is delivered alone.
    await setGroupConfig(client, 'workers', 'share.delivery.count.limit', '10')
    const one = await worker('worker-1')
    for (let round = 0; round < 4; round++) {
      await one.fetch()
      await one.acknowledge([0, 3, 2])
      await pass(1000)
    }
    expect(told()).toEqual(['tester (er-1): 4 records acquired, 4 released'])
    await pass(7000)
    expect(told()[1]).toBe('tester (er-1): 12 records acquired, 12 released')
  })

  it('tell what was given up at the limit, by whose end, and that nothing happened is no note', async () => {
    await setGroupConfig(client, 'workers', 'share.delivery.count.limit', '2')
    const one = await worker('worker-1')
    await one.fetch()
    await one.acknowledge([0, 3, 2])
    await one.fetch()
    broker.core.share.partitions.releaseMember('workers', 'worker-1', 'releasedByHand')
    await settled()
    await pass(1000)
    expect(told()).toEqual([
      'tester (er-1): 8 records acquired, 4 released, 4 released from the page, 4 archived at the delivery limit',
    ])
    await pass(60_000)
    expect(notes).toHaveLength(1)
  })

  it('stand in the journal, from which the group replays as before', async () => {
    const one = await worker('worker-1')
    await one.fetch()
    await one.acknowledge([0, 3, 2])
    await pass(1000)
    const { journal } = broker.core.workspace
    const [last] = journal.range('workers', journal.lastSeq('workers'), journal.lastSeq('workers') + 1, 1)
    const entry = JSON.parse(last?.frame ?? '{}') as JournalEntry
    expect([entry.event, entry.frame.causes]).toEqual([null, notes[0]?.causes])
    expect(journal.lastBoundariesAt(['workers']).get('workers')).toBeLessThan(notes[0]?.at ?? 0)
  })

  it('name ten members, and count the others together, however many came and went', async () => {
    const { partitions } = broker.core.share
    for (let i = 0; i < 1000; i++) partitions.handOut({ groupId: 'workers', memberId: `short-${i}`, records: 1 })
    const one = await worker('worker-1')
    await one.fetch()
    await one.acknowledge([0, 3, 2])
    await pass(1000)
    expect(told()[0]).toMatch(/^tester \(er-1\): 4 records acquired, 4 released/)
    expect(notes[0]?.causes).toHaveLength(11)
    expect(notes[0]?.causes.at(-1)).toMatchObject({ kind: 'otherDeliveries', members: 991, counts: { acquired: 991 } })
  })

  it('are made of a group that was deleted no more', async () => {
    const one = await worker('worker-1')
    await one.fetch()
    await one.acknowledge([0, 3, 2])
    await one.leave()
    await client.ask('DeleteGroups', 2, { groupsNames: ['workers'] })
    await pass(60_000)
    expect(notes).toEqual([])
  })
})
