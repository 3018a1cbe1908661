import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { tryAfterMs } from '../../../src-main/broker/write-failures'
import { batchOf, TestBroker, type TestClient } from '../../support/core'
import { settled, TestDesk } from '../../support/desk'
import { fillDisk, type Moment } from '../../support/full-disk'

let broker: TestBroker
let client: TestClient

beforeEach(async () => {
  broker = new TestBroker()
  client = broker.client()
  await client.create('orders', 1)
})
afterEach(() => broker.dispose())

async function pass(ms: number): Promise<void> {
  broker.clock.advance(ms)
  await settled()
}

const current = () => broker.core.writeFailures.current
const message = { key: 'k', value: 'v', headers: [] }

describe.each<Moment>(['statement', 'commit'])('on a disk that is full at the %s', (moment) => {
  test('writes fail from the first one that is not stored until one of the broker itself is', async () => {
    const changes: unknown[] = []
    broker.core.writeFailures.changed(() => changes.push(current()))
    expect(current()).toBeNull()
    const empty = fillDisk(broker.workspace, moment)
    const since = broker.clock.now()
    await client.produce('orders', batchOf(['a']))
    expect(current()).toEqual({ since, why: 'the disk is full' })
    // No client writes any more: the broker finds out itself that the disk is still full.
    await pass(10 * tryAfterMs)
    expect(current()).toEqual({ since, why: 'the disk is full' })
    empty()
    await pass(tryAfterMs)
    expect(current()).toBeNull()
    expect(changes).toEqual([{ since, why: 'the disk is full' }, null])
    expect(broker.workspace.documents.list('trial')).toEqual([])
    expect(broker.clock.now()).toBe(since + 11 * tryAfterMs)
  })

  test('a write of a page that fails is one too', async () => {
    const desk = new TestDesk(broker)
    const empty = fillDisk(broker.workspace, moment)
    const write = desk.page.ask('topic.create', { topic: 'more', partitions: 1, configs: {} })
    await expect(write).rejects.toThrow('the disk is full')
    expect(current()?.why).toBe('the disk is full')
    empty()
    await desk.dispose()
  })
})

test('writes still fail while a client fails between others that are stored', async () => {
  const fillFor = async () => {
    const empty = fillDisk(broker.workspace, 'commit')
    await client.produce('orders', batchOf(['large']))
    empty()
  }
  await fillFor()
  for (let i = 0; i < 5; i++) {
    await pass(tryAfterMs - 1)
    expect(current()).not.toBeNull()
    await client.produce('orders', batchOf(['small']))
    expect(current()).not.toBeNull()
    await fillFor()
  }
  await pass(tryAfterMs)
  expect(current()).toBeNull()
})

test('the pages are told when writes fail, and when they succeed again', async () => {
  const desk = new TestDesk(broker)
  const { items } = await desk.watch('workspace', undefined)
  expect(items.at(-1)?.writeFailure).toBeNull()
  const empty = fillDisk(broker.workspace, 'commit')
  const since = broker.clock.now()
  const produced = desk.page.ask('messages.produce', {
    topic: 'orders',
    partition: 0,
    ...message,
    codec: 'none',
    count: 1,
    timestamp: null,
  })
  await expect(produced).rejects.toThrow('the disk is full')
  // Feeds have a pause between two items.
  await desk.advance(1000)
  expect(items.at(-1)?.writeFailure).toEqual({ since, why: 'the disk is full' })
  empty()
  await desk.advance(tryAfterMs)
  await desk.advance(1000)
  expect(items.at(-1)?.writeFailure).toBeNull()
  await desk.dispose()
})
