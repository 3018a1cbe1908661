import { afterEach, describe, expect, it } from 'vitest'
import { keyOf } from '../../../src-main/base/topic-partition'
import { commitOffsets, committedOffsets, listGroups } from '../../../src-main/client/admin/groups'
import { createTopics } from '../../../src-main/client/admin/topics'
import { ClientError } from '../../../src-main/client/failures'
import { listOffsets, offsetSpecs, valuesOf } from '../../../src-main/client/offsets'
import { batchOf } from '../../support/core'
import { FakeCluster } from '../../support/fake-cluster'

let cluster: FakeCluster
afterEach(() => cluster.dispose())

const notLeader = 6
const notCoordinator = 16
const loading = 14

/** A topic whose partitions are led by the nodes in turn; `leaders` can be moved. */
async function spread(leaders: number[]): Promise<void> {
  await cluster.broker.client().create('t', leaders.length)
  for (const partition of leaders.keys()) {
    await cluster.broker.client().produce('t', batchOf(Array.from({ length: partition + 1 }, () => 'x')), partition)
  }
  cluster.on('Metadata', async ({ serve }) => {
    const answer = await serve()
    return {
      body: {
        ...answer,
        brokers: cluster.nodes.map((nodeId) => ({ nodeId, host: 'node', port: nodeId, rack: null })),
        topics: answer.topics.map((topic) => ({
          ...topic,
          partitions: topic.partitions.map((one) => ({ ...one, leaderId: leaders[one.partitionIndex] as number })),
        })),
      },
    }
  })
  cluster.on('ListOffsets', async ({ node, serve }) => {
    const answer = await serve()
    return {
      body: {
        ...answer,
        topics: answer.topics.map((topic) => ({
          ...topic,
          partitions: topic.partitions.map((one) =>
            leaders[one.partitionIndex] === node ? one : { ...one, errorCode: notLeader, offset: -1n },
          ),
        })),
      },
    }
  })
}

const ends = [0, 1, 2].map((partition) => ({ topic: 't', partition, timestamp: offsetSpecs.latest }))

describe('a request for partitions', () => {
  it('goes to the leader of each', async () => {
    cluster = new FakeCluster([1, 2, 3])
    await spread([1, 2, 3])
    const found = valuesOf(await cluster.settle(listOffsets(cluster.client(), ends)))
    expect([...found.values()].map(({ offset }) => offset)).toEqual([1n, 2n, 3n])
    expect(cluster.requests('ListOffsets').sort()).toEqual(['1 v11', '2 v11', '3 v11'])
  })

  it('is repeated for the partition whose leader has moved, and for no other', async () => {
    cluster = new FakeCluster([1, 2, 3])
    const leaders = [1, 2, 3]
    await spread(leaders)
    const client = cluster.client()
    await cluster.settle(client.topics(['t']))
    leaders[1] = 3
    const found = valuesOf(await cluster.settle(listOffsets(client, ends)))
    expect([...found.values()].map(({ offset }) => offset).sort()).toEqual([1n, 2n, 3n])
    expect(cluster.requests('ListOffsets').sort()).toEqual(['1 v11', '2 v11', '3 v11', '3 v11'])
  })

  it('ends with the error of the partition when its leader does not come back, never with an offset', async () => {
    cluster = new FakeCluster([1, 2, 3])
    const leaders = [1, 2, 3]
    await spread(leaders)
    const client = cluster.client({ callTimeoutMs: 5000 })
    await cluster.settle(client.topics(['t']))
    leaders[1] = -1
    const found = await cluster.settle(listOffsets(client, ends))
    const outcome = (partition: number) => found.get(keyOf('t', partition))
    expect([outcome(0), outcome(2)]).toMatchObject([{ offset: 1n }, { offset: 3n }])
    expect(outcome(1)).toMatchObject({ error: 'LEADER_NOT_AVAILABLE' })
  })

  it('of a topic that does not exist is answered at once', async () => {
    cluster = new FakeCluster()
    const before = cluster.clock.now()
    const found = await cluster.settle(
      listOffsets(cluster.client(), [{ topic: 'nope', partition: 0, timestamp: offsetSpecs.latest }]),
    )
    expect([...found.values()]).toMatchObject([{ error: 'UNKNOWN_TOPIC_OR_PARTITION' }])
    expect(cluster.clock.now() - before).toBeLessThan(1000)
  })

  it('survives a broker that ends in the middle and comes back', async () => {
    cluster = new FakeCluster([1, 2, 3])
    await spread([1, 2, 3])
    const client = cluster.client()
    await cluster.settle(client.topics(['t']))
    cluster.stop(2)
    cluster.clock.at(cluster.clock.now() + 3000, () => cluster.startAgain(2))
    const found = valuesOf(await cluster.settle(listOffsets(client, ends)))
    expect([...found.values()].map(({ offset }) => offset).sort()).toEqual([1n, 2n, 3n])
  })

  it('fails with a sentence that names the address when a broker stays away', async () => {
    cluster = new FakeCluster([1, 2, 3])
    await spread([1, 2, 3])
    const client = cluster.client({ callTimeoutMs: 5000 })
    await cluster.settle(client.topics(['t']))
    cluster.stop(2)
    await expect(cluster.settle(listOffsets(client, ends))).rejects.toThrow(
      'There is no broker at node:2: the connection was refused. The cluster advertises node:2 as the address of node 2.',
    )
  })
})

describe('a request for a group', () => {
  it('goes to its coordinator, also when that has moved', async () => {
    cluster = new FakeCluster([1, 2])
    let coordinator = 1
    cluster.on('FindCoordinator', async ({ serve }) => {
      const answer = await serve()
      const at = { nodeId: coordinator, host: 'node', port: coordinator }
      return { body: { ...answer, coordinators: answer.coordinators.map((one) => ({ ...one, ...at })) } }
    })
    cluster.on('OffsetFetch', async ({ node, serve }) => {
      const answer = await serve()
      const errorCode = node === coordinator ? 0 : notCoordinator
      return { body: { ...answer, groups: answer.groups.map((one) => ({ ...one, errorCode })) } }
    })
    const client = cluster.client()
    await cluster.settle(committedOffsets(client, 'g'))
    coordinator = 2
    await cluster.settle(committedOffsets(client, 'g'))
    expect(cluster.requests('OffsetFetch')).toEqual(['1 v9', '1 v9', '2 v9'])
  })

  it('waits while the coordinator loads', async () => {
    cluster = new FakeCluster()
    let left = 3
    cluster.on('OffsetFetch', async ({ serve }) => {
      const answer = await serve()
      const errorCode = left-- > 0 ? loading : 0
      return { body: { ...answer, groups: answer.groups.map((one) => ({ ...one, errorCode })) } }
    })
    expect((await cluster.settle(committedOffsets(cluster.client(), 'g'))).size).toBe(0)
    expect(cluster.requests('OffsetFetch')).toHaveLength(4)
  })

  it('is not repeated when it is not allowed', async () => {
    cluster = new FakeCluster()
    cluster.on('OffsetFetch', async ({ serve }) => {
      const answer = await serve()
      return { body: { ...answer, groups: answer.groups.map((one) => ({ ...one, errorCode: 30 })) } }
    })
    await expect(cluster.settle(committedOffsets(cluster.client(), 'g'))).rejects.toThrow(
      'The offsets of g cannot be read: GROUP_AUTHORIZATION_FAILED.',
    )
    expect(cluster.requests('OffsetFetch')).toHaveLength(1)
  })

  it('uses the old form of OffsetFetch where the coordinator has no newer', async () => {
    cluster = new FakeCluster()
    await cluster.broker.client().create('t', 2)
    const client = cluster.client()
    await cluster.settle(
      commitOffsets(client, 'g', [
        { topic: 't', partition: 0, offset: 7n },
        { topic: 't', partition: 1, offset: 1_234_567_890_123n },
      ]),
    )
    const newer = await cluster.settle(committedOffsets(client, 'g'))
    cluster.on('ApiVersions', async ({ serve }) => {
      const answer = await serve()
      const apiKeys = answer.apiKeys.map((one) => (one.apiKey === 9 ? { ...one, maxVersion: 7 } : one))
      return { body: { ...answer, apiKeys } }
    })
    const older = await cluster.settle(committedOffsets(cluster.client(), 'g'))
    expect(cluster.requests('OffsetFetch')).toEqual(['1 v9', '1 v7'])
    expect(older).toEqual(newer)
    expect([...older.values()].map(({ offset }) => offset)).toEqual([7n, 1_234_567_890_123n])
  })
})

describe('the list of groups', () => {
  it('is that of all brokers', async () => {
    cluster = new FakeCluster([1, 2, 3])
    cluster.on('ListGroups', async ({ node, serve }) => {
      const group = { groupId: `g${node}`, protocolType: 'consumer', groupState: 'Stable', groupType: 'Classic' }
      return { body: { ...(await serve()), groups: [group] } }
    })
    const groups = await cluster.settle(listGroups(cluster.client()))
    expect(groups.map(({ groupId }) => groupId)).toEqual(['g1', 'g2', 'g3'])
  })

  it('is an error when one broker cannot be asked', async () => {
    cluster = new FakeCluster([1, 2, 3])
    const client = cluster.client({ callTimeoutMs: 3000 })
    await cluster.settle(client.nodes())
    cluster.stop(3)
    await expect(cluster.settle(listGroups(client))).rejects.toThrow(ClientError)
  })
})

describe('a client', () => {
  it('goes back to the bootstrap servers when none of the nodes it knows is left (KIP-1102)', async () => {
    cluster = new FakeCluster([1, 2])
    cluster.on('Metadata', async ({ node, serve }) => {
      // Each knows itself alone, so the other one is known as a bootstrap server only.
      return { body: { ...(await serve()), brokers: [{ nodeId: node, host: 'node', port: node, rack: null }] } }
    })
    const client = cluster.client()
    expect((await cluster.settle(client.nodes())).map(({ id }) => id)).toEqual([1])
    cluster.stop(1)
    expect((await cluster.settle(client.nodes())).map(({ id }) => id)).toEqual([2])
  })

  it('creates topics at the controller, and sees them', async () => {
    cluster = new FakeCluster()
    const client = cluster.client()
    await cluster.settle(
      createTopics(client, [{ name: 'new', partitions: 2, configs: { 'cleanup.policy': 'compact' } }]),
    )
    expect((await cluster.settle(client.topics(['new'])))[0]?.partitions).toHaveLength(2)
    await expect(cluster.settle(createTopics(client, [{ name: 'new', partitions: 1 }]))).rejects.toThrow(
      'Topic new cannot be created: TOPIC_ALREADY_EXISTS.',
    )
  })

  it('creates no topic by asking for one, also where Metadata has no such flag', async () => {
    cluster = new FakeCluster()
    cluster.on('ApiVersions', async ({ serve }) => {
      const answer = await serve()
      const apiKeys = answer.apiKeys.map((one) => (one.apiKey === 3 ? { ...one, maxVersion: 3 } : one))
      return { body: { ...answer, apiKeys } }
    })
    await expect(cluster.settle(cluster.client().topics(['nope']))).rejects.toThrow('UNKNOWN_TOPIC_OR_PARTITION')
    expect(cluster.broker.core.topics.all().map(({ name }) => name)).toEqual([])
    expect(cluster.requests('Metadata')).toEqual(['1 v3'])
  })
})

describe('a connection to a bootstrap server', () => {
  it('answers what was asked on it, also when its node has another connection already', async () => {
    cluster = new FakeCluster([1])
    await cluster.broker.client().create('t', 1)
    const client = cluster.client()
    // The coordinator has a connection of its own before the first metadata tells that it is the bootstrap server.
    await cluster.settle(committedOffsets(client, 'g'))
    const [first, second] = await cluster.settle(Promise.all([client.topics(['t']), client.topics(['t'])]))
    expect([first?.[0]?.name, second?.[0]?.name]).toEqual(['t', 't'])
    expect(cluster.requests('Metadata')).toHaveLength(2)
  })
})
