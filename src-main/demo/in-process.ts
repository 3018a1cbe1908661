import type { Duplex } from 'node:stream'
import type { Dial } from '../client/dial'

/** Connections that are remembered after they ended: what is said of them comes a moment later. */
const maxKnown = 1000

/** Connects the demo's clients to the broker in this process, whatever listeners that has, and knows which connections are theirs. */
export class InProcess {
  readonly #open: () => { readonly id: number; readonly stream: Duplex }
  readonly #ids = new Set<number>()

  constructor(open: () => { readonly id: number; readonly stream: Duplex }) {
    this.#open = open
  }

  readonly dial: Dial = async () => {
    const { id, stream } = this.#open()
    this.#ids.add(id)
    for (const oldest of this.#ids) {
      if (this.#ids.size <= maxKnown) break
      this.#ids.delete(oldest)
    }
    return stream
  }

  owns(connectionId: number): boolean {
    return this.#ids.has(connectionId)
  }
}
