import { afterEach, beforeEach, expect, test } from 'vitest'
import { errorName } from '../../../src-main/protocol/errors'
import { TestBroker, type TestClient } from '../../support/core'

/* What Apache Kafka 4.4.0 answered to the same requests. */
let broker: TestBroker
let client: TestClient
beforeEach(async () => {
  broker = new TestBroker()
  client = broker.client()
  await client.create('made', 1)
})
afterEach(() => broker.dispose())

const malformed =
  'This most likely occurs because of a request being malformed by the client library or the message was sent to an incompatible broker. See the broker logs for more details.'

test('a resource type that is not known fails all of DescribeConfigs; what is described has an empty message', async () => {
  const resource = (resourceType: number, resourceName: string) => ({
    resourceType,
    resourceName,
    configurationKeys: ['retention.ms'],
  })
  const ask = async (...resources: ReturnType<typeof resource>[]) => {
    const options = { includeSynonyms: false, includeDocumentation: false }
    const { results } = await client.ask('DescribeConfigs', 4, { resources, ...options })
    return results.map(({ errorCode, errorMessage }) => [errorName(errorCode), errorMessage])
  }
  expect(await ask(resource(99, 'a'), resource(2, 'made'))).toEqual([
    ['INVALID_REQUEST', malformed],
    ['INVALID_REQUEST', malformed],
  ])
  expect(await ask(resource(2, 'made'), resource(2, 'missing'))).toEqual([
    ['NONE', ''],
    ['UNKNOWN_TOPIC_OR_PARTITION', ''],
  ])
})

test('a key type that is not known is refused in general words', async () => {
  const { coordinators } = await client.ask('FindCoordinator', 6, { key: '', keyType: 7, coordinatorKeys: ['a'] })
  expect(coordinators[0]).toMatchObject({ errorCode: 42, errorMessage: malformed, nodeId: -1 })
})

test('ElectLeaders tells a missing partition from a missing topic', async () => {
  const topicPartitions = [
    { topic: 'made', partitions: [5] },
    { topic: 'missing', partitions: [0] },
  ]
  const answer = await client.ask('ElectLeaders', 2, { electionType: 0, topicPartitions, timeoutMs: 1000 })
  const texts = answer.replicaElectionResults.flatMap(({ partitionResult }) =>
    partitionResult.map(({ errorMessage }) => errorMessage),
  )
  expect(texts).toEqual(['No such partition as made-5', 'No such topic as missing'])
})

test('CreatePartitions says no more of a missing topic than its error', async () => {
  const topics = [{ name: 'missing', count: 2, assignments: null }]
  const { results } = await client.ask('CreatePartitions', 3, { topics, timeoutMs: 1000, validateOnly: false })
  expect(results).toMatchObject([{ name: 'missing', errorCode: 3, errorMessage: null }])
})

test('DescribeTopicPartitions tells what a client may do with a topic that is not there', async () => {
  const topics = [{ name: 'made' }, { name: 'missing' }]
  const request = { topics, responsePartitionLimit: 2000, cursor: null }
  const answer = await client.ask('DescribeTopicPartitions', 0, request)
  expect(answer.topics.map(({ topicAuthorizedOperations }) => topicAuthorizedOperations)).toEqual([3576, 3576])
})

test('a broker config has its value from one place, and a place without a value is no synonym', async () => {
  const configurationKeys = ['advertised.listeners', 'broker.rack', 'node.id', 'group.initial.rebalance.delay.ms']
  const describe = async (config: Record<string, string>) => {
    const other = new TestBroker(config)
    const { results } = await other.client().ask('DescribeConfigs', 4, {
      resources: [{ resourceType: 4, resourceName: other.core.configs.brokerName, configurationKeys }],
      includeSynonyms: true,
      includeDocumentation: false,
    })
    await other.dispose()
    return results.flatMap(({ configs }) =>
      configs.map(({ name, value, configSource, synonyms }) => [
        name,
        value,
        configSource,
        synonyms.map((synonym) => [synonym.value, synonym.source]),
      ]),
    )
  }
  const [fixed, usual] = [4, 5]
  const delay = (value: string) => [
    'group.initial.rebalance.delay.ms',
    value,
    fixed,
    [
      [value, fixed],
      ['3000', usual],
    ],
  ]
  const node = ['node.id', '1', fixed, [['1', fixed]]]
  const rack = ['broker.rack', null, usual, []]
  expect(await describe({})).toEqual([['advertised.listeners', null, usual, []], rack, delay('0'), node])
  const told = 'PLAINTEXT://here:9092'
  expect(await describe({ 'advertised.listeners': told, 'group.initial.rebalance.delay.ms': '7' })).toEqual([
    ['advertised.listeners', told, fixed, [[told, fixed]]],
    rack,
    delay('7'),
    node,
  ])
})
