import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import Sqlite from 'better-sqlite3'
import { beforeAll, describe, expect, it } from 'vitest'
import { createLog, type LogEntry } from '../../../src-main/base/log'
import type { LogFacts, Workspace } from '../../../src-main/storage'
import { bundle } from './bundle'
import { batch, folder, logOf, names, topicLogs, workspace } from './samples'

const megabyte = 1024 * 1024
let checkpointThread: string
let writerProcess: string

beforeAll(async () => {
  checkpointThread = await bundle('src-main/storage/checkpoint-thread.ts')
  writerProcess = await bundle('test/unit/storage/writer-process.ts')
}, 30_000)

async function append(to: Workspace, log: LogFacts, turns: number): Promise<number> {
  let walBytes = 0
  for (let turn = 0; turn < turns; turn++) {
    to.write(() => to.batches.append(log, batch(log.logEnd, 1, { sizeBytes: megabyte })))
    await to.committed()
    walBytes = Math.max(walBytes, statSync(`${to.file}-wal`).size)
  }
  return walBytes
}

describe('the WAL', () => {
  it.each([
    ['by a thread', true],
    ['by the writer', false],
  ])(
    'is folded in %s, and bounded while a reader comes and goes',
    async (_, byThread) => {
      const file = join(folder(), 'bounded.ottla')
      const entries: LogEntry[] = []
      const log = createLog(
        'storage',
        'info',
        (entry) => entries.push(entry),
        () => 0,
      )
      const one = workspace({ file, log, ...(byThread ? { checkpointThread } : {}) })
      const [orders] = topicLogs(one, 'orders', 1)
      await one.committed()
      const reader = new Sqlite(file, { readonly: true })
      let walBytes = 0
      for (let round = 0; round < 10; round++) {
        reader.prepare('SELECT sum(size_bytes) FROM batches').get()
        walBytes = Math.max(walBytes, await append(one, orders!, 60))
      }
      reader.close()
      expect(walBytes).toBeLessThan(450 * megabyte)
      expect(statSync(file).size).toBeGreaterThan(300 * megabyte)
      await one.dispose()
      expect(readdirSync(dirname(file))).toEqual(['bounded.ottla'])
      expect(entries).toEqual([])
    },
    60_000,
  )

  it('that a long reader holds is folded in when that one has ended', async () => {
    const file = join(folder(), 'held.ottla')
    const one = workspace({ file, checkpointThread })
    const [orders] = topicLogs(one, 'orders', 1)
    await one.committed()
    const reader = new Sqlite(file, { readonly: true })
    reader.exec('BEGIN')
    reader.prepare('SELECT count(*) FROM batches').get()
    expect(await append(one, orders!, 150)).toBeGreaterThan(149 * megabyte)
    expect(reader.prepare('SELECT count(*) FROM batches').pluck().get()).toBe(0)
    reader.exec('COMMIT')
    reader.close()
    expect(await append(one, orders!, 400)).toBeLessThan(600 * megabyte)
    expect(statSync(file).size).toBeGreaterThan(150 * megabyte)
  }, 60_000)

  it('is the concern of the writer when the thread cannot be started', async () => {
    const entries: LogEntry[] = []
    const log = createLog(
      'storage',
      'info',
      (entry) => entries.push(entry),
      () => 0,
    )
    const file = join(folder(), 'alone.ottla')
    const one = workspace({ file, log, checkpointThread: join(dirname(file), 'missing.js') })
    const [orders] = topicLogs(one, 'orders', 1)
    await one.committed()
    await append(one, orders!, 700)
    expect(statSync(file).size).toBeGreaterThan(64 * megabyte)
    expect(entries.map((entry) => entry.text)).toEqual([
      expect.stringMatching(/^The WAL cannot be folded .*missing\.js/),
    ])
  }, 60_000)
})

describe('a copy by a thread', () => {
  it('is written while batches are appended, and its failure is told in a sentence', async () => {
    const path = folder()
    const one = workspace({ file: join(path, 'one.ottla'), checkpointThread })
    const [orders] = topicLogs(one, 'orders', 1)
    await one.committed()
    await append(one, orders!, 20)
    const copied = one.saveCopy(join(path, 'copy.ottla'))
    await append(one, orders!, 20)
    await copied
    const copy = workspace({ file: join(path, 'copy.ottla') })
    expect(logOf(copy, 'orders').logEnd).toBeGreaterThanOrEqual(20)
    await expect(one.saveCopy(join(path, 'nowhere/copy.ottla'))).rejects.toThrow(/^The folder .* does not exist/)
  }, 60_000)
})

describe('kill -9', () => {
  it('loses nothing that was acknowledged, and leaves no half batch', async () => {
    const file = join(folder(), 'killed.ottla')
    for (let round = 0; round < 3; round++) {
      const child = spawn(process.execPath, [writerProcess, file, checkpointThread], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let acknowledged = 0
      let lines = 0
      for await (const line of createInterface(child.stdout)) {
        acknowledged = Number(line)
        if (++lines === 300) child.kill('SIGKILL')
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      expect(child.signalCode).toBe('SIGKILL')
      const one = workspace({ file })
      const log = logOf(one, 'orders')
      expect(log.logEnd).toBeGreaterThanOrEqual(acknowledged)
      expect(log.logEnd % 50).toBe(0)
      const { batches } = one.batches.read(log, 0, Number.MAX_SAFE_INTEGER, true, log.logEnd)
      expect(names(batches)).toEqual(Array.from({ length: log.logEnd / 10 }, (_, i) => `${i * 10}`))
      expect(batches.every((bytes) => bytes.byteLength === 20_000)).toBe(true)
      await one.dispose()
    }
  }, 60_000)
})
