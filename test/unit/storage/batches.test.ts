import { statSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { LogFacts, Workspace } from '../../../src-main/storage'
import { migrate } from '../../../src-main/storage/migrations'
import { RecentBatches } from '../../../src-main/storage/recent'
import { folder, logOf, topicLogs, workspace } from './samples'
import { batch, names } from './stored-batch'

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
    for (let base = 0; base < 100; base++) recent.add(base % 2, batch(base, 1, { sizeBytes: 14_000 }))
    expect(recent.heldBytes).toBeLessThanOrEqual(600_000)
    expect(recent.read(0, 0, 1e6, true, 100)).toBeUndefined()
    expect(names(recent.read(0, 98, 1e6, true, 100)!.batches)).toEqual(['98+1'])
    expect(names(recent.read(1, 97, 1e6, true, 100)!.batches)).toEqual(['97+1', '99+1'])
    recent.forget(1)
    expect(recent.read(1, 99, 1e6, true, 100)).toBeUndefined()
    recent.forget(0)
    expect(recent.heldBytes).toBe(0)
  })

  it('holds no more than it counts, however often logs are forgotten', () => {
    const recent = new RecentBatches(600_000)
    for (let round = 0; round < 5000; round++) {
      recent.add(1, batch(round))
      recent.add(2, batch(round))
      recent.forget(1)
    }
    expect(recent.read(2, 4999, 100, true, 5000)?.lastOffset).toBe(4999)
    expect(recent.heldBytes).toBeLessThanOrEqual(600_000)
  })

  it('counts the memory that a small batch keeps, not its bytes', () => {
    const recent = new RecentBatches(64 * 1024)
    for (let log = 0; log < 1000; log++) recent.add(log, batch(0))
    expect(recent.heldBytes).toBeLessThanOrEqual(64 * 1024)
    expect(recent.read(900, 0, 100, true, 1)).toBeUndefined()
    expect(recent.read(999, 0, 100, true, 1)?.lastOffset).toBe(0)
    const large = batch(1, 1, { sizeBytes: 16 * 1024 })
    const received = Buffer.concat([large.bytes, Buffer.alloc(1024 * 1024)])
    recent.add(1, { ...large, bytes: received.subarray(0, 16 * 1024) })
    expect(recent.read(1, 1, 100, true, 2)!.batches[0]!.buffer.byteLength).toBe(16 * 1024)
  })

  it('keeps what a reader has, whatever is added and dropped afterwards', () => {
    const recent = new RecentBatches(600_000)
    recent.add(1, batch(0, 1, { text: 'kept;' }))
    const [kept] = recent.read(1, 0, 1000, true, 1)!.batches
    recent.add(1, batch(1, 1, { text: 'next;' }))
    recent.forget(1)
    for (let base = 2; base < 10_000; base++) recent.add(1, batch(base, 1, { text: 'other;' }))
    expect(names([kept!])).toEqual(['kept'])
  })
})

describe('rows', () => {
  const rowsOf = (one: Workspace, log: LogFacts) => one.batches.rows(log, 0, 1e9, 1e6, 1e9).map(({ id }) => id)
  const sizes = (ids: readonly number[]) => [...new Set(ids)].map((id) => ids.filter((other) => other === id).length)

  it('hold the small batches of a log side by side, of one turn and the next, as long as they fit a page', async () => {
    const one = workspace()
    const [log] = topicLogs(one, 'orders', 1)
    for (let base = 0; base < 400; base += 4) {
      one.write(() => {
        for (let i = 0; i < 4; i++) one.batches.append(log!, batch(base + i))
      })
      await one.committed()
    }
    expect(sizes(rowsOf(one, log!))).toEqual([153, 153, 94])
    one.write(() => one.batches.append(log!, batch(400, 1, { sizeBytes: 20_000 })))
    one.write(() => one.batches.append(log!, batch(401)))
    await one.committed()
    expect(sizes(rowsOf(one, log!))).toEqual([153, 153, 94, 1, 1])
  })

  it('hold transactional batches of one producer, and markers alone', async () => {
    const one = workspace()
    const [log] = topicLogs(one, 'orders', 1)
    const producers = [7n, 7n, 8n, 8n, 7n, 7n, 7n, -1n]
    one.write(() => {
      for (const [base, producerId] of producers.entries()) {
        const attributes = base === 5 ? 0x30 : producerId < 0 ? 0 : 0x10
        one.batches.append(log!, batch(base, 1, { producerId, attributes }))
      }
    })
    await one.committed()
    expect(one.batches.recordsOf(log!, 7n, 4)).toBe(3)
    expect(sizes(rowsOf(one, log!))).toEqual([2, 2, 1, 1, 1, 1])
    expect(one.batches.recordsOf(log!, 7n, 4)).toBe(3)
    expect(one.batches.ofProducer(log!, 7n, 4).map(({ baseOffset }) => baseOffset)).toEqual([6, 5, 4, 1])
  })

  it('hold batches of producers that take turns, who are found all the same', async () => {
    const file = join(folder(), 'turns.ottla')
    const one = workspace({ file })
    const [log] = topicLogs(one, 'orders', 1)
    for (let base = 0; base < 400; base++) {
      one.append(log!, batch(base, 1, { producerId: BigInt(base % 3) - 1n }))
      if (base % 10 === 9) await one.committed()
    }
    const check = (of: Workspace, log: LogFacts) => {
      expect(of.batches.producers(log)).toEqual([0n, 1n])
      expect(of.batches.ofProducer(log, 1n, 5).map(({ baseOffset }) => baseOffset)).toEqual([398, 395, 392, 389, 386])
      expect(of.batches.ofProducer(log, 1n, 1000)).toHaveLength(133)
    }
    check(one, log!)
    await one.dispose()
    const two = workspace({ file })
    const again = logOf(two, 'orders')
    check(two, again)
    expect(sizes(rowsOf(two, again))).toEqual([153, 153, 94])
    check(two, again)
  })

  it('are given to eight runs at a time: until then a turn costs no page of the file', async () => {
    const one = workspace()
    const [log] = topicLogs(one, 'orders', 1)
    const append = async (base: number) => {
      one.append(log!, batch(base, 1, { producerId: 7n, producerEpoch: 0, baseSequence: base }))
      await one.committed()
    }
    // The first one begins the append file.
    await append(0)
    const bytes = (part: string) => statSync(`${one.file}-${part}`).size
    const before = bytes('wal')
    for (let base = 1; base < 8 * 153; base++) await append(base)
    expect([bytes('wal') - before, one.batches.hasPending]).toEqual([0, true])
    const inFile = bytes('appends')
    await append(8 * 153)
    expect([bytes('wal') > before, one.batches.hasPending]).toEqual([true, false])
    expect(sizes(rowsOf(one, log!))).toEqual([...Array.from({ length: 8 }, () => 153), 1])
    // It begins at its start again.
    await append(8 * 153 + 1)
    expect(bytes('appends')).toBe(inFile)
  })

  it('are given to all logs once there are many runs without', async () => {
    const one = workspace()
    const logs = topicLogs(one, 'orders', 2050)
    for (const log of logs.slice(0, 2048)) one.append(log, batch(0))
    await one.committed()
    expect(one.batches.hasPending).toBe(true)
    one.append(logs[2048]!, batch(0))
    await one.committed()
    expect(one.batches.hasPending).toBe(false)
  })

  it('that were closed for a large batch are not stored again with a small one behind it', async () => {
    const one = workspace()
    const [log] = topicLogs(one, 'orders', 1)
    one.append(log!, batch(0))
    await one.committed()
    one.append(log!, batch(1, 1, { sizeBytes: 16 * 1024 }))
    for (const base of [2, 3]) one.append(log!, batch(base))
    // Stores the rows of this turn so far, and memory forgets them.
    one.batches.deleteBefore(log!, 1)
    one.append(log!, batch(4))
    await one.committed()
    const offsets = one.batches.rows(log!, 1, 5, 100, 1e9).map(({ batch: { baseOffset } }) => baseOffset)
    expect(offsets).toEqual([1, 2, 3, 4])
  })

  it('of a former version hold one batch each, and are read and gone on with as they are', async () => {
    const file = join(folder(), 'former.ottla')
    const former = new Sqlite(file)
    former.pragma('page_size = 16384')
    migrate(former, 0, 7)
    former.exec(`INSERT INTO topics VALUES (1, 'uuid', 'orders', 1, 0);
      INSERT INTO partitions (id, topic, number, log_end, size_bytes, running_max_timestamp, max_timestamp, offset_of_max_timestamp)
        VALUES (1, 1, 0, 3, 300, 1002, 1002, 2)`)
    const insert = former.prepare(
      `INSERT INTO batches (partition, base_offset, last_offset, running_max_timestamp, max_timestamp, appended_at, producer_id,
         producer_epoch, base_sequence, attributes, record_count, size_bytes, bytes) VALUES (1, ?, ?, ?, ?, 0, 7, 0, ?, 0, 1, 100, ?)`,
    )
    for (let base = 0; base < 3; base++) {
      const { bytes } = batch(base, 1, { producerId: 7n, producerEpoch: 0, baseSequence: base })
      insert.run(base, base, 1000 + base, 1000 + base, base, bytes)
    }
    former.pragma('user_version = 7')
    former.pragma(`application_id = ${0x4f74746c}`)
    former.close()
    const one = workspace({ file })
    const log = logOf(one, 'orders')
    one.write(() => {
      for (const base of [3, 4]) {
        one.batches.append(log, batch(base, 1, { producerId: 7n, producerEpoch: 0, baseSequence: base }))
      }
    })
    await one.committed()
    expect(names(one.batches.read(log, 1, 1e6, true, 5).batches)).toEqual(['1+1', '2+1', '3+1', '4+1'])
    expect(sizes(rowsOf(one, log))).toEqual([1, 1, 1, 2])
    expect(one.batches.ofProducer(log, 7n, 3).map(({ baseSequence }) => baseSequence)).toEqual([4, 3, 2])
    expect(one.batches.reaching(log, 1003)?.baseOffset).toBe(3)
    one.write(() => one.batches.deleteBefore(log, 4))
    expect(log).toMatchObject({ logStart: 4, sizeBytes: 100, maxTimestamp: 1004, offsetOfMaxTimestamp: 4 })
  })

  it('that are small are merged, but for markers and transactions of several producers', async () => {
    const one = workspace()
    const [log] = topicLogs(one, 'orders', 1)
    const given = [
      ...Array.from({ length: 200 }, (_, base) => ({ producerId: BigInt(base % 3) - 1n, attributes: 0 })),
      ...[7n, 7n, 8n, 8n].map((producerId) => ({ producerId, attributes: 0x10 })),
      { producerId: 8n, attributes: 0x30 },
      ...Array.from({ length: 8 }, () => ({ producerId: 1n, attributes: 0 })),
      { producerId: -1n, attributes: 0, sizeBytes: 20_000 },
    ]
    for (const [base, facts] of given.entries()) {
      one.append(log!, batch(base, 1, facts))
      await one.settled()
    }
    const before = sizes(rowsOf(one, log!))
    const read = () => names(one.batches.read(log!, 0, 1e6, true, log!.logEnd).batches)
    const all = read()
    while (!one.write(() => one.batches.mergeRows(log!, 256)));
    await one.committed()
    expect(before).toHaveLength(given.length)
    expect(sizes(rowsOf(one, log!))).toEqual([153, 47, 2, 2, 1, 8, 1])
    expect(read()).toEqual(all)
    expect(log!.mergedUntil).toBe(log!.logEnd)
    expect(one.batches.ofProducer(log!, 1n, 10).map(({ baseOffset }) => baseOffset)).toEqual([
      212, 211, 210, 209, 208, 207, 206, 205, 197, 194,
    ])
    expect(one.batches.recordsOf(log!, 8n, 202)).toBe(3)
    expect(one.batches.producers(log!)).toEqual([0n, 1n, 7n, 8n])
  })

  it('of a turn that fails are as they were', async () => {
    const file = join(folder(), 'failed.ottla')
    const one = workspace({ file })
    const [log] = topicLogs(one, 'orders', 1)
    one.write(() => one.batches.append(log!, batch(0)))
    await one.committed()
    one.write(() => one.batches.append(log!, batch(1, 1, { text: 'failed;' })))
    expect(one.batches.sizes(log!, 0, 2, 10).sizes).toHaveLength(2)
    const fail = () => {
      throw new Error('on purpose')
    }
    expect(() => one.write(fail)).toThrow('on purpose')
    await expect(one.committed()).rejects.toThrow('on purpose')
    one.write(() => one.batches.append(log!, batch(1, 1, { text: 'again;' })))
    await one.committed()
    await one.dispose()
    const two = workspace({ file })
    expect(names(two.batches.read(logOf(two, 'orders'), 0, 1e6, true, 2).batches)).toEqual(['0+1', 'again'])
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
        expect(found[0]).toMatchObject({
          lastOffset: 11,
          maxTimestamp: 1011,
          recordCount: 1,
          producerId: 9_007_199_254_740_993n,
          producerEpoch: 2,
          baseSequence: 11,
          isTransactional: true,
        })
        expect(one.batches.ofProducer(log, 8n, 5)).toEqual([])
      },
    ))
})

describe('compaction', () => {
  it('replaces and removes batches, and keeps offsets, size and largest time right', () =>
    twice(
      (one, log) => {
        for (const base of [0, 10, 20]) one.batches.append(log, batch(base, 10))
        const [first, second, third] = one.batches.rows(log, 0, 30, 10, 1e9)
        const smaller = batch(10, 10, { sizeBytes: 80, maxTimestamp: 1012, recordCount: 2, text: '10 compacted;' })
        const emptied = batch(20, 10, { sizeBytes: 75, recordCount: 0, text: '20 emptied;' })
        one.batches.rewrite(log, [
          { row: first!, bytes: null },
          { row: second!, bytes: smaller.bytes as Buffer },
          { row: third!, bytes: emptied.bytes as Buffer },
        ])
      },
      (one, log) => {
        expect(log).toMatchObject({
          logStart: 0,
          logEnd: 30,
          sizeBytes: 155,
          maxTimestamp: 1012,
          offsetOfMaxTimestamp: 10,
        })
        expect(names(one.batches.read(log, 0, 1000, true, 30).batches)).toEqual(['10 compacted', '20 emptied'])
        expect(one.batches.reaching(log, 1000)?.baseOffset).toBe(10)
        expect(one.batches.reaching(log, 1013)).toBeUndefined()
      },
    ))

  it('leaves producers to be found by the runs that still have batches of them', () => {
    const one = workspace()
    const [log] = topicLogs(one, 'orders', 1)
    for (let base = 0; base < 12; base++) {
      one.append(log!, batch(base, 1, { producerId: BigInt(base % 2), sizeBytes: 7000 }))
    }
    const newest = (producerId: bigint, limit: number) =>
      one.batches.ofProducer(log!, producerId, limit).map(({ baseOffset }) => baseOffset)
    const remove = (offsets: readonly number[]) => {
      const rows = one.batches
        .rows(log!, 0, 12, 12, 1e9)
        .filter(({ batch: { baseOffset } }) => offsets.includes(baseOffset))
      one.write(() =>
        one.batches.rewrite(
          log!,
          rows.map((row) => ({ row, bytes: null })),
        ),
      )
    }
    remove([6, 8, 10])
    expect([newest(0n, 2), newest(1n, 2)]).toEqual([
      [4, 2],
      [11, 9],
    ])
    remove([0, 2, 4])
    expect(one.batches.producers(log!)).toEqual([1n])
  })
})
