import { writeFileSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { afterEach, expect, it, vi } from 'vitest'
import { MovingBytes } from '../../../src-main/storage/moving-bytes'
import type { FoundRun } from '../../../src-main/storage/stored-runs'
import { large, opened } from './large-samples'
import { afterwards } from './samples'
import { batch, names } from './stored-batch'

/** What the writer does between the look of a reader and its read. */
const between = vi.hoisted(() => ({ run: () => {} }))

vi.mock('../../../src-main/storage/files', async (original) => {
  const files = await original<typeof import('../../../src-main/storage/files')>()
  const readAt: typeof files.readAt = (...given) => {
    between.run()
    files.readAt(...given)
  }
  return { ...files, readAt }
})

afterEach(() => {
  between.run = () => {}
})

/** A large batch of a log in the file, and a connection that does what the writer does. */
async function found() {
  const { file, log, append } = opened()
  const { bytes } = batch(0, 1, { sizeBytes: large })
  await append(log, batch(0, 1, { sizeBytes: large }))
  const writer = new Sqlite(file)
  afterwards(() => void writer.close())
  const moving = new MovingBytes(file)
  afterwards(() => moving.dispose())
  const row: FoundRun = { id: 1, lastOffset: 0, sizeBytes: large, bytes: null }
  const overwrite = () => writeFileSync(`${file}-batches`, Buffer.alloc(large, 'other'))
  return { writer, bytes, overwrite, read: (partition = log.id) => moving.of(partition, row) }
}

it('bytes that stay where they are are read from the file', async () => {
  const { read } = await found()
  expect(names([read()!])).toEqual(['0+1'])
})

it('bytes that move into their row while they are read, and others that are written to their place', async () => {
  const { writer, bytes, overwrite, read } = await found()
  between.run = () => {
    writer.prepare('UPDATE batches SET bytes = ? WHERE id = 1').run(bytes)
    overwrite()
  }
  expect(names([read()!])).toEqual(['0+1'])
})

it('a row that goes while it is read is none, also where its id has another batch at the same place', async () => {
  const { writer, overwrite, read } = await found()
  between.run = () => {
    between.run = () => {}
    writer.exec('UPDATE batches SET partition = 2 WHERE id = 1')
    overwrite()
  }
  expect(read()).toBeUndefined()
  expect(read(2)).toEqual(Buffer.alloc(large, 'other'))
})

it('a file that cannot be read fails where the bytes are still in it', async () => {
  const { read } = await found()
  between.run = () => {
    throw new Error('EIO: i/o error, read')
  }
  expect(read).toThrow('EIO: i/o error, read')
})
