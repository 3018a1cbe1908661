import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest'
import { systemClock } from '../../src-main/base/clock'
import { commitOffsets } from '../../src-main/client/admin/groups'
import { createTopics } from '../../src-main/client/admin/topics'
import { KafkaClient } from '../../src-main/client/client'
import { readBootstrap } from '../../src-main/client/config/client-config'
import { Producer } from '../../src-main/client/producer'
import { defaultSettings } from '../../src-main/client/settings'
import { ApacheKafka, needsApacheKafka } from '../support/apache-kafka'
import { ClusterPages, contentOf } from '../support/cluster-pages'
import { TestPage } from '../support/page'
import { itNeeds } from '../support/require'

const needs = [needsApacheKafka()]

/** The last Kafka before 4.0, which dropped the oldest versions of most APIs (KIP-896): groups of the consumer protocol are in it, share groups are not. */
const version = '3.9.1'

describe(`the pages of an Apache Kafka ${version}`, () => {
  let kafka: ApacheKafka
  let client: KafkaClient

  beforeAll(async () => {
    if (needs.some(({ missing }) => missing !== undefined)) return
    kafka = await ApacheKafka.ofVersion(version)
    client = new KafkaClient(
      { ...defaultSettings, clientId: 'tester', bootstrap: readBootstrap(kafka.bootstrap) },
      { clock: systemClock },
    )
    await createTopics(client, [{ name: 'orders', partitions: 3, configs: { 'retention.ms': '-1' } }])
    await client.topics(['orders'], { isNew: true })
    const producer = new Producer(client, { codec: 'zstd' })
    for (let partition = 0; partition < 3; partition++) {
      const records = ['a', 'b', 'c'].map((text) => {
        return { key: null, value: Buffer.from(`${text}${partition}`), timestamp: Date.UTC(2026, 0, 1) }
      })
      await producer.sendTo('orders', partition, records)
    }
    await commitOffsets(client, 'billing', [{ topic: 'orders', partition: 1, offset: 1n }])
  }, 300_000)
  afterAll(async () => {
    client?.dispose()
    await kafka?.dispose()
  }, 60_000)

  itNeeds(needs, 'show topics, messages and groups, and change nothing by looking', async () => {
    const before = await contentOf(client)
    const served = await ClusterPages.start(kafka.bootstrap, [])
    onTestFinished(() => served.stop())
    const page = await TestPage.open(served)
    const topics = await page.picture('topics', (lines) => lines.some(({ messages }) => messages === 9))
    expect(topics.find(({ name }) => name === 'orders')).toMatchObject({ partitions: 3, cleanupPolicy: 'delete' })
    for (const from of ['newest', 'oldest'] as const) {
      expect(await page.search({ topics: ['orders'], from })).toHaveLength(9)
    }
    const found = await page.search({ topics: ['orders'], from: 'oldest', find: 'B1' })
    expect(found.map(({ partition, offset }) => [partition, offset])).toEqual([[1, 1]])
    const line = (await page.picture('groups')).find(({ groupId }) => groupId === 'billing')
    expect(line).toMatchObject({ type: 'classic', state: 'Empty', lag: 2 })
    page.close()
    expect(await contentOf(client)).toEqual(before)
  })

  itNeeds(needs, 'write messages, and move offsets there and back', async () => {
    const served = await ClusterPages.start(kafka.bootstrap, ['--writable'])
    onTestFinished(() => served.stop())
    const page = await TestPage.open(served)
    const rest = { headers: [], codec: 'lz4', timestamp: null } as const
    const message = { topic: 'orders', partition: 2, key: 'k', value: 'v', count: 2, ...rest }
    expect(await page.ask('messages.produce', message)).toEqual({ partition: 2, offset: 3 })
    expect(await page.search({ topics: ['orders'], from: 'newest' })).toHaveLength(11)
    const to = { to: 'latest', value: null, groupId: null, offsets: null } as const
    const lines = [{ topic: 'orders', partition: 1 }]
    await page.ask('reset.apply', { groupId: 'billing', to, topics: [], partitions: lines, fence: false })
    const committed = async () =>
      (await page.picture('group', undefined, { groupId: 'billing' }))?.partitions.find(
        ({ partition }) => partition === 1,
      )
    expect((await committed())?.committed).toBe(3)
    const [entry] = await page.ask('reset.history', { groupId: 'billing' })
    await page.ask('reset.undo', { groupId: 'billing', id: entry?.id ?? 0, fence: false })
    expect((await committed())?.committed).toBe(1)
    page.close()
  })
})
