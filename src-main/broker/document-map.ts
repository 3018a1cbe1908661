import type { Workspace } from '../storage'
import type { Commits, Uncommitted } from './commits'

/** Where a `DocumentMap` lies, and how its values are written. */
export interface DocumentMapOptions<T> {
  readonly workspace: Pick<Workspace, 'documents' | 'write'>
  readonly commits: Commits
  /** The documents of this kind; no two maps have the same. */
  readonly kind: string
  /** JSON unless given: for values with `bigint` or `Map` in them, and for those of older workspaces. */
  readonly codec?: { readonly encode: (value: T) => string; readonly decode: (text: string) => T }
  /** Called after the map went back to what is stored, because a group commit failed. */
  readonly rolledBack?: () => void
}

/**
 * A map that is kept in the workspace. A change is written in the turn's group commit and seen at once; when the commit fails, the map
 * goes back to what is stored. Whoever answers a client or a page waits for `commits.settled` before saying that something is saved.
 * Values are replaced, never changed in place.
 */
export class DocumentMap<T> implements Uncommitted {
  readonly #options: DocumentMapOptions<T>
  readonly #codec: NonNullable<DocumentMapOptions<T>['codec']>
  readonly #values = new Map<string, T>()

  constructor(options: DocumentMapOptions<T>) {
    this.#options = options
    this.#codec = options.codec ?? { encode: (value) => JSON.stringify(value), decode: (text) => JSON.parse(text) as T }
    this.#load()
  }

  get size(): number {
    return this.#values.size
  }

  get(key: string): T | undefined {
    return this.#values.get(key)
  }

  has(key: string): boolean {
    return this.#values.has(key)
  }

  keys(): IterableIterator<string> {
    return this.#values.keys()
  }

  values(): IterableIterator<T> {
    return this.#values.values()
  }

  [Symbol.iterator](): IterableIterator<[string, T]> {
    return this.#values.entries()
  }

  /** @throws StorageFailure, and then nothing is changed */
  set(key: string, value: T): void {
    this.#write(key, this.#codec.encode(value))
    this.#values.set(key, value)
  }

  /** @throws StorageFailure, and then nothing is changed */
  delete(key: string): void {
    if (!this.#values.has(key)) return
    this.#write(key, null)
    this.#values.delete(key)
  }

  committed(): void {}

  rolledBack(): void {
    this.#load()
    this.#options.rolledBack?.()
  }

  #write(key: string, text: string | null): void {
    const { workspace, commits, kind } = this.#options
    workspace.write(() => workspace.documents.set(kind, key, text))
    commits.touch(this)
  }

  #load(): void {
    this.#values.clear()
    const { workspace, kind } = this.#options
    for (const { key, value } of workspace.documents.list(kind)) this.#values.set(key, this.#codec.decode(value))
  }
}
