import { join } from 'node:path'
import { expect, it } from 'vitest'
import { WorkspaceReader } from '../../../src-main/storage'
import { afterwards, folder, topicLogs, workspace } from './samples'
import { batch, names } from './stored-batch'

async function filled() {
  const one = workspace({ file: join(folder(), 'read.ottla') })
  const [orders, empty] = topicLogs(one, 'orders', 2)
  topicLogs(one, 'audit', 1)
  one.write(() => {
    for (const base of [0, 10, 20, 30]) {
      one.batches.append(orders!, batch(base, 10, { maxTimestamp: 1_700_000_000_000 + base }))
    }
    one.batches.deleteBefore(orders!, 5)
  })
  await one.committed()
  const reader = new WorkspaceReader(one.file)
  afterwards(() => reader.dispose())
  const log = reader.partitions(reader.topics().find((topic) => topic.name === 'orders')!.id)[0]!
  return { one, reader, log, orders: orders!, empty: empty! }
}

it('tells topics and partitions with their sizes', async () => {
  const { reader, log } = await filled()
  expect(reader.topics().map(({ name, partitions, sizeBytes }) => [name, partitions, sizeBytes])).toEqual([
    ['audit', 1, 0],
    ['orders', 2, 400],
  ])
  expect(log).toEqual({
    id: expect.any(Number),
    number: 0,
    logStart: 5,
    logEnd: 40,
    sizeBytes: 400,
    maxTimestamp: 1_700_000_000_030,
  })
})

it('reads ranges of offsets in both directions, whole batches within a size', async () => {
  const { reader, log } = await filled()
  const read = (from: number, before: number, maxBytes = 1000, backward = false) =>
    names(reader.batches(log, { from, before, maxBytes, backward }).map(({ bytes }) => bytes)).join(' ')
  expect(read(0, 40)).toBe('0+10 10+10 20+10 30+10')
  expect(read(12, 21)).toBe('10+10 20+10')
  expect(read(12, 20)).toBe('10+10')
  expect(read(0, 40, 250)).toBe('0+10 10+10')
  expect(read(0, 40, 1)).toBe('0+10')
  expect(read(0, 40, 1000, true)).toBe('30+10 20+10 10+10 0+10')
  expect(read(12, 25, 150, true)).toBe('20+10')
  expect(read(40, 99)).toBe('')
})

it('counts', async () => {
  const { reader, log } = await filled()
  expect(reader.count(log, 10, 30)).toEqual({ records: 20, sizeBytes: 200 })
  expect(reader.count(log, 40, 99)).toEqual({ records: 0, sizeBytes: 0 })
})

it('counts, finds and reads within a row that holds many batches', async () => {
  const { one, reader, log, orders } = await filled()
  one.write(() => {
    for (const base of [40, 50, 60]) one.batches.append(orders, batch(base, 10, { attributes: base === 60 ? 0x20 : 0 }))
  })
  await one.settled()
  const grown = reader.partition('orders', 0)!
  expect(reader.count(grown, 20, 50)).toEqual({ records: 30, sizeBytes: 300 })
  expect(reader.count(grown, 25, 26)).toEqual({ records: 0, sizeBytes: 0 })
  expect(reader.count(log, 0, 99)).toEqual({ records: 70, sizeBytes: 700 })
  expect(reader.recordsEndingIn(grown, 20, 45)).toBe(20)
  expect(reader.extentAt(grown, 33)).toMatchObject({ baseOffset: 30, lastOffset: 39, recordCount: 10 })
  expect(reader.extentAt(grown, 99)).toBeUndefined()
})

it('sees what has rows, which all that is committed has once it is settled', async () => {
  const { one, reader, log, orders } = await filled()
  const end = () => reader.partitions(reader.topics().find((topic) => topic.name === 'orders')!.id)[0]!.logEnd
  one.write(() => one.batches.append(orders, batch(40, 10)))
  expect([end(), reader.count(log, 40, 99).records]).toEqual([40, 0])
  await one.settled()
  expect([end(), reader.count(log, 40, 99).records]).toEqual([50, 10])
})
