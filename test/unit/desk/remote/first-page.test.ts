import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Client } from '../../../../src-main/contract/client'
import type { Contract } from '../../../../src-main/contract/contract'
import type { InputOf } from '../../../../src-main/contract/define'
import type { MessageRow } from '../../../../src-main/contract/messages'
import { encodeBatch } from '../../../../src-main/records/encode'
import { start } from '../../../support/core'
import { TestDesk } from '../../../support/desk'
import { FakeCluster } from '../../../support/fake-cluster'
import { RemoteDesk } from '../../../support/remote-desk'

let cluster: FakeCluster
let embedded: TestDesk
let remote: RemoteDesk

/** Three brokers, each the leader of every third partition. */
beforeEach(async () => {
  cluster = new FakeCluster([1, 2, 3])
  const brokers = cluster.nodes.map((nodeId) => ({ nodeId, host: 'node', port: nodeId, rack: null }))
  cluster.on('Metadata', async ({ serve }) => {
    const answer = await serve()
    const topics = answer.topics.map((topic) => ({
      ...topic,
      partitions: topic.partitions.map((one) => ({ ...one, leaderId: 1 + (one.partitionIndex % 3) })),
    }))
    return { body: { ...answer, brokers, topics } }
  })
  embedded = new TestDesk(cluster.broker)
  remote = await RemoteDesk.open(cluster, true)
  // The frame around every page: it has a connection to each broker.
  remote.page.feed('workspace', undefined, { items: () => {}, failed: () => {} })
  await cluster.quiet()
  const tester = cluster.broker.client()
  await tester.create('wide', 12)
  for (let i = 0; i < 120; i++) {
    const batch = Array.from({ length: 10 }, (_, k) => {
      return { key: null, value: Buffer.from(`${i} ${k} ${'x'.repeat(200)}`), timestamp: start + 10 * i + k }
    })
    await tester.produce('wide', encodeBatch(batch), i % 12)
  }
})
afterEach(async () => {
  remote.dispose()
  await embedded.dispose()
  await cluster.dispose()
})

type Search = InputOf<Contract['messages.search']>

function firstPage(page: Client, from: Search['from']): Promise<MessageRow[]> {
  const rest = { partitions: null, value: null, until: null, groupId: null, limit: 100, committed: false, find: '' }
  const input: Search = {
    ...rest,
    topics: ['wide'],
    from,
    script: '',
    conditions: [],
    follow: null,
    after: null,
    columns: [],
  }
  const rows: MessageRow[] = []
  return new Promise((resolve, reject) => {
    page.feed('messages.search', input, {
      items: (items) => {
        for (const item of items) if (item.kind === 'rows') rows.push(...item.rows)
      },
      failed: (message) => reject(new Error(message)),
      done: () => resolve(rows),
    })
  })
}

describe('the first page of a topic with 12 partitions on three brokers', () => {
  it.each(['newest', 'oldest'] as const)('is there after three round trips: %s', async (from) => {
    const page = firstPage(remote.page, from)
    expect(await cluster.roundTrips(page)).toEqual(['Metadata', 'ListOffsets', 'Fetch'])
    expect(await page).toHaveLength(100)
    expect(await page).toEqual(await cluster.settle(firstPage(embedded.page, from)))
    const asked = (['Metadata', 'ListOffsets', 'Fetch'] as const).map((name) => cluster.requests(name).length)
    const page2 = firstPage(remote.page, from)
    expect(await cluster.roundTrips(page2)).toEqual(['Fetch'])
    // One request per broker for each question: the starts, the ends, and how far transactions have ended.
    const more = (['Metadata', 'ListOffsets', 'Fetch'] as const).map((name) => cluster.requests(name).length)
    expect(more.map((count, i) => count - (asked[i] ?? 0))).toEqual([0, 0, 3])
  })

  it('waits for no question about all topics, which takes the brokers of a large cluster long', async () => {
    let answer = () => {}
    const slow = new Promise<void>((resolve) => {
      answer = resolve
    })
    cluster.on('DescribeLogDirs', async ({ serve }) => {
      await slow
      return { body: await serve() }
    })
    const topics = remote.picture('topics', undefined)
    await cluster.quiet()
    expect(cluster.received('DescribeLogDirs')).toBe(3)
    expect(await cluster.settle(firstPage(remote.page, 'newest'))).toHaveLength(100)
    answer()
    await expect(topics).resolves.toBeInstanceOf(Array)
  })
})
