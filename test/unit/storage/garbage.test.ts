import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, it, vi } from 'vitest'
import { ManualClock } from '../../../src-main/base/clock'
import { Garbage } from '../../../src-main/storage/garbage'
import { openDatabase } from '../../../src-main/storage/open'
import { afterwards, folder, topicLogs, workspace } from './samples'
import { batch } from './stored-batch'

/** How SQLite finds what each statement of `Garbage` asks or changes. */
function plans(): string[] {
  const database = openDatabase(join(folder(), 'plans.ottla'))
  afterwards(() => void database.close())
  const prepare = vi.spyOn(database, 'prepare')
  new Garbage(database)
  const statements = prepare.mock.calls.map(([sql]) => sql)
  prepare.mockRestore()
  return statements.flatMap((sql) => {
    const parameters = Array.from(sql.matchAll(/\?/g), () => 0)
    const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters) as { detail: string }[]
    return steps.map(({ detail }) => detail)
  })
}

/** A log of batches of so many producers, whose runs hold 15 batches of 1,000 bytes, and another connection that looks at its rows. */
async function shared(batches: number, producers = 40, sizeBytes = 1000) {
  const file = join(folder(), 'shared.ottla')
  const clock = new ManualClock(0)
  const one = workspace({ file, clock })
  const [log] = topicLogs(one, 'orders', 1)
  for (let base = 0; base < batches; base++) {
    one.append(log!, batch(base, 1, { producerId: BigInt(base % producers), sizeBytes }))
  }
  await one.settled()
  const seen = new Sqlite(file, { readonly: true })
  afterwards(() => void seen.close())
  const count = (from: string) => seen.prepare(`SELECT count(*) FROM ${from}`).pluck().get() as number
  const sweep = async () => {
    clock.advance(20)
    await one.committed()
  }
  return { one, log: log!, count, sweep }
}

describe('a sweep', () => {
  it('finds all that it removes by an index', () => {
    expect(plans().toSorted()).toEqual([
      'SCAN garbage',
      'SEARCH aborted_transactions USING PRIMARY KEY (partition=? AND last_offset<?)',
      'SEARCH batches USING COVERING INDEX batches_by_offset (partition=? AND last_offset<?)',
      'SEARCH batches USING INDEX batches_by_offset (partition=? AND last_offset<?)',
      'SEARCH garbage USING INTEGER PRIMARY KEY (rowid=?)',
      'SEARCH partitions USING COVERING INDEX sqlite_autoindex_partitions_1 (topic=?)',
      'SEARCH run_producers USING PRIMARY KEY (partition=? AND producer_id=? AND last_offset<?)',
      'SEARCH run_producers USING PRIMARY KEY (partition=?)',
    ])
  })

  it('removes what the index of producers has of its runs, and no more', async () => {
    const { one, log, count, sweep } = await shared(2400)
    const perRun = 15
    one.write(() => one.batches.deleteBefore(log, 1500))
    await one.committed()
    expect([count('batches'), count('run_producers')]).toEqual([160, 160 * perRun])
    for (const left of [96, 60, 60]) {
      await sweep()
      expect([count('batches'), count('run_producers')]).toEqual([left, left * perRun])
    }
    expect(count('garbage')).toBe(0)
    expect(one.batches.producers(log)).toHaveLength(40)
    expect(one.batches.ofProducer(log, 3n, 3).map(({ baseOffset }) => baseOffset)).toEqual([2363, 2323, 2283])
  })

  it('ends earlier where each batch is of another producer', async () => {
    const perRun = 60
    const { one, log, count, sweep } = await shared(2400, 2400, 256)
    one.write(() => one.batches.deleteBefore(log, 2400))
    await one.committed()
    // The seventeenth run brings the producers to a thousand.
    for (const left of [40, 23, 6, 0]) {
      expect([count('batches'), count('run_producers')]).toEqual([left, left * perRun])
      await sweep()
    }
  })

  it('leaves nothing of a topic, not even of rows whose bytes are damaged', async () => {
    const { one, log, count, sweep } = await shared(300)
    const damaged = new Sqlite(one.file)
    damaged.exec('UPDATE batches SET bytes = zeroblob(size_bytes) WHERE base_offset = 30')
    damaged.exec(`UPDATE batches SET bytes = substr(bytes, 1, 990) WHERE base_offset = 60`)
    damaged.close()
    one.write(() => {
      for (let i = 0; i < 300; i++) {
        one.transactionIndex.addAborted(log.id, { producerId: 1n, firstOffset: i, lastOffset: i })
      }
      one.topics.remove(one.topics.list()[0]!)
    })
    await one.committed()
    one.batches.close(log)
    while (count('garbage') > 0) await sweep()
    expect(['batches', 'run_producers', 'aborted_transactions'].map(count)).toEqual([0, 0, 0])
  })
})
