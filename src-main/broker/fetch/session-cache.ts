import { FetchSession } from './session'

/** A session that was used within this time is not evicted (KafkaBroker.MIN_INCREMENTAL_FETCH_SESSION_EVICTION_MS; no config sets it). */
const evictionMs = 120_000

/** All fetch sessions of the broker, least recently used first (org.apache.kafka.server.FetchSessionCache). */
export class FetchSessions {
  readonly #sessions = new Map<number, FetchSession>()
  readonly #slots: number
  readonly #randomId: () => number

  /** `slots` is `max.incremental.fetch.session.cache.slots`; `randomId` gives positive 31-bit integers. */
  constructor(slots: number, randomId: () => number) {
    this.#slots = slots
    this.#randomId = randomId
  }

  get size(): number {
    return this.#sessions.size
  }

  find(id: number): FetchSession | undefined {
    return this.#sessions.get(id)
  }

  /** Marks a session as just used. */
  touch(session: FetchSession): void {
    this.#sessions.delete(session.id)
    this.#sessions.set(session.id, session)
  }

  remove(id: number): void {
    this.#sessions.delete(id)
  }

  /** A new session, or `undefined` when all slots are taken by sessions in use: the client then fetches without one. */
  create(usesTopicIds: boolean, at: number): FetchSession | undefined {
    if (this.#sessions.size >= this.#slots) {
      const oldest = this.#sessions.values().next().value
      if (!oldest || at - oldest.lastUsedAt <= evictionMs) return undefined
      this.#sessions.delete(oldest.id)
    }
    let id = this.#randomId()
    while (id === 0 || this.#sessions.has(id)) id = this.#randomId()
    const session = new FetchSession(id, usesTopicIds, at)
    this.#sessions.set(id, session)
    return session
  }
}
