import { afterEach, beforeEach, expect, test } from 'vitest'
import { batchOf, start, TestBroker, type TestClient } from '../../support/core'
import { settled, TestDesk } from '../../support/desk'

let broker: TestBroker
let client: TestClient
let desk: TestDesk
beforeEach(async () => {
  broker = new TestBroker()
  client = broker.client()
  desk = new TestDesk(broker)
  await client.create('orders', 2)
  await client.produce('orders', batchOf(['a', 'b']))
  await client.produce('orders', batchOf(['c']), 1)
})
afterEach(async () => {
  await desk.dispose()
  await broker.dispose()
  expect(desk.faults).toEqual([])
})

async function ranges(): Promise<(readonly [number, number])[]> {
  const { items } = await desk.watch('topic.partitions', { topic: 'orders' })
  await settled()
  return (items.at(-1) ?? []).map((partition) => [partition.start, partition.end] as const)
}

test('records of some partitions are deleted up to an offset, the others stay', async () => {
  await desk.page.ask('topic.deleteRecords', { topic: 'orders', before: [{ partition: 0, offset: 1 }] })
  expect(await ranges()).toEqual([
    [1, 2],
    [0, 1],
  ])
})

test('an offset beyond the log end deletes nothing in any partition (Kafka: OFFSET_OUT_OF_RANGE)', async () => {
  const before = [
    { partition: 0, offset: 1 },
    { partition: 1, offset: 2 },
  ]
  await expect(desk.page.ask('topic.deleteRecords', { topic: 'orders', before })).rejects.toThrow(
    'Partition 1 of orders ends at offset 1; records before 2 cannot be deleted.',
  )
  expect(await ranges()).toEqual([
    [0, 2],
    [0, 1],
  ])
})

test('a time is an offset in each partition, the log end where nothing is as new', async () => {
  const at = async (ms: number) => desk.page.ask('topic.offsetsAt', { topic: 'orders', at: ms })
  expect(await at(0)).toEqual([0, 0])
  expect(await at(start + 3_600_000)).toEqual([2, 1])
  await expect(desk.page.ask('topic.offsetsAt', { topic: 'gone', at: 0 })).rejects.toThrow('There is no topic gone')
})
