import Sqlite from 'better-sqlite3'
import { expect, it, vi } from 'vitest'
import { RunRows } from '../../../src-main/storage/run-rows'
import { afterwards, topicLogs, workspace } from './samples'
import { batch, names } from './stored-batch'

it('who reads before a failed turn ends has all that is committed, and once: some of it could get rows in the turn', async () => {
  const one = workspace()
  const [log] = topicLogs(one, 'orders', 1)
  for (let base = 0; base < 4; base++) {
    one.append(log!, batch(base, 1, { sizeBytes: 10_000 }))
    await one.committed()
  }
  // After it memory has no batch of the log.
  one.append(log!, batch(4))
  const fail = () => {
    throw new Error('on purpose')
  }
  expect(() => one.write(fail)).toThrow('on purpose')
  await expect(one.committed()).rejects.toThrow('on purpose')
  const all = () => names(one.batches.read(log!, 0, 1e6, true, 4).batches)
  const { insert } = RunRows.prototype
  let left = 2
  const spy = vi.spyOn(RunRows.prototype, 'insert').mockImplementation(function (this: RunRows, run) {
    if (left-- === 0) throw new Sqlite.SqliteError('database or disk is full', 'SQLITE_FULL')
    insert.call(this, run)
  })
  afterwards(() => spy.mockRestore())
  expect(() => one.batches.sizes(log!, 0, 4, 10)).toThrow('the disk is full')
  expect(all()).toEqual(['0+1', '1+1', '2+1', '3+1'])
  expect(() => one.batches.sizes(log!, 0, 4, 10)).toThrow('the disk is full')
  await expect(one.committed()).rejects.toThrow('the disk is full')
  expect(all()).toEqual(['0+1', '1+1', '2+1', '3+1'])
  spy.mockRestore()
  expect(one.batches.sizes(log!, 0, 4, 10).sizes).toHaveLength(4)
  await one.committed()
  expect(all()).toEqual(['0+1', '1+1', '2+1', '3+1'])
})
