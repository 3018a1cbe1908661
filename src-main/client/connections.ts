import { Connection, type ConnectionParts } from './connection'
import { ClientError } from './failures'
import type { Node } from './metadata'
import { type DialTarget, nameOf } from './settings'

/**
 * Requests that may take long have connections of their own, so that they hold nothing else up, for a broker answers those of one connection in
 * turn: a fetch; a JoinGroup; and a poll, which asks about everything there is.
 */
export type Lane = 'main' | 'fetch' | 'group' | 'poll'

interface Entry {
  readonly target: DialTarget
  readonly lane: Lane
  readonly connection: Promise<Connection>
}

/** Connections to nodes, one per node and lane, opened when they are needed and shared by all who ask. */
export class Connections {
  readonly #parts: ConnectionParts
  readonly #open = new Map<string, Entry>()
  #isDisposed = false

  constructor(parts: ConnectionParts) {
    this.#parts = parts
  }

  /** @throws ClientError when the node cannot be reached, or the client was disposed */
  async to(target: DialTarget, lane: Lane): Promise<Connection> {
    if (this.#isDisposed) throw disposed()
    const key = keyOf(target, lane)
    const known = this.#open.get(key)
    if (known && known.target.host === target.host && known.target.port === target.port) {
      const connection = await known.connection
      if (connection.isOpen) return connection
      if (this.#open.get(key) !== known) return this.to(target, lane)
    } else if (known) {
      // The node has another address now.
      known.connection.then(retire, () => {})
    }
    const opening = Connection.open(target, this.#parts)
    const entry = { target, lane, connection: opening }
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

  /**
   * Gives connections to bootstrap servers to the nodes that have the same address, and retires the others: from now on the nodes
   * themselves are asked. Requests that are under way get their answers.
   */
  adopt(nodes: Iterable<Node>): void {
    const byAddress = new Map([...nodes].map((node) => [nameOf(node), node]))
    for (const [key, entry] of [...this.#open]) {
      if (entry.target.nodeId !== null) continue
      this.#open.delete(key)
      const node = byAddress.get(nameOf(entry.target))
      const own = node && keyOf({ ...entry.target, nodeId: node.id }, entry.lane)
      if (own !== undefined && !this.#open.has(own))
        this.#open.set(own, { ...entry, target: { ...entry.target, nodeId: node?.id ?? null } })
      else entry.connection.then(retire, () => {})
    }
  }

  dispose(): void {
    this.#isDisposed = true
    // Whoever asked for a connection that could not be opened was told why.
    for (const { connection } of this.#open.values()) connection.then(close, () => {})
    this.#open.clear()
  }
}

function keyOf(target: DialTarget, lane: Lane): string {
  return `${target.nodeId ?? nameOf(target)} ${lane}`
}

function close(connection: Connection): void {
  connection.dispose()
}

function retire(connection: Connection): void {
  connection.retire()
}

function disposed(): ClientError {
  return new ClientError('disposed', 'The client was closed.')
}
