import { readdirSync, readlinkSync } from 'node:fs'
import { expect, it, vi } from 'vitest'
import { large, opened } from './large-samples'
import { batch } from './stored-batch'

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>()
  // A folder in which files may be made, but which may not be read (mode 0300).
  const fsyncSync = () => {
    throw new Error('EACCES: permission denied')
  }
  return { ...fs, fsyncSync, default: { ...fs, fsyncSync } }
})

it.runIf(process.platform === 'linux')('a batch file that cannot be made leaves no descriptor', async () => {
  const { append, log } = opened()
  for (let base = 0; base < 5; base++) await append(log, batch(base, 1, { sizeBytes: large }))
  const open = readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).endsWith('-batches')
    } catch {
      return false
    }
  })
  expect(open).toHaveLength(0)
})
