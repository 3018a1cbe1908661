import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { WindowState } from './window-bounds'

/** State of the app on this machine that is kept between starts and does not belong to a workspace. */
export interface Remembered {
  /** Newest first. */
  readonly recentFiles: readonly string[]
  /** By workspace: its file, or `:memory:`. */
  readonly windows: Readonly<Record<string, WindowState>>
  /** The view that was open, by workspace. */
  readonly views: Readonly<Record<string, string>>
  /** Files of the workspaces that are open, or were when the app ended. */
  readonly open: readonly string[]
  /** Ids of the connections that had a window when the app was quit. */
  readonly openConnections: readonly string[]
  /** What closing the last window does; null until the user has answered once. */
  readonly onClose: 'tray' | 'quit' | null
}

const nothing: Remembered = { recentFiles: [], windows: {}, views: {}, open: [], openConnections: [], onClose: null }

const recentFilesKept = 10

/** The list with `file` in front, once. */
export function withRecentFile(recentFiles: readonly string[], file: string): string[] {
  return [file, ...recentFiles.filter((other) => other !== file)].slice(0, recentFilesKept)
}

/** A small JSON file that is replaced as a whole: a crash leaves the old or the new one. */
export class Memory {
  readonly #file: string
  readonly #onFault: (text: string) => void
  #value: Remembered

  constructor(file: string, onFault: (text: string) => void) {
    this.#file = file
    this.#onFault = onFault
    this.#value = this.#read()
  }

  get value(): Remembered {
    return this.#value
  }

  /** Changes some values and writes the file. */
  update(change: Partial<Remembered>): void {
    this.#value = { ...this.#value, ...change }
    try {
      mkdirSync(dirname(this.#file), { recursive: true })
      writeFileSync(`${this.#file}.new`, JSON.stringify(this.#value, null, 2))
      renameSync(`${this.#file}.new`, this.#file)
    } catch (error) {
      this.#onFault(`the state of the windows cannot be written to ${this.#file}: ${(error as Error).message}`)
    }
  }

  #read(): Remembered {
    try {
      const stored: unknown = JSON.parse(readFileSync(this.#file, 'utf8'))
      return typeof stored === 'object' && stored !== null ? { ...nothing, ...stored } : nothing
    } catch (error) {
      const absent = (error as NodeJS.ErrnoException).code === 'ENOENT'
      if (!absent) this.#onFault(`${this.#file} is unreadable and is replaced: ${(error as Error).message}`)
      return nothing
    }
  }
}
