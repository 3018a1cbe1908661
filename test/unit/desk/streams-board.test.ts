import { afterEach, beforeEach, expect, test } from 'vitest'
import type { StreamsBoard } from '../../../src-main/contract/streams'
import { namesOf } from '../../../src-renderer/format/members'
import { activityGroups } from '../../../src-renderer/pages/home/activity-groups'
import { noteText } from '../../../src-renderer/pages/streams/words'
import { batchOf, TestBroker, type TestClient } from '../../support/core'
import { TestDesk } from '../../support/desk'
import { setGroupConfig } from '../../support/sharer'
import { StreamsThread, subtopologyOf, type Topology } from '../../support/streams-thread'

let broker: TestBroker
let client: TestClient
let desk: TestDesk

beforeEach(() => {
  broker = new TestBroker({
    'group.streams.initial.rebalance.delay.ms': '0',
    'group.streams.assignment.interval.ms': '0',
  })
  client = broker.client()
  desk = new TestDesk(broker)
})
afterEach(async () => {
  await desk.dispose()
  await broker.dispose()
  expect(desk.faults).toEqual([])
})

const thread = (memberId: string, subtopologies?: Topology) =>
  new StreamsThread((body) => client.ask('StreamsGroupHeartbeat', 1, body), memberId, subtopologies)

async function board(): Promise<StreamsBoard> {
  const { items } = await desk.watch('streams.board', { groupId: 'app' })
  const last = items.at(-1)
  if (!last) throw new Error('there is no board')
  return last
}

/** `0_0: a; 0_1: a−, +b<a`: held, to be revoked, and waiting for whom. */
function tasksOf({ subtopologies }: StreamsBoard): string {
  return subtopologies
    .flatMap(({ id, tasks }) =>
      tasks.map(({ partition, places }) => {
        const told = places.map(({ memberId, role, phase, waitsFor }) => {
          const name = role === 'active' ? memberId : `${role} ${memberId}`
          return phase === 'held' ? name : phase === 'revoking' ? `${name}−` : `+${name}<${waitsFor.join(' ')}`
        })
        return `${id}_${partition}: ${told.join(', ')}`
      }),
    )
    .join('; ')
}

async function started(): Promise<StreamsThread> {
  await client.create('lines', 2)
  const one = thread('a')
  await one.beat()
  await one.beat()
  await one.beat()
  return one
}

test('a group that is not there, or is of another type, has no board', async () => {
  expect((await desk.watch('streams.board', { groupId: 'none' })).items).toEqual([null])
})

test('a board shows tasks by subtopology and process, with the topics of each', async () => {
  await started()
  const shown = await board()
  expect(tasksOf(shown)).toBe('0_0: a; 0_1: a; 1_0: a; 1_1: a')
  expect(shown).toMatchObject({
    state: 'Stable',
    notes: [{ kind: 'stable' }],
    moreTasks: 0,
    moreMembers: 0,
    instances: [{ processId: 'process-a', endpoint: null, members: [{ memberId: 'a', state: 'stable' }] }],
    subtopologies: [
      { id: '0', taskCount: 2, sources: ['lines'], sinks: ['app-words-repartition'], changelogs: [], nodes: null },
      {
        id: '1',
        taskCount: 2,
        sources: [],
        repartitions: ['app-words-repartition'],
        changelogs: ['app-counts-changelog'],
      },
    ],
    topics: [
      { topic: 'app-words-repartition', kind: 'repartition', partitions: 2, end: 0, lag: null },
      { topic: 'app-counts-changelog', kind: 'changelog', partitions: 2, end: 0, lag: null },
    ],
  })
  expect(shown.rebalance?.causes.map(({ kind }) => kind)).toContain('joined')
})

test('a task that moves is being revoked at one member while another waits for it', async () => {
  const one = await started()
  const feed = await desk.watch('streams.board', { groupId: 'app' })
  const two = thread('b')
  await two.beat()
  await one.beat()
  const moving = await board()
  const told = tasksOf(moving)
  expect(told.match(/a−, \+b<a/g)?.length).toBe(2)
  expect(moving.notes).toEqual([
    { kind: 'revoking', memberId: 'a', tasks: 2, deadline: broker.clock.now() + 60_000 },
    { kind: 'waiting', memberId: 'b', tasks: 2, waitsFor: ['a'] },
  ])
  expect(moving.instances.map(({ members }) => members[0]?.state)).toEqual(['revoking', 'waiting'])
  await one.beat()
  await two.beat()
  const after = await board()
  expect(tasksOf(after)).not.toMatch(/[−+<]/)
  expect(after.notes).toEqual([{ kind: 'stable' }])
  expect(after.rebalance?.causes).toMatchObject([
    { kind: 'joined', member: { memberId: 'b' } },
    { kind: 'awaitsTasks' },
  ])
  await desk.advance(1000)
  expect(tasksOf(feed.items.at(-1)!)).toBe(tasksOf(after))
  expect(feed.items.at(-1)?.rebalance).toEqual(after.rebalance)
})

test('a standby task has the progress of its state, and its changelog the greatest lag', async () => {
  const one = await started()
  await setGroupConfig(client, 'app', 'streams.num.standby.replicas', '1')
  const two = thread('b')
  for (let round = 0; round < 4; round++) {
    await two.beat()
    await one.beat()
  }
  const standby = two.owned.standbyTasks[0]!
  expect(standby.subtopologyId).toBe('1')
  const partition = standby.partitions[0]!
  const task = (offset: bigint) => [{ subtopologyId: '1', partition, offset }]
  await two.beat({ taskOffsets: task(43n), taskEndOffsets: task(120n) })
  const shown = await board()
  expect(shown.subtopologies[1]?.tasks[partition]?.places).toContainEqual({
    memberId: 'b',
    role: 'standby',
    phase: 'held',
    waitsFor: [],
    deadline: null,
    offset: 43,
    endOffset: 120,
  })
  expect(shown.topics[1]).toMatchObject({ kind: 'changelog', lag: 77 })
})

test('the inputs of a task have their committed offset and log end, a repartition topic its lag', async () => {
  const one = await started()
  await client.produce('lines', batchOf(['x', 'y', 'z']))
  await client.produce('app-words-repartition', batchOf(['x', 'y', 'z', 'x']))
  const topics = ['lines', 'app-words-repartition'].map((name) => ({
    name,
    partitions: [{ partitionIndex: 0, committedOffset: 1n, committedMetadata: null }],
  }))
  await client.ask('OffsetCommit', 9, {
    groupId: 'app',
    generationIdOrMemberEpoch: one.epoch,
    memberId: 'a',
    topics,
  })
  const { subtopologies, topics: internal } = await board()
  expect(subtopologies[0]?.tasks.map(({ inputs }) => inputs)).toEqual([
    [{ topic: 'lines', committed: 1, end: 3 }],
    [{ topic: 'lines', committed: null, end: 0 }],
  ])
  expect(internal[0]).toMatchObject({ kind: 'repartition', end: 4, lag: 3 })
})

test('what keeps a group from running is told', async () => {
  await thread('a').beat()
  expect((await board()).notes).toEqual([{ kind: 'missingSources', names: ['lines'] }])
  await client.create('lines', 2)
  await client.create('app-counts-changelog', 3)
  const two = thread('b')
  await two.beat()
  expect((await board()).notes).toEqual([
    {
      kind: 'wrongPartitions',
      detail: 'Existing topic app-counts-changelog has different number of partitions: expected 2, found 3',
    },
  ])
  await two.beat({ shutdownApplication: true })
  expect((await board()).notes[0]).toEqual({ kind: 'shutdown', by: 'b' })
})

test('why internal topics could not be created is told, until they are there', async () => {
  await client.create('lines', 2)
  const changelog = {
    name: 'log',
    partitions: 0,
    replicationFactor: -1,
    topicConfigs: [{ key: 'no.such', value: '1' }],
  }
  const one = thread('a', [subtopologyOf('0', { sourceTopics: ['lines'], stateChangelogTopics: [changelog] })])
  await one.beat()
  const note = {
    kind: 'missingInternal' as const,
    names: ['log'],
    reason: 'Creation failed: log (Unknown topic config name: no.such).',
  }
  expect((await board()).notes).toEqual([note])
  expect(noteText(note, namesOf([]), 0)).toBe(
    'Internal topics do not exist: log. The broker could not create them in the name of the client: Creation failed: log (Unknown topic config name: no.such). It tries again with each heartbeat.',
  )
  await client.create('log', 2)
  await one.beat()
  expect((await board()).notes).toEqual([{ kind: 'stable' }])
  expect(broker.core.groups.streams('app')?.refusedTopics).toBeNull()
})

test('a group without members says so, and one with more members than tasks which have none', async () => {
  const one = await started()
  const threads = ['b', 'c', 'd', 'e'].map((id) => thread(id))
  for (let round = 0; round < 4; round++) for (const each of [one, ...threads]) await each.beat()
  expect((await board()).notes).toEqual([{ kind: 'stable' }, { kind: 'idle', members: 1, tasks: 4 }])
  for (const each of [one, ...threads]) await each.leave()
  expect((await board()).notes).toEqual([{ kind: 'empty' }])
})

test('Home has one line for what began a rebalance, with its steps', async () => {
  const one = await started()
  const two = thread('b')
  for (let round = 0; round < 3; round++) {
    await two.beat()
    await one.beat()
  }
  const { items } = await desk.watch('activity', undefined)
  const lines = (items.at(-1) ?? []).filter(({ kind }) => kind === 'group')
  expect(activityGroups(lines).map(({ text, steps }) => [text, steps])).toEqual([
    ['app: tester (b) joined: lines; is waiting for tasks that other members have not revoked yet', 4],
    [
      'app: topic app-counts-changelog was added, topic app-words-repartition was added; all topics of the topology are there',
      2,
    ],
    [
      'app: tester (a) joined: lines; not ready: Internal topics are missing: app-words-repartition, app-counts-changelog',
      1,
    ],
  ])
})

test('the processor graph that a member sends is shown', async () => {
  await started()
  const node = { name: 'n', sourceTopics: [], sinkTopic: null, stores: [], successors: [] }
  const nodes = [
    { ...node, name: 'source', nodeType: 1, sourceTopics: ['lines'], successors: ['split'] },
    { ...node, name: 'split', nodeType: 2, stores: ['seen'], successors: ['sink'] },
    { ...node, name: 'sink', nodeType: 3, sinkTopic: 'words-repartition' },
  ]
  const sent = await client.ask('StreamsGroupTopologyDescriptionUpdate', 0, {
    groupId: 'app',
    memberId: 'a',
    topologyEpoch: 0,
    topologyDescription: { subtopologies: [{ subtopologyId: '0', nodes }], globalStores: [] },
  })
  expect(sent.errorCode).toBe(0)
  expect((await board()).subtopologies.map((each) => each.nodes)).toEqual([
    [
      { name: 'source', kind: 'source', topics: ['lines'], stores: [], successors: ['split'] },
      { name: 'split', kind: 'processor', topics: [], stores: ['seen'], successors: ['sink'] },
      { name: 'sink', kind: 'sink', topics: ['words-repartition'], stores: [], successors: [] },
    ],
    null,
  ])
})

test('a board is bounded, and tells what it leaves out', async () => {
  await client.create('lines', 20)
  const wide = Array.from({ length: 31 }, (_, i) => subtopologyOf(`${i + 10}`, { sourceTopics: ['lines'] }))
  for (let i = 0; i < 61; i++) await thread(`member-${i}`, wide).beat()
  const shown = await board()
  expect(shown).toMatchObject({ moreSubtopologies: 1, moreTasks: 31 * 20 - 500, moreMembers: 1 })
  expect(shown.subtopologies.flatMap(({ tasks }) => tasks).length).toBe(500)
  expect(shown.instances.length).toBe(60)
  expect(shown.notes.length).toBeLessThanOrEqual(12)
})
