import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { createLog, type LogEntry } from '../../../src-main/base/log'
import { type Workspace, WorkspaceError } from '../../../src-main/storage'
import { AppendFile } from '../../../src-main/storage/append-file'
import { folder, logOf, topicLogs, workspace } from './samples'
import { batch, names } from './stored-batch'

/** Copies parts of a workspace into a folder of their own, as `one.ottla`. */
function copied({ file }: Workspace, parts: readonly string[]): string {
  const copy = join(folder(), 'one.ottla')
  for (const part of parts) if (existsSync(`${file}${part}`)) copyFileSync(`${file}${part}`, `${copy}${part}`)
  return copy
}

async function withOneBatch(): Promise<Workspace> {
  const one = workspace({ file: join(folder(), 'one.ottla') })
  const [log] = topicLogs(one, 'orders', 1)
  one.append(log!, batch(0))
  await one.committed()
  return one
}

function namesIn(one: Workspace): string[] {
  const log = logOf(one, 'orders')
  return names(one.batches.read(log, 0, 1e6, true, log.logEnd).batches)
}

it('is refused in a sentence when its append file cannot be read, and is as it was when that can be again', async () => {
  const one = await withOneBatch()
  const file = copied(one, ['', '-wal'])
  mkdirSync(`${file}-appends`)
  const open = () => workspace({ file })
  expect(open).toThrow(WorkspaceError)
  expect(open).toThrow(`${file} cannot be opened, because ${file}-appends cannot be read: EISDIR`)
  // Nothing of it is left open.
  expect(readdirSync(dirname(file)).sort()).toEqual(['one.ottla', 'one.ottla-appends'])
  rmSync(`${file}-appends`, { recursive: true })
  copyFileSync(`${one.file}-appends`, `${file}-appends`)
  expect(namesIn(open())).toEqual(['0+1'])
})

it('goes on when the append file cannot be removed, and has nothing of it twice', async () => {
  const file = copied(await withOneBatch(), ['', '-wal', '-appends'])
  const entries: LogEntry[] = []
  const { remove } = AppendFile.prototype
  AppendFile.prototype.remove = function (this: AppendFile) {
    this.close()
    throw new Error('EBUSY: resource busy or locked')
  }
  try {
    const log = createLog(
      'storage',
      'info',
      (entry) => entries.push(entry),
      () => 0,
    )
    for (let round = 0; round < 2; round++) {
      const two = workspace({ file, log })
      expect(namesIn(two)).toEqual(['0+1'])
      await two.dispose()
    }
  } finally {
    AppendFile.prototype.remove = remove
  }
  expect(entries[0]?.text).toBe(
    `${file}-appends, which is needed no more, cannot be removed: EBUSY: resource busy or locked.`,
  )
  expect(existsSync(`${file}-appends`)).toBe(true)
  expect(namesIn(workspace({ file }))).toEqual(['0+1'])
  expect(existsSync(`${file}-appends`)).toBe(false)
})

it('takes nothing over beside a copy of itself', async () => {
  const one = await withOneBatch()
  const [log] = topicLogs(one, 'more', 1)
  const copy = join(folder(), 'copy.ottla')
  await one.saveCopy(copy)
  one.append(log!, batch(0))
  await one.committed()
  copyFileSync(`${one.file}-appends`, `${copy}-appends`)
  const two = workspace({ file: copy })
  expect([logOf(two, 'more').logEnd, namesIn(two)]).toEqual([0, ['0+1']])
})
