import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { errorName } from '../../../src-main/protocol/errors'
import { TestBroker, type TestClient } from '../../support/core'

let broker: TestBroker
let client: TestClient
beforeEach(() => {
  broker = new TestBroker({ 'num.partitions': '3' })
  client = broker.client()
})
afterEach(() => broker.dispose())

async function create(...names: string[]) {
  const { topics } = await client.ask('CreateTopics', 7, {
    topics: names.map((name) => ({ name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] })),
    timeoutMs: 1000,
    validateOnly: false,
  })
  return topics.map(({ errorCode, errorMessage }) => errorMessage ?? errorName(errorCode))
}

async function metadata(...names: string[]) {
  const { topics } = await client.ask('Metadata', 9, {
    topics: names.map((name) => ({ name })),
    allowAutoTopicCreation: true,
  })
  return topics.map(({ errorCode }) => errorName(errorCode))
}

describe('names that differ only in "." and "_"', () => {
  test('a topic whose metrics have the name of another one is refused', async () => {
    expect(await create('a.b_c')).toEqual(['NONE'])
    expect(await create('a_b.c', 'a-b-c')).toEqual(["Topic 'a_b.c' collides with existing topic: a.b_c", 'NONE'])
    expect(await metadata('a.b.c', 'a.b.c.d')).toEqual(['INVALID_TOPIC_EXCEPTION', 'NONE'])
  })

  test('topics of one request are not held against each other (ReplicationControlManager.validateNewTopicNames)', async () => {
    expect(await create('a.b', 'a_b')).toEqual(['NONE', 'NONE'])
    expect(await metadata('c.d', 'c_d')).toEqual(['NONE', 'NONE'])
  })

  test('topics of a request before are, also of the same moment', async () => {
    expect(await Promise.all([create('a.b'), create('a_b')])).toEqual([
      ['NONE'],
      ["Topic 'a_b' collides with existing topic: a.b"],
    ])
  })

  test('a deleted topic is no longer in the way', async () => {
    await create('a.b')
    await client.ask('DeleteTopics', 5, { topicNames: ['a.b'], timeoutMs: 1000 })
    expect(await create('a_b')).toEqual(['NONE'])
  })
})

describe('topics that one Metadata request creates', () => {
  const names = (count: number) => Array.from({ length: count }, (_, i) => `events_${i}`)

  test('have no more than 10,000 partitions together, else none is created', async () => {
    const refused = await metadata(...names(3334))
    expect(new Set(refused)).toEqual(new Set(['UNKNOWN_TOPIC_OR_PARTITION']))
    expect(broker.core.topics.count).toBe(0)
  })

  test('are counted once each, and those that are there do not count', async () => {
    await create('there')
    const few = names(5)
    expect(new Set(await metadata('there', ...few, ...few))).toEqual(new Set(['NONE']))
    expect(broker.core.topics.count).toBe(6)
    expect(broker.core.topics.find('events_4')?.partitionCount).toBe(3)
  })
})
