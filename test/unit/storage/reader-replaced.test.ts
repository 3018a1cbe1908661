import { renameSync } from 'node:fs'
import { expect, it, vi } from 'vitest'
import { WorkspaceReader } from '../../../src-main/storage'
import { MovingBytes } from '../../../src-main/storage/moving-bytes'
import { large, opened } from './large-samples'
import { batch } from './stored-batch'

it('a reader ends where another file took the place of the workspace', async () => {
  const { file, append, log } = opened()
  await append(log, batch(0, 1, { sizeBytes: large }))
  const other = opened()
  const reader = new WorkspaceReader(file)
  for (const part of ['', '-wal', '-shm', '-batches']) renameSync(`${file}${part}`, `${file}-old${part}`)
  for (const part of ['', '-wal', '-shm']) renameSync(`${other.file}${part}`, `${file}${part}`)
  const { of } = MovingBytes.prototype
  let asked = 0
  vi.spyOn(MovingBytes.prototype, 'of').mockImplementation(function (this: MovingBytes, ...given) {
    if (++asked > 1000) throw new Error('this never ends')
    return of.apply(this, given)
  })
  const range = { from: 0, before: 10, maxBytes: 1e9 }
  let message = ''
  try {
    reader.batches(reader.partition('orders', 0)!, range)
  } catch (error) {
    message = (error as Error).message
  }
  expect(message).not.toBe('this never ends')
})
