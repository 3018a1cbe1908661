import { afterEach, beforeEach, expect, test } from 'vitest'
import { readBatches } from '../../../src-main/records/batch'
import { readRecords } from '../../../src-main/records/record'
import { batchOf, TestBroker, type TestClient } from '../../support/core'
import { Sharer, setGroupConfig } from '../../support/sharer'

let broker: TestBroker
let client: TestClient
let sharer: Sharer

async function open(config: Record<string, string> = {}): Promise<void> {
  broker = new TestBroker(config)
  client = broker.client()
  await client.create('orders')
  await client.produce('orders', batchOf(['a', 'b', 'c']))
  await setGroupConfig(client, 'g', 'share.auto.offset.reset', 'earliest')
  await setGroupConfig(client, 'g', 'errors.deadletterqueue.topic.name', 'dlq.g')
  broker.core.features.set('share.version', 2)
  sharer = new Sharer(client, 'm', broker.core.topics.find('orders')?.id ?? '')
  await sharer.join()
  await sharer.fetch()
}

beforeEach(() => open())
afterEach(() => broker.dispose())

/** Offsets and reasons that the dead-letter topic names. */
function letters(): string[] {
  const log = broker.core.topics.partition('dlq.g', 0)
  if (!log) return []
  const { batches } = log.read(0, 1_000_000, true, log.highWatermark)
  return batches
    .flatMap((bytes) => [...readBatches(bytes)].flatMap((batch) => [...readRecords(batch)]))
    .map(({ headers }) => {
      const of = (name: string) => String(headers.find(({ key }) => key === `__dlq.errors.${name}`)?.value ?? '')
      return `${of('offset')} x${of('delivery.count')} ${of('message')}`
    })
}

async function enable(): Promise<void> {
  await client.create('dlq.g')
  broker.core.configs.set({ type: 'topic', name: 'dlq.g' }, new Map([['errors.deadletterqueue.group.enable', 'true']]))
}

test('[D25] what is rejected is written, what is accepted is not', async () => {
  await enable()
  await sharer.acknowledge([0, 2, 3, 1, 3])
  expect(letters()).toEqual(['0 x1 Offset rejected by client.', '2 x1 Offset rejected by client.'])
})

test('what is given back at the limit is written', async () => {
  await enable()
  await setGroupConfig(client, 'g', 'share.delivery.count.limit', '2')
  await sharer.acknowledge([0, 2, 2])
  expect(letters()).toEqual([])
  await sharer.fetch()
  await sharer.acknowledge([0, 2, 2])
  expect(letters().length).toBe(3)
  expect(letters()[0]).toBe('0 x2 Offset delivery count exceeded the threshold.')
})

test('until share.version 2 nothing is written', async () => {
  await enable()
  broker.core.features.set('share.version', 1)
  await sharer.acknowledge([0, 2, 3])
  expect(letters()).toEqual([])
})

test('a topic that is not meant for it gets nothing; the records are archived, and the log says why', async () => {
  await client.create('dlq.g')
  await sharer.acknowledge([0, 2, 3])
  expect(letters()).toEqual([])
  expect(broker.core.share.partitions.value('g', sharer.topicId, 0)).toMatchObject({ startOffset: 3 })
  expect(broker.logged.join()).toContain('errors.deadletterqueue.group.enable of dlq.g is false')
})

test('a missing topic is made only when errors.deadletterqueue.auto.create.topics.enable is true', async () => {
  await sharer.acknowledge([0, 2, 3])
  expect(broker.core.topics.find('dlq.g')).toBeUndefined()
  expect(broker.logged.join()).toContain('there is no topic dlq.g')
  await broker.dispose()
  await open({ 'errors.deadletterqueue.auto.create.topics.enable': 'true' })
  await sharer.acknowledge([0, 2, 3])
  expect(letters().length).toBe(3)
})

test('a name without the prefix is not made', async () => {
  await broker.dispose()
  await open({ 'errors.deadletterqueue.auto.create.topics.enable': 'true' })
  await setGroupConfig(client, 'g', 'errors.deadletterqueue.topic.name', 'lost')
  await sharer.acknowledge([0, 2, 3])
  expect(broker.core.topics.find('lost')).toBeUndefined()
  expect(broker.logged.join()).toContain('the name of lost does not start with dlq.')
})
