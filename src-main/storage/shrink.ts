import { statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname } from 'node:path'
import type Sqlite from 'better-sqlite3'
import { WorkspaceError } from './failures'

const incremental = 2
/** Pages of one step: 4 MiB, so that no produce waits long. */
export const stepPages = 256
/** Room that is left on the disk besides. */
const spareBytes = 64 * 1024 * 1024

/** Makes the file of a new workspace one that can be shrunk in steps. Must run before its first table. */
export function allowSteps(database: Sqlite.Database): void {
  database.pragma('auto_vacuum = INCREMENTAL')
}

/** Files of earlier versions cannot be shrunk in steps, until they have been rebuilt once. */
export function shrinksInSteps(database: Sqlite.Database): boolean {
  return database.pragma('auto_vacuum', { simple: true }) === incremental
}

export function pageBytes(database: Sqlite.Database): number {
  return database.pragma('page_size', { simple: true }) as number
}

export function pages(database: Sqlite.Database): number {
  return database.pragma('page_count', { simple: true }) as number
}

export function freePages(database: Sqlite.Database): number {
  return database.pragma('freelist_count', { simple: true }) as number
}

/** Moves pages from the end of the file to free ones within the open transaction; the file is cut when the WAL is checkpointed. */
export function step(database: Sqlite.Database, pages = stepPages): void {
  database.exec(`PRAGMA incremental_vacuum(${pages})`)
}

/**
 * Writes the whole file again without its free space, as one transaction: what is interrupted changes nothing. It can be shrunk in steps
 * afterwards. SQLite writes the content to a temporary file first and then to the WAL.
 *
 * @throws WorkspaceError when the disk has no room for that
 */
export function rebuild(database: Sqlite.Database, file: string): void {
  const neededBytes = (pages(database) - freePages(database)) * pageBytes(database)
  for (const [folder, copies] of [
    [dirname(file), 2],
    [tmpdir(), 1],
  ] as const) {
    const { bavail, bsize } = statfsSync(folder)
    const missing = neededBytes * copies + spareBytes - bavail * bsize
    if (missing > 0) {
      throw new WorkspaceError(
        `The file is not shrunk: that writes it again, for which ${folder} lacks ${Math.ceil(missing / 1_000_000)} MB.`,
      )
    }
  }
  // The content may be larger than the memory of the machine.
  database.pragma('temp_store = FILE')
  try {
    allowSteps(database)
    database.exec('VACUUM')
  } finally {
    database.pragma('temp_store = MEMORY')
  }
}
