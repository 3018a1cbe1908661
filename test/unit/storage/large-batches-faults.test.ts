import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { ManualClock } from '../../../src-main/base/clock'
import { Workspace, WorkspaceError } from '../../../src-main/storage'
import { bundle } from './bundle'
import { killed, large, listening, namesIn, opened, rows } from './large-samples'
import { folder, logOf, workspace } from './samples'
import { batch } from './stored-batch'

afterEach(() => {
  vi.restoreAllMocks()
})

describe('after a loss of power', () => {
  it('a batch is not read as one that lay there before, of another partition with the same offset', async () => {
    const { one, file, clock, log, other, append } = opened()
    await append(log, batch(0, 1, { sizeBytes: large, text: 'of log;' }))
    const before = readFileSync(`${file}-batches`)
    clock.advance(2000)
    await append(other, batch(0, 1, { sizeBytes: large, text: 'of other;' }))
    const copy = killed(one)
    // The rows reached the disk (a checkpoint), the bytes that were written over the older ones did not.
    writeFileSync(`${copy}-batches`, before)
    const two = workspace({ file: copy })
    expect(namesIn(two)).toEqual(['of log'])
    expect(namesIn(two, logOf(two, 'orders', 1))).not.toEqual(['of log'])
  })

  it('a batch whose turn failed does not come back in the place of the one that was stored', async () => {
    const { one, file, log, append } = opened()
    await append(log, batch(0))
    one.append(log, batch(1, 1, { sizeBytes: large, text: 'failed;' }))
    expect(() =>
      one.write(() => {
        throw new Error('on purpose')
      }),
    ).toThrow('on purpose')
    await expect(one.committed()).rejects.toThrow('on purpose')
    const before = readFileSync(`${file}-batches`)
    await append(log, batch(1, 1, { sizeBytes: large, text: 'stored;' }))
    const copy = killed(one)
    writeFileSync(`${copy}-batches`, before)
    expect(namesIn(workspace({ file: copy }))).not.toContain('failed')
  })

  it('a row whose move did not reach the disk is not read as the batch that took its place', async () => {
    const { one, clock, log, other, append } = opened()
    await append(log, batch(0, 1, { sizeBytes: large, text: 'of log;' }))
    const copy = killed(one)
    clock.advance(2000)
    await append(other, batch(0, 1, { sizeBytes: large, text: 'of other;' }))
    // The WAL waits for no disk; the file was cut and written again.
    copyFileSync(`${one.file}-batches`, `${copy}-batches`)
    expect(namesIn(workspace({ file: copy }))).not.toEqual(['of other'])
  })

  it('batches of topics that are deleted are not told as lost', async () => {
    const { one, log, append } = opened()
    await append(log, batch(0, 1, { sizeBytes: large }))
    one.write(() => one.topics.remove(one.topics.list()[0]!))
    await one.committed()
    const copy = killed(one)
    writeFileSync(`${copy}-batches`, '')
    const { log: listener, lines } = listening()
    workspace({ file: copy, log: listener })
    expect(lines).toEqual([])
  })
})

describe('opening that fails', () => {
  it('when the append file cannot be read leaves nothing behind that goes on', async () => {
    const { one, log, append } = opened()
    await append(log, batch(0))
    await append(log, batch(1, 1, { sizeBytes: large }))
    const copy = killed(one)
    rmSync(`${copy}-appends`)
    mkdirSync(`${copy}-appends`)
    const { log: listener, lines } = listening()
    const clock = new ManualClock(0)
    expect(() => new Workspace({ file: copy, clock, log: listener })).toThrow(WorkspaceError)
    clock.advance(60_000)
    expect(lines).toEqual([])
  })

  it.each(['UPDATE batches SET record_count = 0', 'COMMIT'])(
    'as the disk is full (%s) is a WorkspaceError, and leaves nothing behind that goes on',
    async (failing) => {
      const { one, log, append } = opened()
      await append(log, batch(0, 1, { sizeBytes: large }), batch(1, 1, { sizeBytes: large }))
      const copy = killed(one)
      writeFileSync(`${copy}-batches`, readFileSync(`${copy}-batches`).subarray(0, large + 5000))
      const { prepare } = Sqlite.prototype
      vi.spyOn(Sqlite.prototype, 'prepare').mockImplementation(function (this: Sqlite.Database, sql: string) {
        const statement = prepare.call(this, sql)
        if (!sql.startsWith(failing)) return statement
        return {
          ...statement,
          run: () => {
            throw new Sqlite.SqliteError('database or disk is full', 'SQLITE_FULL')
          },
        }
      } as typeof prepare)
      const { log: listener, lines } = listening()
      const clock = new ManualClock(0)
      let error: unknown
      try {
        new Workspace({ file: copy, clock, log: listener })
      } catch (thrown) {
        error = thrown
      }
      await new Promise(setImmediate)
      const before = lines.length
      clock.advance(60_000)
      expect(lines.slice(before)).toEqual([])
      expect(error).toBeInstanceOf(WorkspaceError)
    },
  )
})

describe('a copy', () => {
  let checkpointThread: string

  beforeAll(async () => {
    checkpointThread = await bundle('src-main/storage/checkpoint-thread.ts')
  })

  it('by a thread is whole when a turn with a large batch is open as it begins', async () => {
    const { one, log, append } = opened({ checkpointThread })
    await append(log, batch(0))
    await one.settled()
    const path = join(folder(), 'copy.ottla')
    const copied = one.saveCopy(path)
    await append(log, batch(1, 1, { sizeBytes: large }))
    await copied
    expect(rows(path).inFile).toBe(0)
    expect(() => workspace({ file: path })).not.toThrow()
  })

  it('that is written while the workspace is closed on a full disk is refused, or whole', async () => {
    const { one, log, append } = opened()
    await append(log, batch(0, 1, { sizeBytes: 9_000_000 }))
    await one.settled()
    one.limitFile(16_384)
    const path = join(folder(), 'copy.ottla')
    const copied = one.saveCopy(path).then(
      () => 'written',
      () => 'refused',
    )
    const disposed = one.dispose()
    const outcome = await copied
    await disposed
    if (outcome === 'written') expect(rows(path).inFile).toBe(0)
  })

  it('two at once are both whole', async () => {
    const { one, log, append } = opened({ checkpointThread })
    await append(log, batch(0, 1, { sizeBytes: large }), batch(1, 1, { sizeBytes: 9_000_000 }))
    const paths = [join(folder(), 'a.ottla'), join(folder(), 'b.ottla')]
    const copies = paths.map((path) => one.saveCopy(path))
    for (let n = 2; n < 12; n++) await append(log, batch(n, 1, { sizeBytes: large }))
    await Promise.all(copies)
    for (const path of paths) expect(rows(path).inFile).toBe(0)
    await append(log, batch(12, 1, { sizeBytes: large }))
    expect(rows(one.file).inFile).toBe(1)
  })
})
