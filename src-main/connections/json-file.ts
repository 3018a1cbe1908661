import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { UserError } from '../base/user-error'
import type { Check } from '../contract/check'

/** Larger than such a file ever is. */
const maxBytes = 32 * 1024 * 1024

/** The form of the files of this version. */
const version = 1

/**
 * A small JSON file of the app that only its user may read. It is replaced as a whole: a crash leaves the old or the new one. A file whose
 * content cannot be understood is kept under another name; one of a newer version, or that cannot be read at all, is left unchanged.
 */
export class JsonFile<T extends object> {
  readonly path: string
  readonly #check: Check<T>
  readonly #empty: T
  readonly #now: () => number
  /** What happened to the file, in a sentence; null when all is well. */
  #problem: string | null = null
  #isLeftUnchanged = false

  constructor(path: string, { check, empty, now }: { check: Check<T>; empty: T; now: () => number }) {
    this.path = path
    this.#check = check
    this.#empty = empty
    this.#now = now
  }

  get problem(): string | null {
    return this.#problem
  }

  /** Read each time: another process may have written. */
  read(): T {
    if (this.#isLeftUnchanged) this.#problem = null
    this.#isLeftUnchanged = false
    let text: string
    try {
      if (statSync(this.path).size > maxBytes) throw new Error(`it is larger than ${maxBytes} bytes`)
      text = readFileSync(this.path, 'utf8')
    } catch (error) {
      const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT'
      if (!isAbsent) this.#leave(`${this.path} cannot be read: ${messageOf(error)}. It is left unchanged.`)
      return this.#empty
    }
    try {
      const stored: unknown = JSON.parse(text)
      if (versionOf(stored) > version) {
        this.#leave(`${this.path} was written by a newer version of Ottla. This version does not change it.`)
        return this.#empty
      }
      return this.#check(stored, '')
    } catch (error) {
      this.#setAside(error)
      return this.#empty
    }
  }

  /** @throws UserError when it cannot be written; the old file is still there then */
  write(value: T): void {
    if (this.#isLeftUnchanged) throw new UserError(`Nothing was saved. ${this.#problem ?? ''}`)
    try {
      mkdirSync(dirname(this.path), { recursive: true })
      const text = `${JSON.stringify({ version, ...value }, null, 2)}\n`
      writeFileSync(`${this.path}.new`, text, { mode: 0o600, flush: true })
      renameSync(`${this.path}.new`, this.path)
    } catch (error) {
      throw new UserError(`${this.path} cannot be written: ${messageOf(error)}. Nothing was saved.`)
    }
  }

  #leave(problem: string): void {
    this.#isLeftUnchanged = true
    this.#problem = problem
  }

  #setAside(error: unknown): void {
    const kept = `${this.path}.unreadable-${this.#now()}`
    // A parser may quote the text, which is of no use to a reader and may be private.
    const why = `${this.path} cannot be read: ${error instanceof SyntaxError ? 'it is not JSON' : messageOf(error)}.`
    try {
      renameSync(this.path, kept)
      this.#problem = `${why} It is kept as ${kept}, and Ottla begins with an empty one.`
    } catch (failure) {
      this.#leave(`${why} It could not be renamed (${messageOf(failure)}), so it is left unchanged.`)
    }
  }
}

function versionOf(stored: unknown): number {
  const given = typeof stored === 'object' && stored !== null && 'version' in stored ? stored.version : undefined
  return typeof given === 'number' ? given : 0
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
