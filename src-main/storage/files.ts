import { closeSync, existsSync, fdatasyncSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Writes all of `from` at a position. @throws the system's error */
export function writeAt(descriptor: number, from: Uint8Array, at: number): void {
  for (let written = 0; written < from.length; ) {
    written += writeSync(descriptor, from, written, from.length - written, at + written)
  }
}

/** Fills `into` from a position on. What lies behind the end of the file is read as zeros. @throws the system's error */
export function readAt(descriptor: number, into: Uint8Array, at: number): void {
  for (let read = 0; read < into.length; ) {
    const bytes = readSync(descriptor, into, read, into.length - read, at + read)
    if (bytes === 0) return void into.fill(0, read)
    read += bytes
  }
}

/** Makes an empty file, to be read and written; with `isSafe` it is found after a loss of power, too. @throws the system's error */
export function createFile(path: string, mode: number, isSafe: boolean): number {
  const descriptor = openSync(path, 'w+', mode)
  try {
    if (isSafe) syncFolder(path)
    return descriptor
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
}

/** Windows has no such call, and needs none. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(dirname(path), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/** What was written to the WAL of a workspace survives a loss of power; so does what it no longer holds, for SQLite waited for that. */
export async function syncWal(workspace: string): Promise<void> {
  if (!existsSync(walOf(workspace))) return
  const file = await open(walOf(workspace), 'r+')
  try {
    await file.datasync()
  } finally {
    await file.close()
  }
}

/** As `syncWal`, at once. */
export function syncWalNow(workspace: string): void {
  if (!existsSync(walOf(workspace))) return
  const descriptor = openSync(walOf(workspace), 'r+')
  try {
    fdatasyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

const walOf = (workspace: string) => `${workspace}-wal`
