import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { copyFiles } from '../../support/workspace-files'
import { folder, logOf, topicLogs, workspace } from './samples'
import { batch, names } from './stored-batch'

/** The next wait for the disk fails, or none does. */
const disk = vi.hoisted(() => ({ fails: false }))

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>()
  const fdatasyncSync = (descriptor: number): void => {
    if (disk.fails) throw Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' })
    fs.fdatasyncSync(descriptor)
  }
  return { ...fs, fdatasyncSync, default: { ...fs, fdatasyncSync } }
})

it('a record that arrived, but whose turn failed as the disk did, does not come back', async () => {
  const file = join(folder(), 'one.ottla')
  const one = workspace({ file, survivesPowerLoss: () => true })
  const [orders, more] = topicLogs(one, 'orders', 2)
  one.append(orders!, batch(0))
  await one.committed()
  disk.fails = true
  for (const [log, base] of [
    [orders!, 1],
    [more!, 0],
  ] as const)
    one.append(log, batch(base, 1, { text: 'failed;' }))
  await expect(one.committed()).rejects.toThrow('EIO: i/o error, fdatasync')
  disk.fails = false
  // It needs no record: what failed lies behind the newest one still.
  one.append(orders!, batch(1, 1, { sizeBytes: 20_000 }))
  await one.committed()
  const copy = join(folder(), 'killed.ottla')
  copyFiles(file, copy)
  const two = workspace({ file: copy })
  const found = [0, 1].map((number) => {
    const log = logOf(two, 'orders', number)
    return names(two.batches.read(log, 0, 1e6, true, log.logEnd).batches)
  })
  expect(found).toEqual([['0+1', '1+1'], []])
})
