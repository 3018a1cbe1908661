import { afterEach, beforeEach, expect, test } from 'vitest'
import type { JournalEntry } from '../../../src-main/broker/groups/journal'
import type { Join, JoinReply, Sync } from '../../../src-main/groups/classic/events'
import type { ConsumerHeartbeat } from '../../../src-main/groups/consumer/events'
import { writeAssignment, writeSubscription } from '../../../src-main/protocol/embedded/consumer-protocol'
import { scenarioOf } from '../../../src-main/scenarios/export'
import { readScenarios } from '../../../src-main/scenarios/grammar'
import { causesLine } from '../../../src-main/scenarios/tracer'
import { TestBroker } from '../../support/core'
import { GroupDriver } from '../../support/group-driver'

let broker: TestBroker
beforeEach(async () => {
  broker = new TestBroker()
  const topic = { name: 'demo-orders', numPartitions: 4, replicationFactor: 1, assignments: [], configs: [] }
  await broker.client().ask('CreateTopics', 7, { topics: [topic], timeoutMs: 1000, validateOnly: false })
})
afterEach(() => broker.dispose())

const subscription = { topics: ['demo-orders'], userData: null, ownedPartitions: [], generationId: -1, rackId: null }
const join =
  (memberId: string, knowsItsId: boolean) =>
  (ticket: number): Join => ({
    kind: 'join',
    ticket,
    memberId: knowsItsId ? memberId : '',
    groupInstanceId: null,
    newMemberId: memberId,
    clientId: 'worker',
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

const sync =
  (memberId: string, generationId: number, owners: Record<string, number[]>) =>
  (ticket: number): Sync => ({
    kind: 'sync',
    ticket,
    memberId,
    groupInstanceId: null,
    generationId,
    protocolType: null,
    protocolName: null,
    assignments: Object.entries(owners).map(([member, partitions]) => ({
      memberId: member,
      assignment: Buffer.from(writeAssignment({ assignedPartitions: [{ topic: 'demo-orders', partitions }] })).toString(
        'base64',
      ),
    })),
  })

const heartbeat =
  (memberId: string, memberEpoch: number) =>
  (ticket: number): ConsumerHeartbeat => ({
    kind: 'consumerHeartbeat',
    ticket,
    memberId,
    memberEpoch,
    instanceId: null,
    rackId: null,
    clientId: 'worker',
    clientHost: '/127.0.0.1',
    rebalanceTimeoutMs: 60_000,
    subscribedTopicNames: ['demo-orders'],
    subscribedTopicRegex: null,
    serverAssignor: null,
    owned: {},
    settings: broker.core.groups.settings.consumer('g'),
  })

const ask = (event: Parameters<typeof broker.core.groups.ask>[1]) =>
  broker.core.groups.ask('g', event, { creates: 'classic' }) as Promise<JoinReply>

/** Two members share, one falls silent. */
async function someClassicLife(): Promise<void> {
  const first = ask(join('worker-6d8f', false))
  broker.clock.advance(3)
  const { generationId } = await first
  await ask(sync('worker-6d8f', generationId, { 'worker-6d8f': [0, 1, 2, 3] }))
  broker.clock.advance(1200)
  const second = ask(join('worker-91ab', false))
  broker.clock.advance(400)
  const again = ask(join('worker-6d8f', true))
  const { generationId: next } = await again
  await second
  const waits = ask(sync('worker-91ab', next, {}))
  await ask(sync('worker-6d8f', next, { 'worker-6d8f': [0, 1], 'worker-91ab': [2, 3] }))
  await waits
  broker.clock.advance(9000)
  await ask((ticket) => ({
    kind: 'heartbeat',
    ticket,
    memberId: 'worker-6d8f',
    groupInstanceId: null,
    generationId: next,
  }))
  broker.clock.advance(5000)
  const alone = ask(join('worker-6d8f', true))
  await ask(sync('worker-6d8f', (await alone).generationId, { 'worker-6d8f': [0, 1, 2, 3] }))
}

function entries(): JournalEntry[] {
  return broker.workspace.journal.range('g', 0, 10_000, 10_000).map(({ frame }) => JSON.parse(frame) as JournalEntry)
}

/** Runs an export as test/scenarios does: its trace must come out. */
function run(text: string): GroupDriver {
  const scenarios = readScenarios(text)
  expect(scenarios).toHaveLength(1)
  const driver = new GroupDriver()
  for (const command of scenarios[0]!.commands) driver.run(command)
  expect(driver.trace.join('\n')).toBe(scenarios[0]!.trace)
  return driver
}

const causesOf = (trace: readonly string[]) =>
  trace.filter((line) => /^\d/.test(line)).map((line) => line.replace(/^\d+: /, ''))

test('the journal of a group is exported as a scenario that runs', async () => {
  await someClassicLife()
  const driver = run(scenarioOf('g', entries(), 1))
  expect(causesOf(driver.trace)).toEqual(
    entries().map(({ frame: { causes } }) =>
      causesLine(causes).replace('worker-6d8f', 'a').replace('worker-91ab', 'b'),
    ),
  )
  expect(causesOf(driver.trace)).toContain('sessionExpired b 10000')
  expect(driver.state()).toBe('classic Stable generation 3 a:demo-orders0demo-orders1demo-orders2demo-orders3')
})

test('a scenario from the middle starts with the group of that moment and its parked requests', async () => {
  await someClassicLife()
  for (const { frame } of entries()) {
    const driver = run(scenarioOf('g', entries(), frame.seq))
    expect(causesOf(driver.trace)).toHaveLength(entries().length - frame.seq + 1)
  }
  const text = scenarioOf('g', entries(), entries().find(({ frame }) => frame.kind === 'sessionExpired')!.frame.seq)
  expect(text).toMatch(/^== group g: sessionExpired b 10000\n# 0 is 2026/)
  expect(text).toContain('# a-1 is worker-6d8f')
})

test('the journal of a consumer group is exported too', async () => {
  await ask(heartbeat('c-1111', 0))
  await ask(heartbeat('c-2222', 0))
  await ask(heartbeat('c-1111', 1))
  broker.clock.advance(60_000)
  const driver = run(scenarioOf('g', entries(), 1))
  expect(causesOf(driver.trace)).toHaveLength(entries().length)
  expect(causesOf(driver.trace)[0]).toBe('joined a demo-orders; gained a 4')
})

test('steps that were trimmed are rejected, and a scenario ends where steps are missing', async () => {
  await someClassicLife()
  expect(() => scenarioOf('g', entries(), 1000)).toThrow('no longer in the journal')
  const torn = entries().filter(({ frame }) => frame.seq !== 4)
  const text = scenarioOf('g', torn, 1)
  expect(text).toContain('# The next step does not follow from these')
  run(text)
})
