import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, it } from 'vitest'
import { RecordsError } from '../../../src-main/records/failures'
import { RangeReader } from '../../../src-main/storage/recent'
import { batchesOf } from '../../../src-main/storage/run'
import { folder, logOf, topicLogs, workspace } from './samples'
import { batch, names } from './stored-batch'

/** What may be in place of a row of one batch of 1,400 bytes. */
const damages = [
  ['zeros', (bytes: Buffer) => bytes.fill(0)],
  ['an end that is missing', (bytes: Buffer) => bytes.subarray(0, 1000)],
  ['a length that is too short', (bytes: Buffer) => bytes.fill(bytes.subarray(9, 11), 11, 12)],
  ['a length that is too long', (bytes: Buffer) => bytes.fill(0x7f, 8, 9)],
  ['another magic', (bytes: Buffer) => bytes.fill(7, 16, 17)],
] as const

it.each(damages)('a row with %s is merged with no other, and does not fail the turn', async (_, damage) => {
  const file = join(folder(), 'damaged.ottla')
  const one = workspace({ file })
  const [log] = topicLogs(one, 'orders', 1)
  for (let base = 0; base < 20; base++) {
    one.append(log!, batch(base, 1, { sizeBytes: 1400 }))
    await one.committed()
    await one.settled()
  }
  await one.dispose()
  const database = new Sqlite(file)
  const bytes = database.prepare('SELECT bytes FROM batches WHERE base_offset = 5').pluck().get() as Buffer
  database.prepare('UPDATE batches SET bytes = ? WHERE base_offset = 5').run(damage(bytes))
  database.close()
  const two = workspace({ file })
  const again = logOf(two, 'orders')
  // Ten of these rows fit one.
  two.write(() => two.batches.mergeRows(again, 256))
  await two.committed()
  expect(two.batches.sizes(again, 10, 20, 1).sizes).toHaveLength(10)
  expect(two.batches.sizes(again, 6, 20, 1).sizes).toHaveLength(1)
  expect(names(two.batches.read(again, 6, 4200, true, 9).batches)).toEqual(['6+1', '7+1', '8+1'])
})

it.each(damages.filter(([what]) => !/short|missing/.test(what)))(
  'a row with %s is read up to there, and fails from there on',
  (_, damage) => {
    const sound = [0, 1, 2].map((base) => Buffer.from(batch(base, 1, { sizeBytes: 1400 }).bytes))
    const run = Buffer.concat([sound[0]!, damage(sound[1]!), sound[2]!])
    const read = (from: number) => {
      const range = new RangeReader(from, 1e6, true, 3)
      const goesOn = range.add(run, 2)
      return [names(range.batches), range.lastOffset, goesOn]
    }
    expect(read(0)).toEqual([['0+1'], 0, false])
    expect(() => read(1)).toThrow(RecordsError)
    expect(() => batchesOf(run, 0, 3)).toThrow(RecordsError)
    expect(batchesOf(run, 0, 1)).toHaveLength(1)
  },
)

it('a row that is damaged is as one batch for retention, and a deletion in the middle leaves it whole', async () => {
  const file = join(folder(), 'retained.ottla')
  const one = workspace({ file })
  const [log] = topicLogs(one, 'orders', 1)
  for (let base = 0; base < 30; base++) {
    one.append(log!, batch(base))
    if (base === 9 || base === 19) {
      await one.settled()
    }
    await one.committed()
  }
  await one.dispose()
  const database = new Sqlite(file)
  expect(database.prepare('SELECT base_offset FROM batches ORDER BY base_offset').pluck().all()).toEqual([0, 10, 20])
  database.exec('UPDATE batches SET bytes = zeroblob(size_bytes) WHERE base_offset = 10')
  database.close()
  const two = workspace({ file })
  const again = logOf(two, 'orders')
  expect(two.batches.retainedStart(again, -1, 2001, 100).start).toBe(9)
  expect(two.batches.retainedStart(again, -1, 1000, 100).start).toBe(20)
  for (const [offset, sizeBytes] of [
    [5, 2500],
    [15, 2000],
    [20, 1000],
    [30, 0],
  ] as const) {
    two.write(() => two.batches.deleteBefore(again, offset))
    expect(again).toMatchObject({ logStart: offset, sizeBytes })
  }
  await two.committed()
})

it.each(damages.filter(([what]) => !/short/.test(what)))(
  'a row with %s ends what is read of the rows before it, also where it would not fit',
  (_, damage) => {
    const sound = (base: number) => Buffer.from(batch(base, 1, { sizeBytes: 1400 }).bytes)
    for (const maxBytes of [1500, 2500, 5000]) {
      const range = new RangeReader(0, maxBytes, true, 3)
      expect(range.add(sound(0), 0)).toBe(true)
      expect(range.add(damage(sound(1)), 1)).toBe(false)
      expect(names(range.batches)).toEqual(['0+1'])
    }
  },
)
