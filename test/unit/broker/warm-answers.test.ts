import { afterEach, beforeEach, expect, test } from 'vitest'
import { zeroUuid } from '../../../src-main/base/uuid'
import { errorName } from '../../../src-main/protocol/errors'
import { TestBroker, type TestClient } from '../../support/core'

/* What Apache Kafka 4.4.0 answered to the same requests, once its coordinators had started. */
let broker: TestBroker
let client: TestClient
beforeEach(async () => {
  broker = new TestBroker()
  client = broker.client()
  await client.create('t', 2)
})
afterEach(() => broker.dispose())

const idOf = (name: string) => broker.core.topics.find(name)?.id
const begun = async () => {
  const { producerId, producerEpoch } = await client.ask('InitProducerId', 4, {
    transactionalId: 'tx',
    transactionTimeoutMs: 60_000,
  })
  return { producerId, producerEpoch }
}

test('partitions are only verified when no transaction of the request adds any', async () => {
  const producer = await begun()
  const wanted = (verifyOnly: boolean, ...partitions: number[]) => {
    return { transactionalId: 'tx', ...producer, verifyOnly, topics: [{ name: 't', partitions }] }
  }
  const add = async (...transactions: ReturnType<typeof wanted>[]) => {
    const { resultsByTransaction } = await client.ask('AddPartitionsToTxn', 4, { transactions })
    return resultsByTransaction.map(({ topicResults }) =>
      topicResults[0]?.resultsByPartition.map(({ partitionErrorCode }) => errorName(partitionErrorCode)),
    )
  }
  expect(await add(wanted(false, 0))).toEqual([['NONE']])
  expect(await add(wanted(true, 0, 1))).toEqual([['NONE', 'TRANSACTION_ABORTABLE']])
  expect(await add(wanted(false, 0), wanted(true, 0, 1))).toEqual([['NONE'], ['NONE', 'NONE']])
  expect(await add(wanted(true, 0, 1))).toEqual([['NONE', 'NONE']])
})

test('TxnOffsetCommit without a transactional id is an invalid request', async () => {
  const partitions = [{ partitionIndex: 0, committedOffset: 1n, committedMetadata: '' }]
  const request = { transactionalId: '', groupId: 'g', ...(await begun()), topics: [{ name: 't', partitions }] }
  for (const version of [0, 3, 4]) {
    const { topics } = await client.ask('TxnOffsetCommit', version, request)
    expect(topics.map((topic) => topic.partitions.map(({ errorCode }) => errorName(errorCode)))).toEqual([
      ['INVALID_REQUEST'],
    ])
  }
})

test('ElectLeaders refuses an unknown type, and names all topics when it is asked for all', async () => {
  const topicPartitions = [{ topic: 't', partitions: [0, 9] }]
  const failed = { errorCode: 42, errorMessage: 'Unknown election type 7' }
  expect(await client.ask('ElectLeaders', 1, { electionType: 7, topicPartitions, timeoutMs: 1000 })).toMatchObject({
    errorCode: 42,
    replicaElectionResults: [
      {
        topic: 't',
        partitionResult: [
          { partitionId: 0, ...failed },
          { partitionId: 9, ...failed },
        ],
      },
    ],
  })
  const all = await client.ask('ElectLeaders', 2, { electionType: 0, topicPartitions: null, timeoutMs: 1000 })
  expect(all).toMatchObject({ errorCode: 0, replicaElectionResults: [{ topic: 't', partitionResult: [] }] })
})

test('a reassignment of nothing has an empty message', async () => {
  const reassign = (topics: { name: string; partitions: { partitionIndex: number; replicas: null }[] }[]) =>
    client.ask('AlterPartitionReassignments', 1, { timeoutMs: 1000, topics })
  expect(await reassign([])).toMatchObject({ errorCode: 0, errorMessage: '', responses: [] })
  const named = await reassign([{ name: 't', partitions: [{ partitionIndex: 0, replicas: null }] }])
  expect(named).toMatchObject({ errorCode: 0, errorMessage: null })
})

const alter = async (groupId: string, ...topics: (readonly [name: string, ...partitions: number[]])[]) => {
  const { responses } = await client.ask('AlterShareGroupOffsets', 0, {
    groupId,
    topics: topics.map(([topicName, ...partitions]) => ({
      topicName,
      partitions: partitions.map((partitionIndex) => ({ partitionIndex, startOffset: 0n })),
    })),
  })
  return responses.map(({ topicName, partitions }) => [
    topicName,
    ...partitions.map(({ partitionIndex, errorCode }) => [partitionIndex, errorCode]),
  ])
}

test('offsets of a share group are altered topic by topic, those that are not there first', async () => {
  expect(await alter('g', ['t', 0], ['no', 0], ['t', 1, 9], ['a b', 0])).toEqual([
    ['no', [0, 3]],
    ['a b', [0, 3]],
    ['t', [0, 0], [1, 0], [9, 3]],
  ])
  // The group is there from now on, though nothing of it was altered.
  expect(await alter('new', ['no', 0], ['t', 9])).toEqual([
    ['no', [0, 3]],
    ['t', [9, 3]],
  ])
  expect(await alter('none')).toEqual([])
  const { groups } = await client.ask('ListGroups', 5, { statesFilter: [], typesFilter: ['share'] })
  expect(groups.map(({ groupId, groupState }) => [groupId, groupState])).toEqual([
    ['g', 'Empty'],
    ['new', 'Empty'],
  ])
})

test('a topic or partition that is named twice is described and deleted once', async () => {
  await alter('g', ['t', 0, 1])
  const named = (...partitions: number[]) => ({ topicName: 't', partitions })
  const { groups } = await client.ask('DescribeShareGroupOffsets', 1, {
    groups: [{ groupId: 'g', topics: [named(0, 0), named(1), named(0)] }],
  })
  expect(groups[0]?.topics.map((topic) => topic.partitions.map(({ partitionIndex }) => partitionIndex))).toEqual([
    [0, 1],
  ])
  await client.create('u')
  const topics = ['t', 'no', 'u', 't'].map((topicName) => ({ topicName }))
  const { responses } = await client.ask('DeleteShareGroupOffsets', 0, { groupId: 'g', topics })
  expect(responses.map(({ topicName, topicId, errorCode }) => [topicName, topicId, errorCode])).toEqual([
    ['t', idOf('t'), 0],
    ['no', zeroUuid, 3],
    // There is an id only where offsets were deleted.
    ['u', zeroUuid, 3],
  ])
})
