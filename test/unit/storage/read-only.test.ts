import { accessSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { beforeEach, expect, it, vi } from 'vitest'
import { WorkspaceError } from '../../../src-main/storage'
import { migrate, newestFormat } from '../../../src-main/storage/migrations'
import { folder, workspace } from './samples'

// What may be written is asked of the system, which lets the superuser write everything.
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>()
  return { ...fs, accessSync: vi.fn(fs.accessSync) }
})

let path: string
beforeEach(() => {
  path = folder()
})

const isReadOnly = (one: string) =>
  vi.mocked(accessSync).mockImplementation((asked) => {
    if (asked === one) throw new Error(`EROFS: read-only file system, access '${one}'`)
  })

/** A workspace as its first version made it, or an empty one of this. */
async function made(version: number): Promise<string> {
  const file = join(path, 'one.ottla')
  if (version === newestFormat) await workspace({ file }).dispose()
  else {
    const old = new Sqlite(file)
    old.pragma('application_id = 0x4f74746c')
    migrate(old, 0, version)
    old.pragma(`user_version = ${version}`)
    old.close()
  }
  return file
}

it.each([1, 8, newestFormat])(
  'a file of format %i that cannot be written is refused, and left as it is',
  async (version) => {
    const file = await made(version)
    isReadOnly(file)
    expect(() => workspace({ file })).toThrow(
      new WorkspaceError(`${file} is read-only; open a copy of it that can be written.`),
    )
    expect(readdirSync(path)).toEqual(['one.ottla'])
  },
)

it('a file in a folder that cannot be written is refused', async () => {
  const file = await made(newestFormat)
  isReadOnly(path)
  expect(() => workspace({ file })).toThrow(`The folder ${path} is read-only, so ${file} cannot be opened`)
  expect(readdirSync(path)).toEqual(['one.ottla'])
})
