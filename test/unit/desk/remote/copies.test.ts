import { afterEach, beforeEach, expect, test } from 'vitest'
import { keyOf } from '../../../../src-main/base/topic-partition'
import { commitOffsets, committedOffsets } from '../../../../src-main/client/admin/groups'
import { createTopics } from '../../../../src-main/client/admin/topics'
import { KafkaClient } from '../../../../src-main/client/client'
import { fetchRecords } from '../../../../src-main/client/fetch'
import { recordsOf } from '../../../../src-main/client/fetched-records'
import { Producer } from '../../../../src-main/client/producer'
import { defaultSettings } from '../../../../src-main/client/settings'
import type { CopyInput, CopyLine } from '../../../../src-main/contract/copies'
import { start } from '../../../support/core'
import { FakeCluster } from '../../../support/fake-cluster'
import { RemoteDesk } from '../../../support/remote-desk'

let cluster: FakeCluster
let target: FakeCluster
let remote: RemoteDesk
const dialled: string[] = []

beforeEach(async () => {
  cluster = new FakeCluster()
  target = new FakeCluster()
  dialled.length = 0
  const connect = (address: string) => {
    dialled.push(address)
    const settings = { ...defaultSettings, clientId: 'copy', bootstrap: [{ host: 'node', port: 1 }] }
    return new KafkaClient(settings, { clock: cluster.clock, dial: target.dial })
  }
  remote = await RemoteDesk.open(cluster, true, {}, { address: 'localhost:9092', connect })
  const writer = cluster.client()
  await cluster.settle(createTopics(writer, [{ name: 'orders', partitions: 2 }]))
  const producer = new Producer(writer)
  // Each batch fills most of a fetch, so that a copy takes several.
  for (let i = 0; i < 5; i++) await cluster.settle(producer.sendTo('orders', 0, [record(`${i}`, 700_000)]))
  await cluster.settle(producer.sendTo('orders', 1, [record('x', 10), record('y', 10)]))
  await cluster.settle(commitOffsets(writer, 'billing', [{ topic: 'orders', partition: 0, offset: 3n }]))
})
afterEach(async () => {
  expect(remote.faults).toEqual([])
  remote.dispose()
  await cluster.dispose()
  await target.dispose()
})

const record = (name: string, length: number) => ({
  key: Buffer.from(name),
  value: Buffer.from(name.padEnd(length, '.')),
  timestamp: start,
})

const order: CopyInput = {
  topics: ['orders'],
  as: null,
  part: 'all',
  value: null,
  filter: '',
  masks: [],
  groups: [],
  registries: null,
  bytesPerSecond: null,
  to: 'localhost:9092',
}

/** The copy as soon as it has come so far. */
function copyThat(isSo: (copy: CopyLine) => boolean): Promise<CopyLine> {
  return cluster.settle(
    new Promise((resolve, reject) => {
      const close = remote.page.feed('copies', undefined, {
        items: (views) => {
          const found = views.flatMap(({ copies }) => copies).find(isSo)
          if (!found) return
          close()
          resolve(found)
        },
        failed: (message) => reject(new Error(message)),
      })
    }),
  )
}

async function keysIn(topic: string, partition: number): Promise<string[]> {
  const keys: string[] = []
  const client = target.client()
  for (;;) {
    const position = { topic, partition, offset: keys.length, maxBytes: 1_000_000 }
    const answer = (await target.settle(fetchRecords(client, [position], {}))).get(keyOf(topic, partition))
    if (!answer || answer instanceof Error) throw answer ?? new Error('no answer')
    const found = [...recordsOf(answer, keys.length, 'read_uncommitted')].map(({ key }) => String(key))
    if (found.length === 0) return keys
    keys.push(...found)
  }
}

test('a slice is previewed, and nothing is written; then it is copied with the offsets of a group', async () => {
  const part = { ...order, part: 'last', value: 4, groups: ['billing'] } as const
  const preview = await remote.ask('copy.preview', part)
  expect(preview.topics).toEqual([
    {
      topic: 'orders',
      target: 'orders',
      partitions: 2,
      isThere: false,
      offsets: 4,
      bytes: expect.any(Number),
    },
  ])
  expect(target.broker.core.topics.find('orders')).toBeUndefined()
  await remote.ask('copy.start', part)
  const done = await copyThat(({ state }) => state !== 'running')
  expect(done).toMatchObject({
    state: 'done',
    messages: 4,
    offsets: 4,
    offsetsDone: 4,
    groups: ['billing'],
    problem: null,
  })
  expect([await keysIn('orders', 0), await keysIn('orders', 1)]).toEqual([
    ['3', '4'],
    ['x', 'y'],
  ])
  const committed = await target.settle(committedOffsets(target.client(), 'billing'))
  expect([...committed.values()].map(({ offset }) => offset)).toEqual([0n])
  expect(dialled).toEqual(['localhost:9092', 'localhost:9092'])
  // The cluster was only read.
  expect(remote.client.settings.forbids?.('Produce')).toMatch(/read-only/)
})

test('a copy is stopped behind what it writes, and goes on there', async () => {
  let stopped: Promise<void> | undefined
  target.on('Produce', async ({ serve }) => {
    stopped ??= remote.page.ask('copy.stop', { id: '1' })
    return { body: await serve() }
  })
  expect(await remote.ask('copy.start', order)).toEqual({ id: '1' })
  const half = await copyThat(({ state }) => state !== 'running')
  await stopped
  expect(half.state).toBe('stopped')
  expect(half.messages).toBeLessThan(7)
  expect(half.messages).toBeGreaterThan(0)
  await remote.ask('copy.resume', { id: '1' })
  expect(await copyThat(({ state }) => state === 'done')).toMatchObject({ messages: 7, offsets: 7, offsetsDone: 7 })
  expect([await keysIn('orders', 0), await keysIn('orders', 1)]).toEqual([
    ['0', '1', '2', '3', '4'],
    ['x', 'y'],
  ])
  await remote.ask('copy.forget', { id: '1' })
  expect((await remote.picture('copies', undefined)).copies).toEqual([])
})

test('why a copy failed is told, and it can go on', async () => {
  target.stop(1)
  await remote.ask('copy.start', order)
  const failed = await copyThat(({ state }) => state !== 'running')
  expect(failed).toMatchObject({ state: 'failed', problem: expect.stringContaining('the connection was refused') })
  target.startAgain(1)
  await remote.ask('copy.resume', { id: failed.id })
  expect(await copyThat(({ state }) => state !== 'running')).toMatchObject({ state: 'done', messages: 7 })
})
