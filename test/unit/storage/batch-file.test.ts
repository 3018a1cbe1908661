import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { expect, it } from 'vitest'
import { ManualClock } from '../../../src-main/base/clock'
import { Workspace, WorkspaceError } from '../../../src-main/storage'
import { killed, large, listening, opened, rows } from './large-samples'
import { batch } from './stored-batch'

it('a turn that is open is stored before the bytes of others are moved', async () => {
  const { one, file, clock, append, log } = opened()
  await append(log, batch(0, 2, { sizeBytes: large }))
  const [row] = one.batches.rows(log, 0, 2, 1, 1)
  // Compaction and the mover are due in the same round of timers: the turn of the first is open when the second one looks.
  one.write(() => one.batches.rewrite(log, [{ row: row!, bytes: null }]))
  const committed = one.committed()
  clock.advance(2000)
  expect(rows(file)).toEqual({ sizes: [], inFile: 0 })
  await committed
  await expect.poll(() => statSync(`${file}-batches`).size).toBe(0)
})

function damaged(file: string) {
  const database = new Sqlite(file)
  database.exec('DROP TABLE batch_file')
  database.close()
}

it('a workspace that cannot be read is closed all the same', async () => {
  const { one, file, append, log } = opened()
  await append(log, batch(0))
  damaged(file)
  await one.dispose().catch(() => {})
  // Its lock is given back.
  const lines: unknown[] = []
  try {
    const next = new Workspace({ file, clock: new ManualClock(0), log: listening().log })
    await next.dispose().catch(() => {})
  } catch (error) {
    lines.push((error as Error).message)
  }
  expect(lines.join()).not.toMatch(/in use|open/)
})

it('a page that cannot be read fails no task of the mover', async () => {
  const { file, clock, append, log } = opened()
  await append(log, batch(0, 1, { sizeBytes: large }))
  damaged(file)
  expect(() => clock.advance(2000)).not.toThrow()
})

it('opening that fails behind lost batches leaves no timer', async () => {
  const { one, log, append } = opened()
  await append(log, batch(0))
  await append(log, batch(1, 1, { sizeBytes: large }))
  const copy = killed(one)
  rmSync(`${copy}-appends`)
  mkdirSync(`${copy}-appends`)
  writeFileSync(`${copy}-batches`, readFileSync(`${copy}-batches`).subarray(0, 100))
  const { log: listener, lines } = listening()
  const clock = new ManualClock(0)
  expect(() => new Workspace({ file: copy, clock, log: listener })).toThrow(WorkspaceError)
  const told = lines.length
  expect(clock.waiting).toBe(0)
  clock.advance(60_000)
  expect(lines.slice(told)).toEqual([])
})
