import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { errorName } from '../../../src-main/protocol/errors'
import { TestBroker, type TestClient } from '../../support/core'

let broker: TestBroker
let client: TestClient
beforeEach(() => {
  broker = new TestBroker()
  client = broker.client()
})
afterEach(() => broker.dispose())

const topic = (name: string, numPartitions: number, configs: Record<string, string> = {}) => ({
  name,
  numPartitions,
  replicationFactor: 1,
  assignments: [],
  configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
})

async function create(...topics: ReturnType<typeof topic>[]) {
  const answer = await client.ask('CreateTopics', 7, { topics, timeoutMs: 1000, validateOnly: false })
  return answer.topics.map(({ name, errorCode, errorMessage }) => [name, errorName(errorCode), errorMessage])
}

async function grow(...wanted: (readonly [name: string, count: number])[]) {
  const { results } = await client.ask('CreatePartitions', 3, {
    topics: wanted.map(([name, count]) => ({ name, count, assignments: null })),
    timeoutMs: 1000,
    validateOnly: false,
  })
  return results.map(({ name, errorCode }) => [name, errorName(errorCode)])
}

/** IncrementalAlterConfigs of one resource; `null` deletes. */
async function alter(resourceType: number, resourceName: string, configs: Record<string, string | null>) {
  const { responses } = await client.ask('IncrementalAlterConfigs', 1, {
    resources: [
      {
        resourceType,
        resourceName,
        configs: Object.entries(configs).map(([name, value]) => ({
          name,
          configOperation: value === null ? 1 : 0,
          value,
        })),
      },
    ],
    validateOnly: false,
  })
  return [errorName(responses[0]?.errorCode ?? -1), responses[0]?.errorMessage]
}

describe('partitions of one request are limited', () => {
  test('CreatePartitions: for a topic, and over all topics of the request', async () => {
    await client.create('a')
    await client.create('b')
    expect(await grow(['a', 2_000_000_000])).toEqual([['a', 'POLICY_VIOLATION']])
    expect(await grow(['a', 10_002])).toEqual([['a', 'POLICY_VIOLATION']])
    expect(await grow(['a', 6000], ['b', 6000])).toEqual([
      ['a', 'NONE'],
      ['b', 'POLICY_VIOLATION'],
    ])
    expect(broker.core.topics.find('b')?.partitionCount).toBe(1)
  })

  test('CreateTopics: the whole request is refused (KAFKA-17870)', async () => {
    const message = 'Excessively large number of partitions per request.'
    expect(await create(topic('a', 4000), topic('b', 4000), topic('c', 4000))).toEqual([
      ['a', 'POLICY_VIOLATION', message],
      ['b', 'POLICY_VIOLATION', message],
      ['c', 'POLICY_VIOLATION', message],
    ])
    expect(broker.core.topics.count).toBe(0)
    expect(await create(topic('d', 2_147_483_647))).toEqual([['d', 'POLICY_VIOLATION', message]])
  })
})

describe('topic configs that contradict each other', () => {
  const conflict = (min: number, max: number) =>
    `conflict topic config setting min.compaction.lag.ms (${min}) > max.compaction.lag.ms (${max})`

  test('are refused when a topic is created', async () => {
    const configs = { 'min.compaction.lag.ms': '60000', 'max.compaction.lag.ms': '1' }
    expect(await create(topic('a', 1, configs))).toEqual([['a', 'INVALID_CONFIG', conflict(60_000, 1)]])
    expect((await create(topic('a', 1, { 'remote.storage.enable': 'true' })))[0]?.[1]).toBe('INVALID_CONFIG')
    expect(broker.core.topics.count).toBe(0)
  })

  test('are refused against what is stored, and allowed when it changes with them', async () => {
    await client.create('a', 1, { 'max.compaction.lag.ms': '1000' })
    expect(await alter(2, 'a', { 'min.compaction.lag.ms': '2000' })).toEqual(['INVALID_CONFIG', conflict(2000, 1000)])
    expect(await alter(2, 'a', { 'min.compaction.lag.ms': '2000', 'max.compaction.lag.ms': null })).toEqual([
      'NONE',
      null,
    ])
    expect(await alter(2, 'a', { 'max.compaction.lag.ms': '1000' })).toEqual(['INVALID_CONFIG', conflict(2000, 1000)])
    expect(await alter(2, 'a', { 'remote.storage.enable': 'true' })).toEqual([
      'INVALID_CONFIG',
      'Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.',
    ])
  })
})

test('TLS files of a broker can be changed for a listener only', async () => {
  const why = 'These security configs can be dynamically updated only per-listener using the listener prefix'
  expect(await alter(4, '1', { 'ssl.keystore.location': '/tmp/x' })).toEqual([
    'INVALID_REQUEST',
    `${why}: [ssl.keystore.location]`,
  ])
})

test('Metadata by topic id is served from version 12 on', async () => {
  await client.create('a')
  const topicId = broker.core.topics.find('a')?.id ?? ''
  for (const version of [10, 11]) {
    const { topics } = await client.ask('Metadata', version, { topics: [{ name: 'a', topicId }] })
    expect(topics.map(({ errorCode }) => errorName(errorCode))).toEqual(['INVALID_REQUEST'])
  }
  const { topics } = await client.ask('Metadata', 12, { topics: [{ name: null, topicId }] })
  expect(topics).toMatchObject([{ name: 'a', errorCode: 0 }])
})

describe('strings that are not UTF-8', () => {
  /** The frame of a request with bytes of a text replaced by Latin-1. */
  const latin = (frame: Buffer) => {
    const at = frame.indexOf('caf*')
    frame[at + 3] = 0xe9
    return frame
  }

  test('have U+FFFD in their place, and the request is served', async () => {
    const { encodeRequest } = await import('../../../src-main/protocol/frame')
    const metadata = { topics: null, allowAutoTopicCreation: false }
    const frame = Buffer.concat(encodeRequest('Metadata', 9, 1, 'caf*', metadata))
    expect(await client.serve(latin(frame))).not.toBeNull()
    expect([...broker.core.clients.all()].map(({ clientId }) => clientId)).toEqual(['caf\ufffd'])
  })

  test('are no topic name', async () => {
    const { decodeResponse, encodeRequest } = await import('../../../src-main/protocol/frame')
    const frame = Buffer.concat(encodeRequest('Metadata', 9, 1, 'c', { topics: [{ name: 'caf*' }] }))
    const chunks = (await client.serve(latin(frame))) ?? []
    const { topics } = decodeResponse('Metadata', 9, Buffer.concat(chunks)).body
    expect(topics.map(({ errorCode }) => errorName(errorCode))).toEqual(['INVALID_TOPIC_EXCEPTION'])
  })

  test('come back from committed metadata as U+FFFD', async () => {
    const { encodeRequest } = await import('../../../src-main/protocol/frame')
    await client.create('a')
    const partitions = [{ partitionIndex: 0, committedOffset: 1n, committedMetadata: 'caf*' }]
    const commit = { groupId: 'g', topics: [{ name: 'a', partitions }] }
    await client.serve(latin(Buffer.concat(encodeRequest('OffsetCommit', 8, 1, 'c', commit))))
    expect(broker.core.groups.offsets.get('g', 'a', 0)?.metadata).toBe('caf\ufffd')
  })
})

test('a described group that is not there has its permitted operations until version 5, as on Kafka', async () => {
  const ask = async (version: number) => {
    const { groups } = await client.ask('DescribeGroups', version, {
      groups: ['no'],
      includeAuthorizedOperations: true,
    })
    return groups[0]?.authorizedOperations
  }
  expect([await ask(3), await ask(5), await ask(6)]).toEqual([3400, 3400, -2_147_483_648])
})

describe('configs of a group are held against those of the broker', () => {
  const group = 32
  const refused = (message: string) => ['INVALID_CONFIG', message]

  test.each([
    ['consumer.session.timeout.ms', 45_000, 60_000],
    ['consumer.heartbeat.interval.ms', 5000, 15_000],
    ['consumer.assignment.interval.ms', 0, 15_000],
    ['share.session.timeout.ms', 45_000, 60_000],
    ['share.heartbeat.interval.ms', 5000, 15_000],
    ['share.record.lock.duration.ms', 15_000, 60_000],
    ['share.delivery.count.limit', 2, 10],
    ['share.partition.max.record.locks', 100, 4000],
    ['share.assignment.interval.ms', 0, 15_000],
    ['streams.session.timeout.ms', 45_000, 60_000],
    ['streams.heartbeat.interval.ms', 5000, 15_000],
    ['streams.assignment.interval.ms', 0, 15_000],
  ])('%s: %i to %i', async (name, min, max) => {
    const why = refused(`${name} must be in the range ${min} to ${max} inclusive.`)
    expect(await alter(group, 'g', { [name]: String(max + 1) })).toEqual(why)
    expect(broker.core.configs.overrides({ type: 'group', name: 'g' }).size).toBe(0)
    expect(await alter(group, 'g', { [name]: String(max) })).toEqual(['NONE', null])
    expect(await alter(group, 'g', { [name]: String(min) })).toEqual(['NONE', null])
  })

  test('what lies below the least value of a config is refused for that first', async () => {
    expect(await alter(group, 'g', { 'share.delivery.count.limit': '1' })).toEqual(
      refused('Invalid value 1 for configuration share.delivery.count.limit: Value must be at least 2'),
    )
    expect(await alter(group, 'g', { 'share.record.lock.duration.ms': '14999' })).toEqual(
      refused('share.record.lock.duration.ms must be in the range 15000 to 60000 inclusive.'),
    )
  })

  test('the broker has no more standby replicas than it allows', async () => {
    const standbys = (count: number) => alter(group, 'g', { 'streams.num.standby.replicas': String(count) })
    expect(await standbys(3)).toEqual(refused('streams.num.standby.replicas must be less than or equal to 2'))
    expect(await standbys(2)).toEqual(['NONE', null])
  })

  test('a session is longer than the interval of heartbeats, with what the group had before', async () => {
    await broker.dispose()
    broker = new TestBroker({ 'group.share.min.session.timeout.ms': '5000' })
    client = broker.client()
    const why = refused('share.session.timeout.ms must be greater than share.heartbeat.interval.ms')
    expect(await alter(group, 'g', { 'share.session.timeout.ms': '5000' })).toEqual(why)
    expect(await alter(group, 'g', { 'share.heartbeat.interval.ms': '10000' })).toEqual(['NONE', null])
    expect(await alter(group, 'g', { 'share.session.timeout.ms': '10000' })).toEqual(why)
    expect(await alter(group, 'g', { 'share.session.timeout.ms': '10001' })).toEqual(['NONE', null])
  })

  test('names of assignors, tags and dead-letter topics are checked (GroupConfig of 4.4)', async () => {
    expect(await alter(group, 'g', { 'streams.assignor.name': 'greedy' })).toEqual(
      refused("streams.assignor.name 'greedy' is not a registered task assignor. Registered assignors are: [sticky]."),
    )
    expect(await alter(group, 'g', { 'streams.rack.aware.assignment.tags': 'zone, zone' })).toEqual(
      refused('streams.rack.aware.assignment.tags must not contain duplicate tag keys.'),
    )
    const deadLetters = (topic: string) => alter(group, 'g', { 'errors.deadletterqueue.topic.name': topic })
    expect(await deadLetters('__lost')).toEqual(
      refused("errors.deadletterqueue.topic.name: DLQ topic name must not start with '__'"),
    )
    expect(await deadLetters('')).toEqual(['NONE', null])
    expect(await deadLetters('dlq.lost')).toEqual(['NONE', null])
    expect(await alter(group, 'g', { 'streams.rack.aware.assignment.tags': 'zone,rack' })).toEqual(['NONE', null])
  })
})
