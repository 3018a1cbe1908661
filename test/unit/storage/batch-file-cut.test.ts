import { statSync } from 'node:fs'
import { expect, it, vi } from 'vitest'
import { large, listening, namesIn, opened } from './large-samples'
import { batch } from './stored-batch'

/** Who waits for the disk, until it is told how that ends. */
const disk = vi.hoisted(() => ({ waiting: [] as { resolve(): void; reject(error: Error): void }[] }))

vi.mock('node:fs/promises', async (original) => {
  const fs = await original<typeof import('node:fs/promises')>()
  const open = async () => ({
    datasync: () => new Promise<void>((resolve, reject) => disk.waiting.push({ resolve, reject })),
    close: async () => {},
  })
  return { ...fs, open, default: { ...fs, open } }
})

async function moved() {
  const { log: listener, lines } = listening()
  const { one, file, clock, log, append: add } = opened({ log: listener })
  const append = (base: number) => add(log, batch(base, 1, { sizeBytes: large }))
  await append(0)
  clock.advance(2000)
  await vi.waitFor(() => expect(disk.waiting).toHaveLength(1))
  const bytes = () => statSync(`${file}-batches`).size
  const read = () => namesIn(one, log)
  return { clock, lines, append, bytes, read, waiting: disk.waiting.pop()! }
}

it('the file is cut when the disk has the rows that its bytes were moved to, and not before', async () => {
  const { clock, append, bytes, read, waiting } = await moved()
  clock.advance(10_000)
  expect([bytes(), disk.waiting.length]).toEqual([large, 0])
  // What comes meanwhile lies behind it, and is moved the next time.
  await append(1)
  waiting.resolve()
  await new Promise(setImmediate)
  expect(bytes()).toBe(2 * large)
  clock.advance(2000)
  await vi.waitFor(() => expect(disk.waiting).toHaveLength(1))
  disk.waiting.pop()!.resolve()
  await vi.waitFor(() => expect(bytes()).toBe(0))
  await append(2)
  expect(bytes()).toBe(large)
  expect(read()).toEqual(['0+1', '1+1', '2+1'])
})

it('the file is as long as before where the disk fails, which is told once, and it is tried again', async () => {
  const { clock, lines, bytes, waiting } = await moved()
  waiting.reject(new Error('EIO: i/o error, fdatasync'))
  await vi.waitFor(() => expect(lines).toHaveLength(1))
  expect(lines[0]).toMatch(
    /one\.ottla-batches cannot be cut, so it is longer than it need be: EIO: i\/o error, fdatasync\.$/,
  )
  for (let round = 0; round < 2; round++) {
    clock.advance(2000)
    await vi.waitFor(() => expect(disk.waiting).toHaveLength(1))
    const next = disk.waiting.pop()!
    if (round === 0) next.reject(new Error('EIO: i/o error, fdatasync'))
    else next.resolve()
    await new Promise(setImmediate)
  }
  await vi.waitFor(() => expect(bytes()).toBe(0))
  expect(lines).toHaveLength(1)
})
