import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { committedOffsets } from '../../../../src-main/client/admin/groups'
import { batchOf, type TestClient } from '../../../support/core'
import { FakeCluster } from '../../../support/fake-cluster'
import { RemoteDesk } from '../../../support/remote-desk'
import { StreamsThread } from '../../../support/streams-thread'

/** Groups and topics are asked for again after this time. */
const maxAgeMs = 31_000

let cluster: FakeCluster
let broker: TestClient
let desk: RemoteDesk

beforeEach(async () => {
  cluster = new FakeCluster([1], {
    'group.streams.initial.rebalance.delay.ms': '0',
    'group.streams.assignment.interval.ms': '0',
  })
  broker = cluster.broker.client()
  desk = await RemoteDesk.open(cluster, false)
})
afterEach(async () => {
  desk.dispose()
  expect(desk.faults).toEqual([])
  await cluster.dispose()
})

const thread = (memberId: string) => new StreamsThread((body) => broker.ask('StreamsGroupHeartbeat', 1, body), memberId)

async function started(): Promise<StreamsThread> {
  await broker.create('lines', 2)
  const one = thread('a')
  for (let round = 0; round < 3; round++) await one.beat()
  return one
}

async function board() {
  const shown = await desk.picture('streams.board', { groupId: 'app' })
  if (!shown) throw new Error('there is no board')
  return shown
}

describe('streams groups of a cluster elsewhere', () => {
  it('are listed and described with their tasks', async () => {
    await started()
    cluster.clock.advance(maxAgeMs)
    expect(await desk.picture('groups', undefined)).toMatchObject([
      { groupId: 'app', type: 'streams', state: 'Stable', members: 1, protocol: 'sticky' },
    ])
    const group = await desk.picture('group', { groupId: 'app' })
    expect(group?.members).toMatchObject([
      { memberId: 'a', phase: 'stable', tasks: { active: ['0_0', '0_1', '1_0', '1_1'], standby: [] } },
    ])
  })

  it('have a board with the tasks, targets and topics that a cluster tells', async () => {
    await started()
    const node = { sourceTopics: [], sinkTopic: null, stores: [], successors: [] }
    await broker.ask('StreamsGroupTopologyDescriptionUpdate', 0, {
      groupId: 'app',
      memberId: 'a',
      topologyEpoch: 0,
      topologyDescription: {
        subtopologies: [{ subtopologyId: '1', nodes: [{ ...node, name: 'COUNT', nodeType: 2, stores: ['counts'] }] }],
        globalStores: [],
      },
    })
    expect(await board()).toMatchObject({
      state: 'Stable',
      notes: [{ kind: 'stable' }],
      rebalance: null,
      instances: [{ processId: 'process-a', members: [{ memberId: 'a', state: 'stable' }] }],
      subtopologies: [
        { id: '0', taskCount: 2, tasks: [{ places: [{ memberId: 'a', phase: 'held' }] }, {}], nodes: null },
        { id: '1', taskCount: 2, nodes: [{ name: 'COUNT', stores: ['counts'] }] },
      ],
      topics: [
        { topic: 'app-words-repartition', partitions: 2 },
        { topic: 'app-counts-changelog', partitions: 2 },
      ],
    })
  })

  it('show who waits for whom while tasks move', async () => {
    const one = await started()
    await thread('b').beat()
    await one.beat()
    const { notes, instances } = await board()
    expect(notes).toContainEqual({ kind: 'waiting', memberId: 'b', tasks: 2, waitsFor: [] })
    expect(instances.map(({ members }) => members[0]?.state)).toContain('waiting')
  })

  it('say which topics are missing', async () => {
    await thread('a').beat()
    expect((await board()).notes).toEqual([{ kind: 'missingSources', names: ['lines'] }])
    expect(await desk.picture('streams.board', { groupId: 'none' })).toBeNull()
  })

  it('have their offsets reset once their members are removed', async () => {
    const one = await started()
    await broker.produce('lines', batchOf(['tea milk']), 0)
    await broker.ask('OffsetCommit', 9, {
      groupId: 'app',
      generationIdOrMemberEpoch: one.epoch,
      memberId: 'a',
      topics: [{ name: 'lines', partitions: [{ partitionIndex: 0, committedOffset: 1n, committedMetadata: '' }] }],
    })
    cluster.clock.advance(maxAgeMs)
    const reset = {
      groupId: 'app',
      topics: ['lines'],
      partitions: null,
      to: { to: 'earliest', value: null, groupId: null, offsets: null } as const,
    }

    await expect(desk.ask('reset.apply', { ...reset, fence: false })).rejects.toThrow('has 1 active member')
    await desk.ask('reset.apply', { ...reset, fence: true })
    const { groups } = await broker.ask('StreamsGroupDescribe', 1, {
      groupIds: ['app'],
      includeAuthorizedOperations: false,
      includeTopologyDescription: false,
    })
    expect(groups).toMatchObject([{ groupState: 'Empty', members: [] }])
    const committed = await cluster.settle(committedOffsets(desk.client, 'app'))
    expect([...committed.values()].find(({ partition }) => partition === 0)?.offset).toBe(0n)
  })
})
