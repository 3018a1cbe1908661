import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, it, vi } from 'vitest'
import { StorageFailure } from '../../../src-main/storage'
import { afterwards, folder, topicLogs, workspace } from './samples'
import { batch } from './stored-batch'

it('a roll-back that fails is done again before anything is told to be stored', async () => {
  const one = workspace({ file: join(folder(), 'one.ottla') })
  const [log] = topicLogs(one, 'orders', 1)
  one.append(log!, batch(0))
  await one.settled()
  const others = new Sqlite(one.file, { readonly: true })
  afterwards(() => void others.close())
  const stored = () => others.prepare('SELECT log_end FROM partitions').pluck().get()
  const exec = vi.spyOn(Sqlite.prototype, 'exec').mockImplementationOnce(() => {
    throw new Error('disk I/O error')
  })
  afterwards(() => exec.mockRestore())
  const fail = () => {
    throw new Error('cannot be written')
  }
  expect(() => one.write(fail)).toThrow('cannot be written')
  await expect(one.committed()).rejects.toThrow(StorageFailure)
  expect(exec.mock.calls).toEqual([['ROLLBACK']])
  // This turn needs no SQLite, but it would be told to be stored while the transaction of the last one is still open.
  one.append(log!, batch(1))
  await expect(one.committed()).rejects.toThrow(StorageFailure)
  expect([log!.logEnd, stored()]).toEqual([1, 1])
  one.append(log!, batch(1))
  await one.settled()
  expect([log!.logEnd, stored()]).toEqual([2, 2])
})
