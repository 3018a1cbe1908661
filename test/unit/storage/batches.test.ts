import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../../src-main/base/clock'
import type { LogFacts, Workspace } from '../../../src-main/storage'
import { RecentBatches } from '../../../src-main/storage/recent'
import { batch, folder, logOf, names, topicLogs, workspace } from './samples'

/** The same log once with its newest batches in memory, once only in the file. */
async function twice(fill: (one: Workspace, log: LogFacts) => void, check: (one: Workspace, log: LogFacts) => void) {
  const file = join(folder(), 'twice.ottla')
  const one = workspace({ file })
  const [log] = topicLogs(one, 'orders', 1)
  one.write(() => fill(one, log!))
  await one.committed()
  check(one, log!)
  await one.dispose()
  const two = workspace({ file })
  check(two, logOf(two, 'orders'))
}

describe('reading', () => {
  it('gives whole batches from the one that holds the offset, from memory and from the file alike', () =>
    twice(
      (one, log) => {
        for (const base of [0, 10, 20]) one.batches.append(log, batch(base, 10))
        // Compaction leaves gaps, and so may a producer's aborted batch.
        one.batches.append(log, batch(40, 5))
      },
      (one, log) => {
        const read = (from: number, maxBytes: number, atLeastOne: boolean, end: number) => {
          const range = one.batches.read(log, from, maxBytes, atLeastOne, end)
          return [names(range.batches).join(' '), range.lastOffset]
        }
        expect(read(0, 1000, false, 45)).toEqual(['0+10 10+10 20+10 40+5', 44])
        expect(read(15, 1000, false, 45)).toEqual(['10+10 20+10 40+5', 44])
        expect(read(33, 1000, false, 45)).toEqual(['40+5', 44])
        expect(read(0, 250, false, 45)).toEqual(['0+10 10+10', 19])
        expect(read(0, 200, false, 45)).toEqual(['0+10 10+10', 19])
        expect(read(0, 99, false, 45)).toEqual(['', -1])
        expect(read(0, 99, true, 45)).toEqual(['0+10', 9])
        expect(read(0, 1000, true, 20)).toEqual(['0+10 10+10', 19])
        expect(read(0, 1000, true, 15)).toEqual(['0+10', 9])
        expect(read(45, 1000, true, 45)).toEqual(['', -1])
      },
    ))

  it('of older batches goes to the file when memory holds only the newest', () => {
    const recent = new RecentBatches(600_000)
    for (let base = 0; base < 100; base++) recent.add(base % 2, base, base, Buffer.alloc(15_000, `${base};`))
    expect(recent.heldBytes).toBeLessThanOrEqual(600_000)
    expect(recent.read(0, 0, 1e6, true, 100)).toBeUndefined()
    expect(names(recent.read(0, 98, 1e6, true, 100)!.batches)).toEqual(['98'])
    expect(names(recent.read(1, 97, 1e6, true, 100)!.batches)).toEqual(['97', '99'])
    recent.forget(1)
    expect(recent.read(1, 99, 1e6, true, 100)).toBeUndefined()
    recent.forget(0)
    expect(recent.heldBytes).toBe(0)
  })

  it('holds no more than it counts, however often logs are forgotten', () => {
    const recent = new RecentBatches(600_000)
    for (let round = 0; round < 5000; round++) {
      recent.add(1, round, round, Buffer.alloc(10))
      recent.add(2, round, round, Buffer.alloc(10))
      recent.forget(1)
    }
    expect(recent.read(2, 4999, 100, true, 5000)?.lastOffset).toBe(4999)
    expect(recent.heldBytes).toBeLessThanOrEqual(600_000)
  })

  it('counts the memory that a small batch keeps, not its bytes', () => {
    const recent = new RecentBatches(1024 * 1024)
    for (let round = 0; round < 100; round++) {
      recent.add(2, round, round, Buffer.alloc(10))
      for (let i = 0; i < 20; i++) recent.add(1, round * 20 + i, round * 20 + i, Buffer.alloc(15_000))
      recent.forget(1)
    }
    expect(recent.heldBytes).toBeLessThanOrEqual(1024 * 1024)
    expect(recent.read(2, 0, 100, true, 100)).toBeUndefined()
    expect(recent.read(2, 99, 100, true, 100)?.lastOffset).toBe(99)
  })

  it('keeps what a reader has, whatever is added and dropped afterwards', () => {
    const recent = new RecentBatches(600_000)
    recent.add(1, 0, 0, Buffer.alloc(100, 'kept;'))
    const [kept] = recent.read(1, 0, 1000, true, 1)!.batches
    recent.forget(1)
    for (let base = 1; base < 10_000; base++) recent.add(1, base, base, Buffer.alloc(100, 'other'))
    expect(Buffer.from(kept!).toString('latin1')).toBe('kept;'.repeat(20))
  })
})

describe('times', () => {
  it('finds the first batch that reaches a time, also when times go back', () =>
    twice(
      (one, log) => {
        const times = [100, 300, 200, 250, 400]
        for (const [base, maxTimestamp] of times.entries()) one.batches.append(log, batch(base, 1, { maxTimestamp }))
      },
      (one, log) => {
        const found = (time: number, from?: number) => one.batches.reaching(log, time, from)?.baseOffset
        expect([found(0), found(100), found(101), found(300), found(301), found(401)]).toEqual([
          0,
          0,
          1,
          1,
          4,
          undefined,
        ])
        expect(found(201, 2)).toBe(3)
        expect(log).toMatchObject({ maxTimestamp: 400, offsetOfMaxTimestamp: 4 })
      },
    ))

  it('finds it after the batch with the largest time was deleted', async () => {
    const one = workspace()
    const [log] = topicLogs(one, 'orders', 1)
    one.write(() => {
      for (const [base, maxTimestamp] of [9000, 100, 300, 200].entries()) {
        one.batches.append(log!, batch(base, 1, { maxTimestamp }))
      }
      one.batches.deleteBefore(log!, 1)
      one.batches.append(log!, batch(4, 1, { maxTimestamp: 250 }))
    })
    await one.committed()
    expect(one.batches.reaching(log!, 150)?.baseOffset).toBe(2)
    expect(one.batches.reaching(log!, 301)).toBeUndefined()
    expect(log).toMatchObject({ maxTimestamp: 300, offsetOfMaxTimestamp: 2, runningMaxTimestamp: 9000 })
    one.write(() => one.batches.deleteBefore(log!, 5))
    expect(log).toMatchObject({ maxTimestamp: -1, offsetOfMaxTimestamp: -1 })
  })
})

describe('producers', () => {
  it('are found with their newest batches first', () =>
    twice(
      (one, log) => {
        const big = 9_007_199_254_740_993n
        for (let base = 0; base < 12; base++) {
          const producerId = [-1n, 7n, big][base % 3]!
          one.batches.append(log, batch(base, 1, { producerId, producerEpoch: 2, baseSequence: base, attributes: 16 }))
        }
      },
      (one, log) => {
        expect(one.batches.producers(log)).toEqual([7n, 9_007_199_254_740_993n])
        const found = one.batches.ofProducer(log, 9_007_199_254_740_993n, 3)
        expect(found.map((facts) => facts.baseOffset)).toEqual([11, 8, 5])
        const { bytes: _, ...facts } = batch(11, 1, {
          producerId: 9_007_199_254_740_993n,
          producerEpoch: 2,
          baseSequence: 11,
          attributes: 16,
        })
        expect(found[0]).toEqual(facts)
        expect(one.batches.ofProducer(log, 8n, 5)).toEqual([])
      },
    ))
})

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
    expect(one.batches.retainedStart(log!, 901, -1, 2)).toEqual({ start: 2, isAll: false })
    expect(one.batches.retainedStart(log!, 201, -1, 3)).toEqual({ start: 2, isAll: true })
  })

  it('removes rows in slices, and never those of a topic made afterwards', async () => {
    const clock = new ManualClock(0)
    const file = join(folder(), 'slices.ottla')
    const one = workspace({ file, clock })
    const rows = () => {
      const all = one.topics
        .list()
        .flatMap((topic) => one.batches.rows(one.batches.open(topic.id, 0)!, 0, 1e9, 1e6, 1e9))
      return all.length
    }
    const [old] = topicLogs(one, 'old', 1)
    one.write(() => {
      for (let base = 0; base < 1000; base++) one.batches.append(old!, batch(base))
    })
    one.write(() => one.topics.remove(one.topics.list()[0]!))
    await one.committed()
    one.batches.close(old!)
    expect(clock.waiting).toBe(1)
    const [fresh] = topicLogs(one, 'fresh', 1)
    expect(fresh!.id).not.toBe(old!.id)
    one.write(() => one.batches.append(fresh!, batch(0)))
    await one.committed()
    let slices = 0
    while (clock.waiting > 0) {
      clock.advance(20)
      await one.committed()
      slices++
    }
    expect(slices).toBeGreaterThan(3)
    expect(one.batches.rows(old!, 0, 1e9, 1e6, 1e9)).toEqual([])
    expect(rows()).toBe(1)
  })

  it('goes on sweeping where it was left when the workspace is opened again', async () => {
    const file = join(folder(), 'left.ottla')
    const one = workspace({ file })
    const [log] = topicLogs(one, 'orders', 1)
    one.write(() => {
      for (let base = 0; base < 10; base++) one.batches.append(log!, batch(base))
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
    expect(two.batches.rows(logOf(two, 'orders'), 0, 100, 100, 1e9).map((row) => row.lastOffset)).toEqual([9])
    expect(two.transactionIndex.abortedIn(log!.id, 0, 100)).toEqual([])
  })
})

describe('compaction', () => {
  it('replaces and removes batches, and keeps offsets, size and largest time right', () =>
    twice(
      (one, log) => {
        for (const base of [0, 10, 20]) one.batches.append(log, batch(base, 10))
        const [first, second, third] = one.batches.rows(log, 0, 30, 10, 1e9)
        const smaller = { maxTimestamp: 1012, recordCount: 2, attributes: 0, bytes: Buffer.alloc(50, '10 compacted;') }
        const emptied = { maxTimestamp: -1, recordCount: 0, attributes: 0, bytes: Buffer.alloc(61, '20 emptied;') }
        one.batches.rewrite(log, [
          { row: first!, batch: null },
          { row: second!, batch: smaller },
          { row: third!, batch: emptied },
        ])
      },
      (one, log) => {
        expect(log).toMatchObject({
          logStart: 0,
          logEnd: 30,
          sizeBytes: 111,
          maxTimestamp: 1012,
          offsetOfMaxTimestamp: 10,
        })
        expect(names(one.batches.read(log, 0, 1000, true, 30).batches)).toEqual(['10 compacted', '20 emptied'])
        expect(one.batches.reaching(log, 1000)?.baseOffset).toBe(10)
        expect(one.batches.reaching(log, 1013)).toBeUndefined()
      },
    ))
})
