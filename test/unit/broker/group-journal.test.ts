import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as pathOf } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type JournalEntry, replay } from '../../../src-main/broker/groups/journal'
import { embeddedJournal } from '../../../src-main/desk/embedded/journal'
import type { Join, JoinReply, Sync } from '../../../src-main/groups/classic/events'
import type { ConsumerHeartbeat, ConsumerHeartbeatReply } from '../../../src-main/groups/consumer/events'
import type { Group } from '../../../src-main/groups/group'
import { writeAssignment, writeSubscription } from '../../../src-main/protocol/embedded/consumer-protocol'
import { TestBroker } from '../../support/core'

let broker: TestBroker
beforeEach(async () => {
  broker = new TestBroker()
  const topic = { name: 't', numPartitions: 4, replicationFactor: 1, assignments: [], configs: [] }
  await broker.client().ask('CreateTopics', 7, { topics: [topic], timeoutMs: 1000, validateOnly: false })
})
afterEach(() => broker.dispose())

const heartbeat =
  (memberId: string, memberEpoch: number, fields: Partial<ConsumerHeartbeat> = {}) =>
  (ticket: number): ConsumerHeartbeat => ({
    kind: 'consumerHeartbeat',
    ticket,
    memberId,
    memberEpoch,
    instanceId: null,
    rackId: null,
    clientId: memberId,
    clientHost: '/127.0.0.1',
    rebalanceTimeoutMs: 60_000,
    subscribedTopicNames: ['t'],
    subscribedTopicRegex: null,
    serverAssignor: null,
    owned: {},
    settings: broker.core.groups.settings.consumer('g'),
    ...fields,
  })

const subscription = { topics: ['t'], userData: null, ownedPartitions: [], generationId: -1, rackId: null }
const join =
  (memberId: string, knowsItsId: boolean) =>
  (ticket: number): Join => ({
    kind: 'join',
    ticket,
    memberId: knowsItsId ? memberId : '',
    groupInstanceId: null,
    newMemberId: memberId,
    clientId: memberId,
    clientHost: '/127.0.0.1',
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 60_000,
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: Buffer.from(writeSubscription(subscription)).toString('base64') }],
    reason: null,
    requireKnownMemberId: false,
    supportsSkippingAssignment: false,
    settings: broker.core.groups.settings.classic(),
  })

/** What a replay must agree on: deadlines are moved by heartbeats that are not in the journal. */
function decided(group: Group | undefined): unknown {
  return JSON.parse(
    JSON.stringify(group, (key, value: unknown) => (key.toLowerCase().endsWith('deadline') ? undefined : value)),
  )
}

function replayed(from: number): unknown {
  const rows = broker.workspace.journal.range('g', from, 10_000, 10_000)
  return decided(replay(rows.map(({ frame }) => JSON.parse(frame) as JournalEntry)))
}

function live(): unknown {
  const { groups } = broker.core
  const classic = groups.classic('g')
  return decided(
    classic ? { type: 'classic', value: classic } : { type: 'consumer', value: groups.consumer('g') as never },
  )
}

test('the journal of a group that changes its protocol replays to the same states', async () => {
  const { groups } = broker.core
  const ask = (event: Parameters<typeof groups.ask>[1]) => groups.ask('g', event, { creates: 'classic' })
  const joined = ask(join('c', false)) as Promise<JoinReply>
  broker.clock.advance(0)
  const { generationId } = await joined
  const assignedPartitions = [{ topic: 't', partitions: [0, 1, 2, 3] }]
  const sync = (ticket: number): Sync => ({
    kind: 'sync',
    ticket,
    memberId: 'c',
    groupInstanceId: null,
    generationId,
    protocolType: null,
    protocolName: null,
    assignments: [
      { memberId: 'c', assignment: Buffer.from(writeAssignment({ assignedPartitions })).toString('base64') },
    ],
  })
  await ask(sync)
  expect(replayed(1)).toEqual(live())
  // A member of the new protocol comes: the group goes over.
  const first = (await ask(heartbeat('a', 0))) as ConsumerHeartbeatReply
  expect(first).toMatchObject({ error: 'NONE', memberEpoch: 2 })
  expect(replayed(1)).toEqual(live())
  await ask(join('c', true))
  await ask(heartbeat('a', 2))
  await broker.client().ask('CreatePartitions', 3, {
    topics: [{ name: 't', count: 6, assignments: null }],
    timeoutMs: 1000,
    validateOnly: false,
  })
  await ask(heartbeat('b', 0))
  await ask(heartbeat('a', 2, { owned: null }))
  expect(groups.find('g')).toMatchObject({ type: 'consumer', members: [{}, {}, {}] })
  expect(replayed(1)).toEqual(live())
  // And back.
  await ask(heartbeat('a', -1))
  await ask(heartbeat('b', -1))
  expect(groups.find('g')?.type).toBe('classic')
  expect(replayed(1)).toEqual(live())
  broker.clock.advance(60_000)
  expect(groups.find('g')).toMatchObject({ state: 'Empty', members: [] })
  expect(replayed(1)).toEqual(live())
})

/** What has a line of its own: causes by kind and boundary. */
function lines(): unknown[] {
  return broker.workspace.journal
    .boundaries('g')
    .map(({ boundary, causes }) => [boundary, JSON.parse(causes).map(({ kind }: { kind: string }) => kind)])
}

test('a static member that is replaced in a stable group, and the fenced one that goes on, have lines of their own', async () => {
  const { groups } = broker.core
  const ask = (event: Parameters<typeof groups.ask>[1]) => groups.ask('g', event, { creates: 'classic' })
  const named = (memberId: string) => (ticket: number) => ({
    ...join(memberId, false)(ticket),
    groupInstanceId: 'till-1',
  })
  const joined = ask(named('old')) as Promise<JoinReply>
  broker.clock.advance(0)
  const { generationId } = await joined
  const place = { groupInstanceId: 'till-1', generationId }
  await ask((ticket) => ({
    kind: 'sync',
    ticket,
    memberId: 'old',
    ...place,
    protocolType: null,
    protocolName: null,
    assignments: [],
  }))
  expect(lines()).toEqual([
    ['start', ['joined']],
    ['end', ['assigned']],
  ])
  await ask(named('new'))
  const beat = () => ask((ticket) => ({ kind: 'heartbeat', ticket, memberId: 'old', ...place }))
  expect(await beat()).toMatchObject({ error: 'FENCED_INSTANCE_ID' })
  const told = [
    ['note', ['staticRejoined']],
    ['note', ['refused']],
  ]
  expect(lines().slice(2)).toEqual(told)
  // It is told once a minute, however often the client comes.
  await beat()
  expect(lines().slice(2)).toEqual(told)
  broker.clock.advance(6000)
  await ask((ticket) => ({ kind: 'heartbeat', ticket, memberId: 'new', ...place }))
  expect(groups.find('g')).toMatchObject({ state: 'Stable', members: [{ memberId: 'new' }] })
  expect(replayed(1)).toEqual(live())
  // No note is a rebalance.
  expect(broker.workspace.journal.lastBoundariesAt(['g', 'other']).get('g')).toBeLessThan(broker.clock.now() - 5000)
})

test('a second client with the group.instance.id of a present member of the consumer protocol is told as refused', async () => {
  const { groups } = broker.core
  const named = { instanceId: 'till-1' }
  await groups.ask('g', heartbeat('a', 0, named), { creates: 'classic' })
  const reply = (await groups.ask('g', heartbeat('b', 0, { ...named, clientId: 'twin' }))) as ConsumerHeartbeatReply
  expect(reply.error).toBe('UNRELEASED_INSTANCE_ID')
  const [last] = broker.workspace.journal.boundaries('g').slice(-1)
  expect([last?.boundary, JSON.parse(last?.causes ?? '')]).toEqual([
    'note',
    [
      {
        kind: 'refused',
        member: { memberId: 'b', instanceId: 'till-1', clientId: 'twin' },
        error: 'UNRELEASED_INSTANCE_ID',
      },
    ],
  ])
  expect(groups.find('g')?.members.map(({ memberId }) => memberId)).toEqual(['a'])
  expect(replayed(1)).toEqual(live())
})

test('a client that is refused makes no group', async () => {
  const { groups } = broker.core
  const tooShort = (ticket: number) => ({ ...join('a', false)(ticket), sessionTimeoutMs: 1 })
  expect(await groups.ask('g', tooShort, { creates: 'classic' })).toMatchObject({ error: 'INVALID_SESSION_TIMEOUT' })
  expect(groups.find('g')).toBeUndefined()
  expect(lines()).toEqual([])
})

test('a restart of the broker has a line, from which the journal replays on', async () => {
  const folder = mkdtempSync(pathOf(tmpdir(), 'ottla-'))
  const file = pathOf(folder, 'a.ottla')
  try {
    await broker.dispose()
    broker = new TestBroker({}, file)
    await broker.client().create('t', 4)
    await broker.core.groups.ask('g', heartbeat('a', 0), { creates: 'classic' })
    await broker.core.groups.ask('empty', heartbeat('b', 0), { creates: 'classic' })
    await broker.core.groups.ask('empty', heartbeat('b', -1))
    await broker.core.commits.settled
    await broker.dispose()
    broker = new TestBroker({}, file, broker.clock.now() + 10_000)
    const [last] = broker.workspace.journal.boundaries('g').slice(-1)
    expect(last).toMatchObject({ boundary: 'note' })
    expect(JSON.parse(last?.causes ?? '')).toEqual([{ kind: 'brokerRestarted', downMs: 10_000 }])
    // Nobody waits in an empty group.
    expect(broker.workspace.journal.boundaries('empty').filter(({ boundary }) => boundary === 'note')).toEqual([])
    await broker.core.groups.ask('g', heartbeat('b', 0))
    expect(replayed(1)).toEqual(live())
    const { scenario } = embeddedJournal(broker.core)
    const text = await scenario('g', 1, broker.workspace.journal.lastSeq('g'))
    expect(text).not.toContain('does not follow from these')
  } finally {
    await broker.dispose()
    rmSync(folder, { recursive: true })
    broker = new TestBroker()
  }
})
