import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { UsageError } from '../options/serve'
import type { Bookmark } from './positions'
import type { Slice } from './slice'

/** State of a copy, enough for another process to continue it. */
export interface Progress {
  /** The copy that this is the progress of: clusters, topics, filters. */
  readonly of: string
  /** What is left of each partition. */
  readonly left: readonly Slice[]
  readonly bookmarks: readonly Bookmark[]
}

/** The progress in a file; undefined while there is none. @throws UsageError when it is of another copy */
export function readProgress(file: string, of: string): Progress | undefined {
  if (!existsSync(file)) return undefined
  let found: Partial<Progress> | null
  try {
    found = JSON.parse(readFileSync(file, 'utf8')) as Partial<Progress> | null
  } catch (error) {
    throw new UsageError(`--progress cannot be read: ${error instanceof Error ? error.message : String(error)}.`)
  }
  if (!Array.isArray(found?.left) || !Array.isArray(found.bookmarks)) {
    throw new UsageError(`${file} does not hold the progress of a copy.`)
  }
  if (found.of !== of) {
    throw new UsageError(`${file} is the progress of another copy: give the same flags, or another --progress file.`)
  }
  return found as Progress
}

/** Replaces the file at once: a crash leaves the old or the new progress. */
export function writeProgress(file: string, progress: Progress): void {
  writeFileSync(`${file}.new`, JSON.stringify(progress))
  renameSync(`${file}.new`, file)
}
