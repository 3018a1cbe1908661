import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { Workspace } from '../../../src-main/storage'
import { migrate } from '../../../src-main/storage/migrations'
import { folder, topicLogs, workspace } from './samples'

/** What was written, as a workspace that is opened anew has it. */
async function reopened(write: (one: Workspace) => void): Promise<Workspace> {
  const file = join(folder(), 'state.ottla')
  const one = workspace({ file })
  one.write(() => write(one))
  await one.dispose()
  return workspace({ file })
}

describe('topics', () => {
  it('grow, and are gone with their partitions when removed', async () => {
    const two = await reopened((one) => {
      const orders = one.topics.create('id-1', 'orders', 2, 77)
      one.topics.remove(one.topics.create('id-2', 'gone', 1, 78))
      expect(one.topics.addPartitions(orders, 5).partitions).toBe(5)
    })
    expect(two.topics.list()).toEqual([
      { id: expect.any(Number), uuid: 'id-1', name: 'orders', partitions: 5, createdAt: 77 },
    ])
    const { id } = two.topics.list()[0]!
    const facts = {
      logStart: 0,
      logEnd: 0,
      sizeBytes: 0,
      runningMaxTimestamp: -1,
      maxTimestamp: -1,
      offsetOfMaxTimestamp: -1,
      cleanedUntil: 0,
      mergedUntil: 0,
    }
    expect(two.batches.open(id, 4)).toEqual({ id: expect.any(Number), ...facts })
    expect(two.batches.open(id, 5)).toBeUndefined()
  })
})

describe('configs and documents', () => {
  it('are set, replaced and removed', async () => {
    const two = await reopened((one) => {
      one.configs.set('topic', 'orders', 'retention.ms', '1')
      one.configs.set('topic', 'orders', 'retention.ms', '2')
      one.configs.set('topic', 'orders', 'cleanup.policy', 'compact')
      one.configs.set('topic', 'orders', 'cleanup.policy', null)
      one.documents.set('group', 'a', '{"n":1}')
      one.documents.set('group', 'b', '{}')
      one.documents.set('group', 'b', null)
      one.documents.set('user', 'a', '{"other":true}')
    })
    expect(two.configs.list()).toEqual([{ type: 'topic', name: 'orders', key: 'retention.ms', value: '2' }])
    expect(two.documents.list('group')).toEqual([{ key: 'a', value: '{"n":1}' }])
    expect([two.documents.get('user', 'a'), two.documents.get('user', 'b')]).toEqual(['{"other":true}', undefined])
  })
})

describe('offsets', () => {
  const row = (partition: number, offset: number) => ({
    topic: 'orders',
    partition,
    offset,
    leaderEpoch: -1,
    metadata: '',
    committedAt: 1_700_000_000_000,
    expiresAt: null,
  })

  it('are kept per group and partition', async () => {
    const second = { ...row(1, 2), metadata: 'read by me', expiresAt: 1_800_000_000_000 }
    const two = await reopened((one) => {
      one.offsets.set('a', [row(0, 1)])
      one.offsets.set('a', [row(0, 5_000_000_000), second, row(2, 3)])
      one.offsets.remove('a', 'orders', 2)
      one.offsets.set('b', [row(0, 4)])
      one.offsets.removeGroup('b')
    })
    expect(two.offsets.list()).toEqual([row(0, 5_000_000_000), second].map((each) => ({ groupId: 'a', ...each })))
  })

  it.each([7, 8, 9, 20])('are kept where one commit has %i of them, the last one of a partition', async (count) => {
    const rows = Array.from({ length: count }, (_, partition) => row(partition, 100 + partition))
    const two = await reopened((one) => one.offsets.set('a', [row(0, 1), ...rows.slice(1), row(0, 100)]))
    expect(two.offsets.list()).toEqual(rows.map((each) => ({ groupId: 'a', ...each })))
  })

  it('remember deliberate changes, the newest of each group', async () => {
    const change = { groupId: 'a', at: 1, kind: 'reset', cause: '{}', changes: '[]' } as const
    const two = await reopened((one) => {
      const other = one.offsets.noteChange({ ...change, groupId: 'b' }, 2)
      const ids = [1, 2, 3, 4].map((at) => one.offsets.noteChange({ ...change, at, changes: `[${at}]` }, 2))
      one.offsets.markUndone(ids[2]!, ids[3]!)
      expect(other).toBeLessThan(ids[0]!)
    })
    const changes = two.offsets.history('a', 10)
    expect(changes.map(({ at, changes: what }) => [at, what])).toEqual([
      [4, '[4]'],
      [3, '[3]'],
    ])
    expect(changes[1]!.undoneBy).toBe(changes[0]!.id)
    expect(two.offsets.history('b', 10)).toHaveLength(1)
  })
})

describe('the journal', () => {
  it('finds frames by their time, and those that start or end a rebalance without reading the others', async () => {
    const start = { boundary: 'start', epoch: 3, kind: 'join', causes: '[]' }
    const two = await reopened((one) => {
      for (const seq of [3, 4, 5, 8, 9]) one.journal.add('a', seq, seq * 10, '{}', seq % 4 === 0 ? start : null)
      one.journal.add('b', 1, 1, '{}', start)
    })
    expect(two.journal.boundaries('a')).toEqual([
      { seq: 4, at: 40, ...start },
      { seq: 8, at: 80, ...start },
    ])
    expect([0, 30, 31, 50, 51, 80, 90, 91].map((at) => two.journal.seqAt('a', at))).toEqual([3, 3, 4, 5, 6, 6, 9, 10])
    expect(two.journal.seqAt('none', 5)).toBe(1)
  })

  it('of an older file is indexed when it is opened', () => {
    const database = new Sqlite(':memory:')
    migrate(database, 0, 2)
    const insert = database.prepare('INSERT INTO frames (group_id, seq, at, frame) VALUES (?, ?, ?, ?)')
    const states = ['Empty', 'PreparingRebalance', 'CompletingRebalance', 'Stable', 'Stable', 'Empty']
    states.forEach((state, i) => {
      const frame = { epoch: i < 2 ? 0 : i < 5 ? 1 : 2, kind: 'join', cause: `step ${i}`, state }
      insert.run('g', i + 1, i, JSON.stringify({ frame }))
    })
    migrate(database, 2, 3)
    const rows = database.prepare('SELECT seq, turn, frame FROM frames ORDER BY seq').all() as {
      turn: string
      frame: string
    }[]
    expect(rows.map(({ turn }) => turn && (JSON.parse(turn) as unknown))).toEqual([
      null,
      { turn: 'begins', epoch: 0, kind: 'join', cause: 'step 1' },
      null,
      { turn: 'ends', epoch: 1, kind: 'join', cause: 'step 3' },
      null,
      { turn: 'whole', epoch: 2, kind: 'join', cause: 'step 5' },
    ])
    expect(JSON.parse(rows[3]?.frame ?? '')).toMatchObject({ frame: { turn: 'ends', cause: 'step 3' } })
    database.close()
  })

  it('gives frames by range, and keeps a bounded number of each group', async () => {
    const two = await reopened((one) => {
      for (let seq = 1; seq <= 22_000; seq++) one.journal.add('a', seq, seq, `{"seq":${seq}}`)
      one.journal.add('b', 1, 1, '{}')
      one.journal.add('gone', 1, 1, '{}')
      one.journal.removeGroup('gone')
    })
    expect(two.journal.range('a', 0, 1e9, 1)).toEqual([{ seq: 2001, at: 2001, frame: '{"seq":2001}' }])
    expect(two.journal.range('a', 21_000, 21_005, 3).map((frame) => frame.seq)).toEqual([21_000, 21_001, 21_002])
    expect([two.journal.lastSeq('a'), two.journal.lastSeq('b'), two.journal.lastSeq('gone')]).toEqual([22_000, 1, 0])
  })
})

describe('the journal of many groups', () => {
  it('keeps the newest frames of all', () => {
    const one = workspace()
    one.write(() => {
      for (let at = 0; at < 210_000; at++) one.journal.add(`group-${at % 15}`, Math.floor(at / 15) + 1, at, '{}')
    })
    const kept = Array.from({ length: 15 }, (_, n) => one.journal.range(`group-${n}`, 0, 1e9, 1e6).length)
    expect(kept.reduce((sum, count) => sum + count, 0)).toBe(200_000)
    expect(one.journal.range('group-0', 0, 1e9, 1)[0]!.at).toBeGreaterThanOrEqual(10_000)
  })
})

describe('the transaction index', () => {
  it('has the first aborted transaction of a log also after there was none', async () => {
    const one = workspace()
    const [log] = topicLogs(one, 'orders', 1)
    const aborted = () => one.transactionIndex.abortedIn(log!.id, 0, 100).map(({ firstOffset }) => firstOffset)
    expect([aborted(), aborted()]).toEqual([[], []])
    one.write(() => one.transactionIndex.addAborted(log!.id, { producerId: 2n, firstOffset: 12, lastOffset: 20 }))
    await one.committed()
    expect(aborted()).toEqual([12])
  })

  it('knows open transactions and those aborted within a range', async () => {
    const big = 9_007_199_254_740_993n
    let log = 0
    const two = await reopened((one) => {
      log = topicLogs(one, 'orders', 1)[0]!.id
      one.transactionIndex.open(log, { producerId: big, firstOffset: 10 })
      one.transactionIndex.open(log, { producerId: 2n, firstOffset: 12 })
      one.transactionIndex.close(log, 2n)
      one.transactionIndex.addAborted(log, { producerId: 2n, firstOffset: 12, lastOffset: 20 })
      one.transactionIndex.addAborted(log, { producerId: big, firstOffset: 30, lastOffset: 31 })
    })
    expect(two.transactionIndex.listOpen(log)).toEqual([{ producerId: big, firstOffset: 10 }])
    const aborted = (from: number, before: number) =>
      two.transactionIndex.abortedIn(log, from, before).map(({ firstOffset }) => firstOffset)
    expect([aborted(0, 12), aborted(0, 13), aborted(20, 30), aborted(21, 30), aborted(0, 99)]).toEqual([
      [],
      [12],
      [12],
      [],
      [12, 30],
    ])
  })

  it('is read no further than the transactions that can reach into the range', () => {
    const one = workspace()
    one.write(() => {
      const log = topicLogs(one, 'orders', 1)[0]!.id
      const index = one.transactionIndex
      index.open(log, { producerId: 3n, firstOffset: 1 })
      index.addAborted(log, { producerId: 1n, firstOffset: 0, lastOffset: 2 })
      index.close(log, 3n)
      index.addAborted(log, { producerId: 3n, firstOffset: 1, lastOffset: 5 })
      expect(index.abortedIn(log, 0, 2).map(({ producerId }) => producerId)).toEqual([1n, 3n])
      // None was open at 5, so nothing that ends later begins before 6: such a one is not looked for.
      index.addAborted(log, { producerId: 4n, firstOffset: 1, lastOffset: 9 })
      expect(index.abortedIn(log, 0, 2).map(({ producerId }) => producerId)).toEqual([1n, 3n])
      expect(index.abortedIn(log, 0, 7).map(({ producerId }) => producerId)).toEqual([1n, 3n, 4n])
    })
  })
})
