import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { beforeAll, describe, expect, it } from 'vitest'
import type { LogFacts, Workspace } from '../../../src-main/storage'
import { bundle } from './bundle'
import { folder, logOf, topicLogs, workspace } from './samples'
import { batch, names } from './stored-batch'

const megabyte = 1024 * 1024
let checkpointThread: string
let writerProcess: string

beforeAll(async () => {
  checkpointThread = await bundle('src-main/storage/checkpoint-thread.ts')
  writerProcess = await bundle('test/unit/storage/writer-process.ts')
})

async function append(to: Workspace, log: LogFacts, turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    to.write(() => to.batches.append(log, batch(log.logEnd, 1, { sizeBytes: megabyte })))
    await to.committed()
  }
}

describe('the WAL of a workspace', () => {
  it('is checkpointed while it is open, and gone when it is closed', async () => {
    const file = join(folder(), 'open.ottla')
    // Rows have the bytes of large batches at once.
    const one = workspace({ file, survivesPowerLoss: () => true })
    const [orders] = topicLogs(one, 'orders', 1)
    await one.committed()
    await append(one, orders!, 16)
    expect(statSync(file).size).toBeGreaterThan(8 * megabyte)
    await one.dispose()
    expect(readdirSync(dirname(file))).toEqual(['open.ottla'])
  })
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
  })
})

describe('a copy of runs that grow', () => {
  it('is of one moment: each log of it ends where a turn ended, and goes on from there', async () => {
    const path = folder()
    const one = workspace({ file: join(path, 'one.ottla'), checkpointThread })
    const logs = topicLogs(one, 'orders', 3)
    await one.committed()
    const turn = async () => {
      for (const log of logs) one.append(log, batch(log.logEnd, 1, { producerId: BigInt(log.logEnd % 3) }))
      await one.committed()
    }
    for (let i = 0; i < 200; i++) await turn()
    let isCopied = false
    const copied = one.saveCopy(join(path, 'copy.ottla')).finally(() => {
      isCopied = true
    })
    while (!isCopied) await turn()
    await copied
    const copy = workspace({ file: join(path, 'copy.ottla') })
    const ends = logs.map((_, number) => logOf(copy, 'orders', number))
    const { logEnd } = ends[0]!
    expect(logEnd).toBeGreaterThanOrEqual(200)
    for (const log of ends) {
      expect(log).toMatchObject({ logEnd, sizeBytes: 100 * logEnd })
      copy.append(log, batch(logEnd, 1, { producerId: 7n }))
      await copy.committed()
      const { batches } = copy.batches.read(log, 0, Number.MAX_SAFE_INTEGER, true, log.logEnd)
      expect(names(batches)).toEqual(Array.from({ length: logEnd + 1 }, (_, base) => `${base}+1`))
      expect(copy.batches.producers(log)).toEqual([0n, 1n, 2n, 7n])
    }
  })
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
      expect(names(batches)).toEqual(Array.from({ length: log.logEnd / 10 }, (_, i) => `${i * 10}+10`))
      expect(log.sizeBytes).toBe((log.logEnd / 50) * 22_000)
      await one.dispose()
    }
  })
})
