import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BrokerMetrics } from '../../../src-main/metrics/broker-metrics'
import { groupMetrics } from '../../../src-main/metrics/groups'
import { Family, labels } from '../../../src-main/metrics/text'
import { topicMetrics } from '../../../src-main/metrics/topics'
import { batchOf, TestBroker, type TestClient } from '../../support/core'
import { settled, sourceOf } from '../../support/desk'
import { type Scraped, scraped } from '../../support/scraped'
import { Sharer } from '../../support/sharer'

let broker: TestBroker
let client: TestClient
let metrics: BrokerMetrics
let source: ReturnType<typeof sourceOf>

beforeEach(async () => {
  broker = new TestBroker()
  client = broker.client()
  const faults = (error: unknown) => {
    throw error
  }
  source = sourceOf(broker, faults)
  const traffic = async () => (await source.topics.totals()).topics
  const { requestMetrics } = broker.broker
  metrics = new BrokerMetrics({ core: broker.core, requestMetrics, traffic, version: '1.2.3' })
  await client.create('orders', 2)
})
afterEach(async () => {
  metrics.dispose()
  await source.dispose()
  await broker.dispose()
})

const scrape = async (): Promise<Scraped> => scraped(await metrics.text())

/** What was scraped of some series, by their names. */
async function values(...names: readonly string[]): Promise<(number | undefined)[]> {
  const found = await scrape()
  return names.map((name) => found.get(name))
}

async function commit(groupId: string, offset: bigint): Promise<void> {
  const partitions = [{ partitionIndex: 0, committedOffset: offset, committedMetadata: '' }]
  await client.ask('OffsetCommit', 7, { groupId, topics: [{ name: 'orders', partitions }] })
}

/** A member of a classic group; its id. */
async function join(groupId: string): Promise<string> {
  const answer = client.ask('JoinGroup', 2, {
    groupId,
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
    memberId: '',
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: Buffer.alloc(0) }],
  })
  broker.clock.advance(1)
  const { memberId, generationId } = await answer
  await client.ask('SyncGroup', 2, { groupId, generationId, memberId, assignments: [] })
  return memberId
}

describe('the metrics of a broker', () => {
  it('tell of each topic where its partitions end and begin, their bytes, and what came in', async () => {
    const bytes = batchOf(['a', 'b', 'c'])
    await client.produce('orders', bytes, 1)
    await client.produce('orders', bytes, 1)
    const { topics } = broker.core
    topics.find('orders')?.partition(1)?.deleteBefore(2)
    await broker.core.commits.settled
    expect(
      await values(
        'kafka_topic_partitions{topic="orders"}',
        'kafka_topic_partition_current_offset{topic="orders",partition="1"}',
        'kafka_topic_partition_oldest_offset{topic="orders",partition="1"}',
        'kafka_topic_partition_current_offset{topic="orders",partition="0"}',
        'kafka_server_brokertopicmetrics_messagesin_total{topic="orders"}',
        'kafka_server_brokertopicmetrics_bytesin_total{topic="orders"}',
        'kafka_log_log_size{topic="orders",partition="1"}',
      ),
    ).toEqual([2, 6, 2, 0, 6, 2 * bytes.length, 2 * bytes.length])
  })

  it('tell of each group its members, state, lag and rebalances', async () => {
    await client.produce('orders', batchOf(['a', 'b', 'c']))
    await join('mailing')
    await commit('billing', 1n)
    // A committed offset beyond the end is no negative lag.
    await commit('ahead', 9n)
    expect(
      await values(
        'kafka_consumergroup_members{consumergroup="billing"}',
        'ottla_consumergroup_state{consumergroup="billing",type="classic",state="Empty"}',
        'kafka_consumergroup_current_offset{consumergroup="billing",topic="orders",partition="0"}',
        'kafka_consumergroup_lag{consumergroup="billing",topic="orders",partition="0"}',
        'kafka_consumergroup_lag_sum{consumergroup="billing",topic="orders"}',
        'kafka_consumergroup_lag{consumergroup="ahead",topic="orders",partition="0"}',
      ),
    ).toEqual([0, 1, 1, 2, 2, 0])
    const found = await scrape()
    expect(found.get('kafka_consumergroup_members{consumergroup="mailing"}')).toBe(1)
    expect(found.get('ottla_consumergroup_rebalances_total{consumergroup="mailing"}')).toBe(1)
    expect(found.get('ottla_consumergroup_rebalances_total{consumergroup="billing"}')).toBe(0)
  })

  it('tell of each share group its start offset and its lag, without what is finished after that (KIP-1226)', async () => {
    await client.produce('orders', batchOf(['a', 'b', 'c', 'd', 'e']))
    const names = ['current_offset', 'lag'].map(
      (what) => `kafka_consumergroup_${what}{consumergroup="workers",topic="orders",partition="0"}`,
    )
    const sum = 'kafka_consumergroup_lag_sum{consumergroup="workers",topic="orders"}'
    await client.ask('AlterShareGroupOffsets', 0, {
      groupId: 'workers',
      topics: [{ topicName: 'orders', partitions: [{ partitionIndex: 0, startOffset: 1n }] }],
    })
    expect(await values(...names, sum)).toEqual([1, 4, 4])
    const worker = new Sharer(client, 'worker-1', broker.core.topics.find('orders')!.id, 'workers')
    await worker.join()
    expect((await worker.fetch()).acquired).toEqual(['1-4 x1'])
    // Offset 1 is in flight, and keeps the start offset; 2 and 3 are finished.
    await worker.acknowledge([2, 3, 1])
    expect(await values(...names, sum)).toEqual([1, 2, 2])
    const groups = [{ groupId: 'workers', topics: null }]
    const described = await client.ask('DescribeShareGroupOffsets', 1, { groups })
    const [partition] = described.groups[0]?.topics.flatMap(({ partitions }) => partitions) ?? []
    expect([partition?.startOffset, partition?.lag]).toEqual([1n, 2n])
    expect(await values('kafka_consumergroup_members{consumergroup="workers"}')).toEqual([1])
  })

  it('tell of each API its requests, errors and times', async () => {
    const before = await scrape()
    const name = 'kafka_network_requestmetrics_requests_total{request="Metadata"}'
    await client.ask('Metadata', 4, { topics: [{ name: 'orders' }], allowAutoTopicCreation: false })
    await client.ask('Heartbeat', 2, { groupId: 'none', generationId: 1, memberId: 'm' })
    const fetch = client.ask('Fetch', 11, {
      maxWaitMs: 300,
      minBytes: 1,
      topics: [{ topic: 'orders', partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1000 }] }],
    })
    await settled()
    broker.clock.advance(300)
    await fetch
    const after = await scrape()
    expect((after.get(name) ?? 0) - (before.get(name) ?? 0)).toBe(1)
    expect(after.get('kafka_network_requestmetrics_errors_total{request="Heartbeat",error="UNKNOWN_MEMBER_ID"}')).toBe(
      1,
    )
    const times = (le: string) =>
      after.get(`kafka_network_requestmetrics_totaltime_seconds_bucket{request="Fetch",le="${le}"}`)
    expect(['0.001', '0.25', '0.5', '10', '+Inf'].map(times)).toEqual([0, 0, 1, 1, 1])
    expect(after.get('kafka_network_requestmetrics_totaltime_seconds_sum{request="Fetch"}')).toBe(0.3)
    expect(after.get('kafka_network_requestmetrics_totaltime_seconds_count{request="Fetch"}')).toBe(1)
  })

  it('tell of each listener its connections', async () => {
    const names = ['count', 'creation_total'].map(
      (what) => `kafka_server_socket_server_metrics_connection_${what}{listener="PLAINTEXT"}`,
    )
    const [open = 0, opened = 0] = await values(...names)
    const other = broker.client()
    expect(await values(...names)).toEqual([open + 1, opened + 1])
    broker.broker.closed(other.connection)
    expect(await values(...names)).toEqual([open, opened + 1])
  })

  it('are those of a broker whose groups have any name, and say which version it is', async () => {
    await commit('a "b"\\\n', 0n)
    const found = await scrape()
    expect(found.get('kafka_consumergroup_members{consumergroup="a \\"b\\"\\\\\\n"}')).toBe(0)
    expect(found.get('ottla_build_info{version="1.2.3"}')).toBe(1)
    for (const name of ['process_resident_memory_bytes', 'process_cpu_seconds_total'])
      expect(found.get(name)).toBeGreaterThan(0)
  })

  it('forget topics and groups that are gone', async () => {
    await client.produce('orders', batchOf(['a']))
    await join('mailing')
    await scrape()
    await client.ask('DeleteTopics', 4, { topicNames: ['orders'], timeoutMs: 1000 })
    broker.clock.advance(10_000)
    await settled()
    await client.ask('DeleteGroups', 1, { groupsNames: ['mailing'] })
    const left = [...(await scrape()).keys()].filter((name) => /orders|mailing/.test(name))
    expect(left).toEqual([])
  })

  it('have series of their own for so many partitions, and say how many are left out', async () => {
    await client.create('wide', 5)
    await commit('billing', 0n)
    await commit('mailing', 0n)
    const topics = await topicMetrics(broker.core.topics, new Map(), 5)
    const ends = scraped(topics.families.map(({ text }) => text).join(''))
    const partitions = [...ends.keys()].filter((name) => name.startsWith('kafka_topic_partition_current_offset{'))
    expect(partitions.length + topics.leftOut).toBe(
      broker.core.topics.all().reduce((sum, { partitionCount }) => sum + partitionCount, 0),
    )
    expect(partitions.length).toBeLessThanOrEqual(5)
    expect(ends.get('kafka_topic_partitions{topic="wide"}')).toBe(5)
    const groups = await groupMetrics(broker.core, new Map(), 1)
    expect(groups.leftOut).toBe(1)
    const lags = scraped(groups.families.map(({ text }) => text).join(''))
    expect([...lags.keys()].filter((name) => name.startsWith('kafka_consumergroup_lag{'))).toHaveLength(1)
    expect([...lags.keys()].filter((name) => name.startsWith('kafka_consumergroup_lag_sum{'))).toHaveLength(2)
  })

  it('are not counted where nobody wants them', async () => {
    const other = new TestBroker()
    await other.client().create('orders')
    expect(other.broker.requestMetrics.byApi.size).toBe(0)
    await other.dispose()
  })
})

describe('the text format', () => {
  it('has a metric without series not at all, and escapes what ends a label', () => {
    expect(new Family('empty', 'gauge', 'Nothing').text).toBe('')
    const family = new Family('one', 'counter', 'One thing')
    family.add('', 1)
    family.add(labels({ of: 'a"\\\nb', and: 2 }), 0.5)
    expect(family.text).toBe('# HELP one One thing\n# TYPE one counter\none 1\none{of="a\\"\\\\\\nb",and="2"} 0.5\n')
  })
})
