import { afterEach, beforeEach, expect, test } from 'vitest'
import { zeroUuid } from '../../../src-main/base/uuid'
import { addressOf } from '../../../src-main/broker/quotas/hosts'
import { Quotas } from '../../../src-main/broker/quotas/quotas'
import { Rate } from '../../../src-main/broker/quotas/rate'
import { batchOf, TestBroker, type TestClient } from '../../support/core'

let broker: TestBroker
let client: TestClient
beforeEach(async () => {
  broker = new TestBroker()
  client = broker.client()
  await client.create('t')
})
afterEach(() => broker.dispose())

const alter = (entity: Record<string, string | null>, values: Record<string, number | null>, validateOnly = false) =>
  client.ask('AlterClientQuotas', 1, {
    entries: [
      {
        entity: Object.entries(entity).map(([entityType, entityName]) => ({ entityType, entityName })),
        ops: Object.entries(values).map(([key, value]) => ({ key, value: value ?? 0, remove: value === null })),
      },
    ],
    validateOnly,
  })

const described = async (components: [string, number, string | null][], strict = false) => {
  const asked = components.map(([entityType, matchType, match]) => ({ entityType, matchType, match }))
  const { entries } = await client.ask('DescribeClientQuotas', 1, { components: asked, strict })
  return entries?.map(({ entity, values }) => [
    entity.map(({ entityType, entityName }) => `${entityType}=${entityName}`).join(' '),
    Object.fromEntries(values.map(({ key, value }) => [key, value])),
  ])
}

test('a rate that is too high asks for the pause that brings it down', () => {
  const rate = new Rate(11, 1000)
  // 10 s of 100/s may come at once.
  expect(rate.record(1000, 100, 0)).toBe(0)
  expect(rate.record(1000, 100, 0)).toBe(10_000)
  expect(new Rate(11, 1000).record(1500, 100, 0)).toBe(5000)
  // What is older than the window is forgotten.
  expect(rate.record(500, 100, 11_000)).toBe(0)
})

test('quotas are kept, described and taken away', async () => {
  expect((await alter({ user: 'alice' }, { producer_byte_rate: 1000 })).entries[0]?.errorCode).toBe(0)
  await alter({ user: null }, { consumer_byte_rate: 5 })
  await alter({ user: 'alice', 'client-id': 'app' }, { request_percentage: 12.5 })
  await alter({ user: 'bob' }, { producer_byte_rate: 7 }, true)
  expect(await described([['user', 0, 'alice']])).toEqual([
    ['user=alice', { producer_byte_rate: 1000 }],
    ['client-id=app user=alice', { request_percentage: 12.5 }],
  ])
  expect(await described([['user', 0, 'alice']], true)).toEqual([['user=alice', { producer_byte_rate: 1000 }]])
  expect(await described([['user', 1, null]])).toEqual([['user=null', { consumer_byte_rate: 5 }]])
  expect(await described([])).toHaveLength(3)
  await alter({ user: 'alice' }, { producer_byte_rate: null })
  expect(await described([['user', 0, 'alice']], true)).toEqual([])
})

test('what is no quota is refused with a reason', async () => {
  const problem = async (entity: Record<string, string | null>, values: Record<string, number>) =>
    (await alter(entity, values)).entries[0]?.errorMessage
  expect(await problem({}, { producer_byte_rate: 1 })).toContain('empty')
  expect(await problem({ group: 'g' }, { producer_byte_rate: 1 })).toContain('Unhandled client quota entity type')
  expect(await problem({ user: 'a' }, { other: 1 })).toBe('Invalid configuration key other')
  expect(await problem({ user: 'a' }, { connection_creation_rate: 1 })).toContain('Invalid configuration key')
  expect(await problem({ user: 'a' }, { producer_byte_rate: 0 })).toContain('greater than 0')
  expect(await problem({ user: 'a' }, { producer_byte_rate: 1.5 })).toBe(
    'producer_byte_rate cannot be a fractional value.',
  )
  expect(await problem({ ip: '1.2.3.4', user: 'a' }, { producer_byte_rate: 1 })).toContain('IP entity')
})

/** What validateQuotaKeyValue and isValidIpEntity of Apache Kafka 4.4.0 say. */
test.each([
  [{ user: 'a' }, 'producer_byte_rate', Number.NaN, 'Quota producer_byte_rate must be a finite number'],
  [{ user: 'a' }, 'request_percentage', Number.POSITIVE_INFINITY, 'Quota request_percentage must be a finite number'],
  [{ user: 'a' }, 'consumer_byte_rate', 1e300, 'Proposed value for consumer_byte_rate is too large for a LONG.'],
  [{ user: 'a' }, 'consumer_byte_rate', 2 ** 63, null],
  [{ user: 'a' }, 'consumer_byte_rate', 1.000_000_000_1, null],
  [{ user: 'a' }, 'controller_mutation_rate', 1e300, null],
  [
    { ip: '::1' },
    'connection_creation_rate',
    1e10,
    'Proposed value for connection_creation_rate is too large for an INT.',
  ],
  [{ ip: 'localhost' }, 'connection_creation_rate', 1, null],
  [{ ip: 'not an ip' }, 'connection_creation_rate', 1, 'not an ip is not a valid IP or resolvable host.'],
  [{ ip: '999.1.1.1' }, 'connection_creation_rate', 1, '999.1.1.1 is not a valid IP or resolvable host.'],
] as const)('a quota of %o: %s=%d', async (entity, key, value, problem) => {
  const { errorCode, errorMessage } = (await alter(entity, { [key]: value })).entries[0]!
  expect([errorCode, errorMessage]).toEqual(problem === null ? [0, null] : [42, problem])
})

test('a pause that is longer than an answer can say is as long as it can', async () => {
  await alter({ 'client-id': 'tester' }, { controller_mutation_rate: 1e-9 })
  const topics = [{ name: 'a', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }]
  const made = await client.ask('CreateTopics', 5, { topics, timeoutMs: 1000, validateOnly: false })
  expect([made.topics[0]?.errorCode, made.throttleTimeMs]).toEqual([0, 2 ** 31 - 1])
})

test('a producer over its quota is told to pause, and its connection is held', async () => {
  await alter({ 'client-id': 'tester' }, { producer_byte_rate: 10 })
  const records = batchOf(['x'.repeat(500)])
  const served = client.served('Produce', 9, {
    transactionalId: null,
    acks: 1,
    timeoutMs: 1000,
    topicData: [{ name: 't', partitionData: [{ index: 0, records }] }],
  })
  await served.response
  expect(served.afterwards?.pauseMs).toBeGreaterThan(0)
  const other = await alter({ 'client-id': 'tester' }, { producer_byte_rate: null })
  expect(other.throttleTimeMs).toBe(0)
})

test('a consumer over its quota gets nothing for a while, and then all of it', async () => {
  for (let i = 0; i < 5; i++) await client.produce('t', batchOf(['x'.repeat(300)]))
  await alter({ 'client-id': 'tester' }, { consumer_byte_rate: 80 })
  const fetch = async () =>
    await client.ask('Fetch', 11, {
      maxWaitMs: 0,
      minBytes: 1,
      maxBytes: 50_000_000,
      topics: [{ topic: 't', partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 50_000_000 }] }],
      forgottenTopicsData: [],
    })
  // No more at once than the quota gives in a window: two of the five batches.
  const first = await fetch()
  expect(first.throttleTimeMs).toBe(0)
  expect(first.responses[0]?.partitions[0]?.records?.byteLength).toBeLessThan(801)
  const second = await fetch()
  expect(second.throttleTimeMs).toBeGreaterThan(0)
  expect(second.responses).toEqual([])
  broker.clock.advance(12_000)
  expect((await fetch()).responses).toHaveLength(1)
})

const createTopics = (version: number, ...sizes: readonly number[]) =>
  client.ask('CreateTopics', version, {
    topics: sizes.map((numPartitions, i) => ({
      name: `many-${version}-${numPartitions}-${i}`,
      numPartitions,
      replicationFactor: 1,
      assignments: [],
      configs: [],
    })),
    timeoutMs: 1000,
    validateOnly: false,
  })

test('partitions are made and deleted at a rate; a client that knows the error is refused, another only paused', async () => {
  // 11 windows of a second may come at once.
  await alter({ 'client-id': 'tester' }, { controller_mutation_rate: 1 })
  const strict = await createTopics(6, 12, 1)
  expect(strict.topics.map(({ errorCode }) => errorCode)).toEqual([0, 89])
  expect(strict.throttleTimeMs).toBe(1000)
  const permissive = await createTopics(5, 2)
  expect([permissive.topics[0]?.errorCode, permissive.throttleTimeMs]).toEqual([0, 3000])
  broker.clock.advance(2000)
  const grown = await client.ask('CreatePartitions', 3, {
    topics: [{ name: 't', count: 2, assignments: null }],
    timeoutMs: 1000,
    validateOnly: false,
  })
  expect(grown.results[0]?.errorCode).toBe(89)
  const deletion = { topics: [{ name: 't', topicId: zeroUuid }], topicNames: [], timeoutMs: 1000 }
  expect((await client.ask('DeleteTopics', 6, deletion)).responses[0]?.errorCode).toBe(89)
  broker.clock.advance(1000)
  expect((await client.ask('DeleteTopics', 6, deletion)).responses[0]?.errorCode).toBe(0)
})

test('connections of an address come at a rate; what is refused does not count', async () => {
  await alter({ ip: '10.0.0.1' }, { connection_creation_rate: 1 })
  const peer = (remoteAddress: string) => ({ listener: 'PLAINTEXT', remoteAddress })
  const admitted = (address: string) => broker.broker.admits(peer(address))
  expect(Array.from({ length: 10 }, () => admitted('10.0.0.1'))).toEqual(Array.from({ length: 10 }, () => 0))
  expect(admitted('10.0.0.1')).toBe(1000)
  expect(admitted('10.0.0.1')).toBe(1000)
  expect(admitted('10.0.0.2')).toBe(0)
  broker.clock.advance(11_000)
  expect(admitted('10.0.0.1')).toBe(0)
  // Java's form of ::1.
  await alter({ ip: '0:0:0:0:0:0:0:1' }, { connection_creation_rate: 1 })
  expect(Array.from({ length: 11 }, () => admitted('::1')).at(-1)).toBe(1000)
})

test('connections of a host come at its rate: Kafka looks its name up', async () => {
  const peer = (remoteAddress: string) => ({ listener: 'PLAINTEXT', remoteAddress })
  const pauses = (address: string) => Array.from({ length: 11 }, () => broker.broker.admits(peer(address))).at(-1)
  for (const [ip, address] of [
    ['localhost', '127.0.0.1'],
    ['127.2', '127.0.0.2'],
    ['::ffff:1.2.3.4', '1.2.3.4'],
    ['[::2]', '::2'],
    ['0::3', '::3'],
  ] as const) {
    expect((await alter({ ip }, { connection_creation_rate: 1 }, true)).entries[0]?.errorCode).toBe(0)
    expect(pauses(address)).toBe(0)
    broker.clock.advance(60_000)
    await alter({ ip }, { connection_creation_rate: 1 })
    expect([ip, pauses(address)]).toEqual([ip, 1000])
    await alter({ ip }, { connection_creation_rate: null })
    expect(pauses(address)).toBe(0)
  }
  expect(await described([])).toEqual([])
})

test('hosts are looked up again when the broker starts', async () => {
  await alter({ ip: 'localhost' }, { connection_creation_rate: 1 })
  const { workspace, commits, configs, clock } = broker.core
  const again = new Quotas(workspace, commits, configs, clock)
  const missing: string[] = []
  await again.findHosts((host) => missing.push(host))
  expect(Array.from({ length: 11 }, () => again.connect('127.0.0.1')).at(-1)).toBe(1000)
  expect(missing).toEqual([])
})

/** What InetAddress.getByName of Java 17 makes of them. */
test.each([
  ['127.1', '127.0.0.1'],
  ['1', '0.0.0.1'],
  ['2130706433', '127.0.0.1'],
  ['010.0.0.1', '10.0.0.1'],
  ['1.2.65535', '1.2.255.255'],
  ['4294967296', undefined],
  ['1.2.3.256', undefined],
  ['999.1.1.1', undefined],
  ['0x7f.1', undefined],
  ['[::1]', '::1'],
  ['[1.2.3.4]', undefined],
  ['fe80::1%nope', undefined],
  ['not an ip', undefined],
])('a host %s has the address %s', async (host, address) => {
  expect(await addressOf(host)).toBe(address)
})

test('time that was spent is paid back in parts of a window, and the client is told', async () => {
  await alter({ 'client-id': 'tester' }, { request_percentage: 0.000001 })
  const served = client.served('ListGroups', 4, { statesFilter: [] })
  await served.response
  expect(served.afterwards?.pauseMs).toBe(1000)
  expect((await client.ask('ListGroups', 4, { statesFilter: [] })).throttleTimeMs).toBe(1000)
})

test('rates of quiet clients and addresses are forgotten', async () => {
  await alter({ ip: null }, { connection_creation_rate: 1000 })
  await alter({ user: null }, { controller_mutation_rate: 1000 })
  const { quotas } = broker.core
  for (let i = 0; i < 100; i++) quotas.connect(`10.0.0.${i}`)
  await createTopics(6, 1)
  expect(quotas.remembered).toBe(101)
  quotas.forgetIdle()
  expect(quotas.remembered).toBeGreaterThanOrEqual(100)
  broker.clock.advance(60_000)
  quotas.connect('10.0.0.1')
  quotas.forgetIdle()
  expect(quotas.remembered).toBe(1)
})
