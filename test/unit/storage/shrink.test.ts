import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../../src-main/base/clock'
import type { Workspace } from '../../../src-main/storage'
import { bundle } from './bundle'
import { folder, logOf, topicLogs, workspace } from './samples'
import { batch, names } from './stored-batch'

const batches = 60
const batchBytes = 300_000

/** A workspace of two logs in turns, one of which is then deleted: half of the file holds nothing. */
async function halfEmpty(file: string, isOld = false): Promise<void> {
  if (isOld) {
    const old = new Sqlite(file)
    old.pragma('page_size = 16384')
    old.exec('CREATE TABLE first (a INTEGER) STRICT')
    old.exec('DROP TABLE first')
    old.pragma('journal_mode = WAL')
    old.close()
  }
  const made = workspace({ file })
  const logs = topicLogs(made, 'orders', 2)
  for (let i = 0; i < batches; i++) {
    made.write(() => {
      for (const log of logs) made.batches.append(log, batch(i * 10, 10, { sizeBytes: batchBytes }))
    })
    await made.committed()
  }
  await made.dispose()
  const database = new Sqlite(file)
  database.prepare('DELETE FROM batches WHERE partition = (SELECT id FROM partitions WHERE number = 0)').run()
  database.close()
}

const all = Array.from({ length: batches }, (_, i) => `${i * 10}+10`)

function expectWhole(opened: Workspace): void {
  const log = logOf(opened, 'orders', 1)
  expect(names(opened.batches.read(log, 0, 2 * batches * batchBytes, false, batches * 10).batches)).toEqual(all)
}

function expectSound(file: string): void {
  const database = new Sqlite(file, { readonly: true })
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
  database.close()
}

describe('free space inside the file', () => {
  it('is given back in steps, between which others write', async () => {
    const file = join(folder(), 'half.ottla')
    await halfEmpty(file)
    const opened = workspace({ file, clock: systemClock })
    expect(opened.shrinksInSteps).toBe(true)
    const [before, free] = [opened.fileBytes(), opened.freeBytes()]
    expect(free).toBeGreaterThan(0.4 * before)
    const log = logOf(opened, 'orders', 1)
    let appended = 0
    const shrunk = opened.shrink()
    expect(opened.shrink()).toBe(shrunk)
    let isOver = false
    void shrunk.then(() => {
      isOver = true
    })
    while (!isOver) {
      opened.write(() => opened.batches.append(log, batch(batches * 10 + appended++, 1, { sizeBytes: 100 })))
      await opened.committed()
    }
    expect(appended).toBeGreaterThan(3)
    expect(opened.fileBytes()).toBeLessThan(before - 0.9 * free)
    await opened.dispose()
    expectSound(file)
    expectWhole(workspace({ file }))
  })

  it('of a file from before that is given back at once, and in steps from then on', async () => {
    const file = join(folder(), 'old.ottla')
    await halfEmpty(file, true)
    const opened = workspace({ file })
    expect(opened.shrinksInSteps).toBe(false)
    const [before, free] = [opened.fileBytes(), opened.freeBytes()]
    await opened.shrink()
    expect([opened.shrinksInSteps, opened.freeBytes()]).toEqual([true, 0])
    expect(opened.fileBytes()).toBeLessThan(before - 0.9 * free)
    expectWhole(opened)
    await opened.dispose()
    expectSound(file)
  })

  describe('in a process that is killed', () => {
    let script: string
    beforeAll(async () => {
      script = await bundle('test/unit/storage/shrink-process.ts')
    }, 60_000)

    /** Starts the process on a copy of the file; resolves when it is dead. */
    async function killed(file: string, steps: number, atOnce: boolean): Promise<void> {
      const child = spawn(process.execPath, [script, file, String(steps)], { stdio: ['ignore', 'pipe', 'inherit'] })
      const exit = once(child, 'exit')
      if (atOnce) child.stdout.once('data', () => child.kill('SIGKILL'))
      else child.stdout.resume()
      expect((await exit)[1]).toBe('SIGKILL')
    }

    it.each([
      [false, 1],
      [false, 2],
      [false, 4],
      [true, 0],
    ])('loses nothing (an old file: %s, in step %i)', async (isOld, steps) => {
      const path = folder()
      const file = join(path, 'half.ottla')
      await halfEmpty(file, isOld)
      const size = statSync(file).size
      const copy = join(path, 'copy.ottla')
      copyFileSync(file, copy)
      await killed(copy, steps, steps === 0)
      const opened = workspace({ file: copy, clock: systemClock })
      expectWhole(opened)
      await opened.shrink()
      expect(opened.fileBytes()).toBeLessThan(0.6 * size)
      expectWhole(opened)
      await opened.dispose()
      expectSound(copy)
    })
  })
})
