import { Connection, type ConnectionParts } from './connection'
import { ClientError } from './failures'
import type { DialTarget } from './settings'

/** Requests that may wait long (a fetch, a JoinGroup) have connections of their own, so that they hold nothing else up. */
export type Lane = 'main' | 'fetch' | 'group'

/** Connections to nodes, one per node and lane, opened when they are needed and shared by all who ask. */
export class Connections {
  readonly #parts: ConnectionParts
  readonly #open = new Map<string, { readonly target: DialTarget; readonly connection: Promise<Connection> }>()
  #isDisposed = false

  constructor(parts: ConnectionParts) {
    this.#parts = parts
  }

  /** @throws ClientError when the node cannot be reached, or the client was disposed */
  async to(target: DialTarget, lane: Lane): Promise<Connection> {
    if (this.#isDisposed) throw disposed()
    const key = `${target.nodeId ?? `${target.host}:${target.port}`} ${lane}`
    const known = this.#open.get(key)
    if (known && known.target.host === target.host && known.target.port === target.port) {
      const connection = await known.connection
      if (connection.isOpen) return connection
      if (this.#open.get(key) !== known) return this.to(target, lane)
    } else if (known) {
      // The node has another address now.
      known.connection.then(
        (connection) => connection.dispose(),
        () => {},
      )
    }
    const opening = Connection.open(target, this.#parts)
    const entry = { target, connection: opening }
    this.#open.set(key, entry)
    try {
      const connection = await opening
      if (this.#isDisposed) {
        connection.dispose()
        throw disposed()
      }
      return connection
    } catch (error) {
      if (this.#open.get(key) === entry) this.#open.delete(key)
      throw error
    }
  }

  dispose(): void {
    this.#isDisposed = true
    for (const { connection } of this.#open.values()) {
      connection.then(
        (opened) => opened.dispose(),
        // Whoever asked for it was told why.
        () => {},
      )
    }
    this.#open.clear()
  }
}

function disposed(): ClientError {
  return new ClientError('disposed', 'The client was closed.')
}
