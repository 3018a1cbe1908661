import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { batchOf, start, TestBroker } from '../../support/core'
import { copyFiles } from '../../support/workspace-files'

/** What the disk does not give from now on, or it gives all. */
const disk = vi.hoisted(() => ({ fails: false }))

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>()
  const readSync = (...args: Parameters<typeof fs.readSync>): number => {
    if (disk.fails) throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO', syscall: 'read' })
    return fs.readSync(...args)
  }
  return { ...fs, readSync, default: { ...fs, readSync } }
})

/** Kafka's code of KAFKA_STORAGE_ERROR. */
const storageError = 56

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ottla-unread-'))
})
afterEach(() => {
  disk.fails = false
  rmSync(folder, { recursive: true, force: true })
})

// LocalLog.maybeHandleIOException makes a KafkaStorageException of it: a client asks again, where an unknown error ends its poll.
test('a large batch that the disk does not give is an error of the storage, until it is given', async () => {
  const text = 'x'.repeat(30_000)
  const first = new TestBroker({}, join(folder, 'first.ottla'), start)
  const producer = first.client()
  for (const topic of ['large', 'small']) await producer.create(topic, 1)
  await producer.produce('large', batchOf([text]))
  await producer.produce('small', batchOf(['value']))
  // As after the death of its process: the bytes are not in their row, and not in memory.
  copyFiles(join(folder, 'first.ottla'), join(folder, 'second.ottla'))
  await first.dispose()

  const second = new TestBroker({}, join(folder, 'second.ottla'), start)
  const client = second.client()
  disk.fails = true
  expect((await client.fetch('large', 0)).errorCode).toBe(storageError)
  expect((await client.fetch('small', 0)).errorCode).toBe(0)
  expect(second.logged).toEqual([expect.stringContaining('Reading large-0 at 0 failed: EIO: i/o error, read')])
  disk.fails = false
  const { errorCode, records } = await client.fetch('large', 0)
  expect(errorCode).toBe(0)
  expect(Buffer.from(records!).includes(text)).toBe(true)
  await second.dispose()
})
