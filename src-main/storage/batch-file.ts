import { closeSync, ftruncateSync, openSync, rmSync, statSync } from 'node:fs'
import { hold, letGo, own } from '../base/held-bytes'
import { WorkspaceError } from './failures'
import { createFile, readAt, syncWal, syncWalNow, writeAt } from './files'

/** The file with the bytes of large batches. */
export function batchFileOf(workspace: string): string {
  return `${workspace}-batches`
}

/** `FILE-batches`: bytes by their positions (`large-batches.ts` knows whose they are). They are not brought to the disk: the system does that in its time. */
export class BatchFile {
  readonly path: string
  readonly #workspace: string
  /** It goes with the process: nothing waits for the disk. */
  readonly #isTemporary: boolean
  #descriptor: number | undefined

  constructor(workspace: string, isTemporary: boolean) {
    this.path = batchFileOf(workspace)
    this.#workspace = workspace
    this.#isTemporary = isTemporary
  }

  /** Opens the one of a process that died. @throws WorkspaceError when there is none, or it cannot be opened */
  openAgain(): void {
    try {
      this.#descriptor = openSync(this.path, 'r+')
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      const cannot = `${this.#workspace} cannot be opened, because ${this.path}`
      throw new WorkspaceError(
        code === 'ENOENT'
          ? `${cannot} is missing. It holds large batches that are not in the workspace yet: put it back, or make an empty file of that name to open the workspace without them.`
          : `${cannot} cannot be read: ${message}.`,
      )
    }
  }

  /** @throws the system's error */
  write(bytes: Buffer, at: number): void {
    this.#descriptor ??= this.#create()
    writeAt(this.#descriptor, bytes, at)
  }

  /** What lies behind the end of the file is read as zeros. @throws the system's error */
  read(at: number, sizeBytes: number): Buffer {
    const bytes = Buffer.allocUnsafeSlow(sizeBytes)
    own(bytes)
    readAt(this.#descriptor as number, bytes, at)
    return bytes
  }

  /** As `read`, for a moment: the memory is given back. */
  use<T>(at: number, sizeBytes: number, use: (bytes: Buffer) => T): T {
    const bytes = this.read(at, sizeBytes)
    hold(bytes)
    try {
      return use(bytes)
    } finally {
      letGo(bytes)
    }
  }

  /** Resolves when what was committed so far is on the disk. @throws the system's error */
  async committedIsSafe(): Promise<void> {
    if (!this.#isTemporary) await syncWal(this.#workspace)
  }

  /** @throws the system's error */
  cut(end: number): void {
    if (this.#descriptor !== undefined) ftruncateSync(this.#descriptor, end)
  }

  /** All rows have their bytes: the file goes. @throws the system's error */
  remove(): void {
    const isThere = this.#descriptor !== undefined
    this.close()
    if (isThere && !this.#isTemporary) syncWalNow(this.#workspace)
    rmSync(this.path, { force: true })
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
    this.#descriptor = undefined
  }

  #create(): number {
    return createFile(this.path, statSync(this.#workspace).mode & 0o777, !this.#isTemporary)
  }
}
