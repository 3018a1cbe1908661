import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { ManualClock } from '../../../src-main/base/clock'
import { Garbage } from '../../../src-main/storage/garbage'
import { afterwards, folder, logOf, topicLogs, workspace } from './samples'
import { batch, names } from './stored-batch'

describe('deleting', () => {
  it('moves the start at once, counts the bytes, and leaves a batch that reaches over it whole', async () => {
    const one = workspace()
    const [log] = topicLogs(one, 'orders', 1)
    one.write(() => {
      for (const base of [0, 10, 20]) one.batches.append(log!, batch(base, 10))
      one.batches.deleteBefore(log!, 15)
    })
    await one.committed()
    expect(log).toMatchObject({ logStart: 15, logEnd: 30, sizeBytes: 200 })
    expect(names(one.batches.read(log!, 15, 1000, true, 30).batches)).toEqual(['10+10', '20+10'])
    one.write(() => one.batches.deleteBefore(log!, 10))
    expect(log!.logStart).toBe(15)
  })

  it('of what the same turn appended leaves the facts in the file as they are in memory', async () => {
    const file = join(folder(), 'turn.ottla')
    const one = workspace({ file })
    const [log] = topicLogs(one, 'orders', 1)
    await one.committed()
    for (const base of [0, 1, 2]) one.append(log!, batch(base, 1, { maxTimestamp: 100 - base }))
    one.write(() => one.batches.deleteBefore(log!, 2))
    await one.committed()
    expect(log).toMatchObject({ logStart: 2, logEnd: 3, sizeBytes: 100, maxTimestamp: 98, offsetOfMaxTimestamp: 2 })
    await one.dispose()
    expect(logOf(workspace({ file }), 'orders')).toEqual(log)
  })

  it('by time and size keeps what Kafka keeps', () => {
    const one = workspace()
    const [log] = topicLogs(one, 'orders', 1)
    one.write(() => {
      const times = [100, 200, 900, 300, -1]
      for (const [base, maxTimestamp] of times.entries()) {
        one.batches.append(log!, batch(base, 1, { maxTimestamp, appendedAt: 450 }))
      }
    })
    const start = (before: number, maxBytes: number) => one.batches.retainedStart(log!, before, maxBytes, 100).start
    expect([start(-1, -1), start(100, -1), start(201, -1), start(500, -1)]).toEqual([0, 0, 2, 2])
    expect([start(901, -1), start(-1, 500), start(-1, 499), start(-1, 400), start(-1, 0)]).toEqual([5, 0, 0, 1, 5])
    expect(start(201, 100)).toBe(4)
    one.write(() => {
      for (let base = 5; base < 8; base++)
        one.batches.append(log!, batch(base, 1, { sizeBytes: 20_000, maxTimestamp: 100 }))
    })
    expect(one.batches.retainedStart(log!, 901, -1, 2)).toEqual({ start: 6, isAll: false })
    expect(one.batches.retainedStart(log!, 201, -1, 3)).toEqual({ start: 2, isAll: true })
  })

  it('removes rows in slices, and never those of a topic made afterwards', async () => {
    const clock = new ManualClock(0)
    const file = join(folder(), 'slices.ottla')
    const one = workspace({ file, clock })
    const [old] = topicLogs(one, 'old', 1)
    one.write(() => {
      for (let base = 0; base < 1000; base++) one.batches.append(old!, batch(base, 1, { sizeBytes: 16_000 }))
    })
    one.write(() => one.topics.remove(one.topics.list()[0]!))
    await one.committed()
    one.batches.close(old!)
    const [fresh] = topicLogs(one, 'fresh', 1)
    expect(fresh!.id).not.toBe(old!.id)
    one.write(() => one.batches.append(fresh!, batch(0)))
    await one.committed()
    const left = () => one.batches.rows(old!, 0, 1e9, 1e6, 1e9).length
    expect(left()).toBe(1000)
    let slices = 0
    for (; left() > 0; slices++) {
      clock.advance(20)
      await one.committed()
    }
    expect(slices).toBeGreaterThan(3)
    expect(one.batches.rows(fresh!, 0, 1e9, 1e6, 1e9)).toHaveLength(1)
  })

  it('fails nothing that clients write when a sweep cannot be done', async () => {
    const clock = new ManualClock(0)
    const one = workspace({ clock })
    const [log] = topicLogs(one, 'orders', 1)
    for (let base = 0; base < 3; base++) one.append(log!, batch(base, 1, { sizeBytes: 16_000 }))
    one.write(() => one.batches.deleteBefore(log!, 2))
    await one.committed()
    const sweep = vi.spyOn(Garbage.prototype, 'sweep').mockImplementation(() => {
      throw new Error('database disk image is malformed')
    })
    afterwards(() => sweep.mockRestore())
    one.append(log!, batch(3))
    const before = one.committed()
    clock.advance(20)
    expect(sweep).toHaveBeenCalledTimes(1)
    one.append(log!, batch(4))
    await Promise.all([before, one.committed()])
    expect(one.batches.rows(log!, 2, 5, 100, 1e9).map((row) => row.batch.baseOffset)).toEqual([2, 3, 4])
    sweep.mockRestore()
    clock.advance(5000)
    await one.committed()
    expect(one.batches.rows(log!, 0, 5, 100, 1e9).map((row) => row.batch.baseOffset)).toEqual([2, 3, 4])
  })

  it('goes on sweeping where it was left when the workspace is opened again', async () => {
    const file = join(folder(), 'left.ottla')
    const one = workspace({ file })
    const [log] = topicLogs(one, 'orders', 1)
    one.write(() => {
      for (let base = 0; base < 10; base++) one.batches.append(log!, batch(base, 1, { sizeBytes: 16_000 }))
      one.batches.deleteBefore(log!, 9)
      one.transactionIndex.addAborted(log!.id, { producerId: 1n, firstOffset: 2, lastOffset: 3 })
    })
    await one.dispose()
    const clock = new ManualClock(0)
    const two = workspace({ file, clock })
    while (clock.waiting > 0) {
      clock.advance(20)
      await two.committed()
    }
    expect(two.batches.rows(logOf(two, 'orders'), 0, 100, 100, 1e9).map((row) => row.batch.lastOffset)).toEqual([9])
    expect(two.transactionIndex.abortedIn(log!.id, 0, 100)).toEqual([])
  })
})
