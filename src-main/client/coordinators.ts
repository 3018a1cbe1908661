import type { Node } from './metadata'

/** A group or a transactional id, which one broker looks after. */
export interface Coordinator {
  readonly keyType: 'group' | 'transaction'
  readonly key: string
}

/** Coordinators that are remembered; the oldest are forgotten first. */
const maxKnown = 10_000

export function coordinatorName({ keyType, key }: Coordinator): string {
  return keyType === 'group' ? `group ${key}` : `transactional id ${key}`
}

/** The coordinators that brokers have named. */
export class Coordinators {
  readonly #known = new Map<string, Node>()

  of({ keyType, key }: Coordinator): Node | undefined {
    return this.#known.get(`${keyType} ${key}`)
  }

  take({ keyType, key }: Coordinator, node: Node): Node {
    this.#known.set(`${keyType} ${key}`, node)
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= maxKnown) break
      this.#known.delete(oldest)
    }
    return node
  }

  forget(): void {
    this.#known.clear()
  }
}
