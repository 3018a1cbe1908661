import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { handlers } from '../../../src-main/broker/handlers'
import type { ApiName } from '../../../src-main/protocol/api-types'
import { decodeResponse } from '../../../src-main/protocol/frame'
import { readBatches } from '../../../src-main/records/batch'
import { readRecords } from '../../../src-main/records/record'
import { batchOf, TestBroker, type TestClient } from '../../support/core'

function valuesOf(bytes: Uint8Array | null | undefined): string[] {
  return [...readBatches(bytes ?? new Uint8Array())].flatMap((batch) =>
    [...readRecords(batch)].map(({ value }) => Buffer.from(value ?? []).toString()),
  )
}

/** The main path of the client APIs, in every version that is served: an existing topic, a group, a transaction. */
describe('the main path in every version', () => {
  let broker: TestBroker
  let client: TestClient
  let topicId: string
  beforeEach(async () => {
    broker = new TestBroker()
    client = broker.client()
    await client.create('orders', 2)
    topicId = broker.core.topics.find('orders')?.id ?? ''
    await client.produce('orders', batchOf(['a', 'b', 'c']))
  })
  afterEach(() => broker.dispose())

  const versionsOf = (name: ApiName): number[] => {
    const range = handlers.find(({ api }) => api === name)?.versions
    if (!range) throw new Error(`${name} is not served`)
    return Array.from({ length: range[1] - range[0] + 1 }, (_, i) => range[0] + i)
  }

  test.each(versionsOf('Produce').filter((version) => version >= 3))('Produce v%i', async (version) => {
    const { responses } = await client.ask('Produce', version, {
      transactionalId: null,
      acks: -1,
      timeoutMs: 1000,
      topicData: [
        {
          ...(version >= 13 ? { topicId } : { name: 'orders' }),
          partitionData: [{ index: 0, records: batchOf(['d']) }],
        },
      ],
    })
    expect(responses[0]?.partitionResponses[0]).toMatchObject({ errorCode: 0, baseOffset: 3n })
  })

  test.each(versionsOf('Fetch').filter((version) => version >= 4))('Fetch v%i', async (version) => {
    const { responses } = await client.ask('Fetch', version, {
      ...(version < 15 ? { replicaId: -1 } : {}),
      maxWaitMs: 0,
      minBytes: 1,
      maxBytes: 1_000_000,
      isolationLevel: 1,
      ...(version >= 7 ? { sessionId: 0, sessionEpoch: -1, forgottenTopicsData: [] } : {}),
      topics: [
        {
          ...(version >= 13 ? { topicId } : { topic: 'orders' }),
          partitions: [{ partition: 0, fetchOffset: 1n, partitionMaxBytes: 1_000_000 }],
        },
      ],
      ...(version >= 11 ? { rackId: '' } : {}),
    } as never)
    const partition = responses[0]?.partitions[0]
    expect(partition).toMatchObject({ errorCode: 0, highWatermark: 3n, lastStableOffset: 3n })
    // The batch comes as a whole, also what of it lies before the offset.
    expect(valuesOf(partition?.records)).toEqual(['a', 'b', 'c'])
  })

  test.each(versionsOf('Fetch').filter((version) => version < 4))('Fetch v%i gets a message set', async (version) => {
    const { responses } = await client.ask('Fetch', version, {
      replicaId: -1,
      maxWaitMs: 0,
      minBytes: 1,
      ...(version >= 3 ? { maxBytes: 1_000_000 } : {}),
      topics: [{ topic: 'orders', partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1_000_000 }] }],
    } as never)
    expect(responses[0]?.partitions[0]?.records?.[16]).toBe(version < 2 ? 0 : 1)
  })

  test.each(versionsOf('ListOffsets'))('ListOffsets v%i', async (version) => {
    const { topics } = await client.ask('ListOffsets', version, {
      replicaId: -1,
      topics: [
        {
          name: 'orders',
          partitions: [{ partitionIndex: 0, timestamp: -1n, ...(version === 0 ? { maxNumOffsets: 1 } : {}) }],
        },
      ],
    })
    const partition = topics[0]?.partitions[0]
    expect(partition?.errorCode).toBe(0)
    expect(version === 0 ? partition?.oldStyleOffsets[0] : partition?.offset).toBe(3n)
  })

  test.each(versionsOf('Metadata'))('Metadata v%i', async (version) => {
    const { topics, brokers } = await client.ask('Metadata', version, { topics: [{ name: 'orders' }] } as never)
    expect(brokers).toMatchObject([{ nodeId: 1, host: '127.0.0.1', port: 9092 }])
    expect(topics[0]?.partitions).toHaveLength(2)
  })

  test.each(versionsOf('OffsetCommit'))('OffsetCommit and OffsetFetch v%i', async (version) => {
    const topic = version >= 10 ? { topicId } : { name: 'orders' }
    const { topics } = await client.ask('OffsetCommit', version, {
      groupId: 'g',
      topics: [{ ...topic, partitions: [{ partitionIndex: 0, committedOffset: 2n, committedMetadata: 'note' }] }],
      ...(version >= 1 ? { memberId: '' } : {}),
    } as never)
    expect(topics[0]?.partitions[0]?.errorCode).toBe(0)
    const query = { groupId: 'g', topics: [{ ...topic, partitionIndexes: [0, 1] }] }
    const answer = await client.ask('OffsetFetch', version, (version >= 8 ? { groups: [query] } : query) as never)
    const partitions = version >= 8 ? answer.groups[0]?.topics[0]?.partitions : answer.topics[0]?.partitions
    expect(partitions).toMatchObject([
      { committedOffset: 2n, metadata: 'note', errorCode: 0 },
      { committedOffset: -1n, errorCode: 0 },
    ])
  })

  test.each(versionsOf('JoinGroup'))('JoinGroup v%i to LeaveGroup', async (version) => {
    const protocols = [{ name: 'range', metadata: Buffer.from('topics') }]
    const ask = (memberId: string) =>
      client.ask('JoinGroup', version, {
        groupId: 'g',
        sessionTimeoutMs: 10_000,
        ...(version >= 1 ? { rebalanceTimeoutMs: 10_000 } : {}),
        memberId,
        protocolType: 'consumer',
        protocols,
      } as never)
    const first = ask('')
    broker.clock.advance(1)
    let joined = await first
    if (version >= 4) {
      expect(joined.errorCode).toBe(79)
      const again = ask(joined.memberId)
      broker.clock.advance(1)
      joined = await again
    }
    expect(joined).toMatchObject({ errorCode: 0, generationId: 1, leader: joined.memberId, protocolName: 'range' })
    expect(joined.members).toHaveLength(1)
    const { memberId } = joined
    const named = { protocolType: 'consumer', protocolName: 'range' }
    const synced = await client.ask('SyncGroup', Math.min(version, 5), {
      groupId: 'g',
      generationId: 1,
      memberId,
      ...(version >= 5 ? named : {}),
      assignments: [{ memberId, assignment: Buffer.from('mine') }],
    } as never)
    expect(Buffer.from(synced.assignment).toString()).toBe('mine')
    const beat = await client.ask('Heartbeat', Math.min(version, 4), { groupId: 'g', generationId: 1, memberId })
    expect(beat.errorCode).toBe(0)
    const leave = Math.min(version, 5)
    const left = await client.ask(
      'LeaveGroup',
      leave,
      (leave >= 3 ? { groupId: 'g', members: [{ memberId }] } : { groupId: 'g', memberId }) as never,
    )
    expect(left.errorCode).toBe(0)
    expect(broker.core.groups.find('g')?.state).toBe('Empty')
  })

  test.each(versionsOf('DescribeGroups'))('DescribeGroups v%i', async (version) => {
    const { groups } = await client.ask('DescribeGroups', version, { groups: ['nobody'] } as never)
    expect(groups[0]).toMatchObject({ groupState: 'Dead', errorCode: version >= 6 ? 69 : 0 })
  })

  test.each(versionsOf('DescribeConfigs'))('DescribeConfigs v%i', async (version) => {
    const { results } = await client.ask('DescribeConfigs', version, {
      resources: [{ resourceType: 2, resourceName: 'orders', configurationKeys: ['retention.ms'] }],
      ...(version >= 1 ? { includeSynonyms: true } : {}),
    } as never)
    expect(results[0]?.configs).toMatchObject([{ name: 'retention.ms', value: '604800000' }])
  })

  test.each(versionsOf('CreateTopics'))('CreateTopics and DeleteTopics v%i', async (version) => {
    const { topics } = await client.ask('CreateTopics', version, {
      topics: [{ name: 'new', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }],
      timeoutMs: 1000,
    } as never)
    expect(topics[0]?.errorCode).toBe(0)
    const last = Math.min(version, 6)
    const { responses } = await client.ask(
      'DeleteTopics',
      last,
      (last >= 6 ? { topics: [{ name: 'new' }], timeoutMs: 1000 } : { topicNames: ['new'], timeoutMs: 1000 }) as never,
    )
    expect(responses[0]?.errorCode).toBe(0)
  })

  test.each(versionsOf('FindCoordinator'))('FindCoordinator v%i', async (version) => {
    const answer = await client.ask(
      'FindCoordinator',
      version,
      (version >= 4 ? { coordinatorKeys: ['g'] } : { key: 'g' }) as never,
    )
    expect(version >= 4 ? answer.coordinators[0] : answer).toMatchObject({ nodeId: 1, port: 9092, errorCode: 0 })
  })

  test.each(versionsOf('InitProducerId'))('a transaction with InitProducerId v%i', async (version) => {
    const { producerId, producerEpoch, errorCode } = await client.ask('InitProducerId', version, {
      transactionalId: 'tx',
      transactionTimeoutMs: 60_000,
    } as never)
    expect([errorCode, producerEpoch]).toEqual([0, 0])
    const add = Math.min(version, 3)
    const added = await client.ask('AddPartitionsToTxn', add, {
      v3AndBelowTransactionalId: 'tx',
      v3AndBelowProducerId: producerId,
      v3AndBelowProducerEpoch: producerEpoch,
      v3AndBelowTopics: [{ name: 'orders', partitions: [1] }],
    } as never)
    expect(added.resultsByTopicV3AndBelow[0]?.resultsByPartition[0]?.partitionErrorCode).toBe(0)
    const batch = batchOf(['x'], { producerId, producerEpoch, baseSequence: 0, isTransactional: true })
    expect((await client.produce('orders', batch, 1, 'tx')).errorCode).toBe(0)
    expect((await client.fetch('orders', 0, { partition: 1, isolationLevel: 1 })).lastStableOffset).toBe(0n)
    const ended = await client.ask('EndTxn', version, {
      transactionalId: 'tx',
      producerId,
      producerEpoch,
      committed: true,
    })
    expect(ended.errorCode).toBe(0)
    // The marker takes an offset; with version 5 the epoch has grown (KIP-890).
    expect((await client.fetch('orders', 0, { partition: 1, isolationLevel: 1 })).lastStableOffset).toBe(2n)
    if (version >= 5) expect(ended.producerEpoch).toBe(1)
  })
})

test('bytes behind the last field of a request are let pass: librdkafka 2.11.1 sends some with Metadata v13', async () => {
  const broker = new TestBroker()
  const client = broker.client()
  await client.create('orders', 2)
  const frame = Buffer.from('0003000d00000003000772646b61666b610000000000010000', 'hex')
  const chunks = await client.serve(frame)
  expect(decodeResponse('Metadata', 13, Buffer.concat(chunks ?? [])).body.topics).toMatchObject([{ name: 'orders' }])
  await broker.dispose()
})
