import { keyOf } from '../../base/topic-partition'

/** What a fetch asks of one partition. */
export interface FetchPartition {
  /** The name that the topic had when the session learned of it; empty for a topic id that no topic has. */
  readonly topic: string
  readonly topicId: string
  readonly partition: number
  readonly currentLeaderEpoch: number
  readonly fetchOffset: number
  readonly lastFetchedEpoch: number
  readonly logStartOffset: number
  readonly maxBytes: number
}

/** The part of an answer that a session remembers. */
export interface FetchedFacts {
  readonly failed: boolean
  readonly recordBytes: number
  readonly highWatermark: number
  readonly logStartOffset: number
  readonly diverging: boolean
}

interface CachedPartition {
  request: FetchPartition
  highWatermark: number
  logStartOffset: number
}

/**
 * One incremental fetch session (KIP-227, org.apache.kafka.server.FetchSession): the partitions that a consumer reads, so
 * that it sends only what changed and gets only what changed.
 */
export class FetchSession {
  readonly id: number
  readonly usesTopicIds: boolean
  /** The epoch that the next request must carry. */
  epoch = 1
  lastUsedAt: number
  /** In the order in which they are answered: those that gave records move to the end, so that none starves. */
  readonly #partitions = new Map<string, CachedPartition>()

  constructor(id: number, usesTopicIds: boolean, at: number) {
    this.id = id
    this.usesTopicIds = usesTopicIds
    this.lastUsedAt = at
  }

  get size(): number {
    return this.#partitions.size
  }

  /** Adds and changes partitions, then drops `forgotten`. */
  update(
    wanted: readonly FetchPartition[],
    forgotten: readonly { topic: string; topicId: string; partition: number }[],
  ): void {
    for (const request of wanted) {
      const cached = this.#partitions.get(this.#key(request))
      // The name stays with which the partition was added (CachedPartition): a topic that is gone is still known by it.
      if (cached) cached.request = { ...request, topic: cached.request.topic || request.topic }
      else this.#partitions.set(this.#key(request), { request, highWatermark: -1, logStartOffset: -1 })
    }
    for (const partition of forgotten) this.#partitions.delete(this.#key(partition))
  }

  /** A topic that was not there yet gets its name when it is (CachedPartition.maybeResolveUnknownName). */
  wanted(nameOf: (topicId: string) => string | undefined): FetchPartition[] {
    return [...this.#partitions.values()].map((cached) => {
      const name = cached.request.topic || !this.usesTopicIds ? undefined : nameOf(cached.request.topicId)
      if (name !== undefined) cached.request = { ...cached.request, topic: name }
      return cached.request
    })
  }

  /**
   * Whether this partition must be in the answer (CachedPartition.maybeUpdateResponseData): it has records or an error,
   * or its high watermark or log start moved since the last answer. The first answer of a session holds all.
   */
  changed(request: FetchPartition, facts: FetchedFacts): boolean {
    const key = this.#key(request)
    const cached = this.#partitions.get(key)
    if (!cached) return true
    let mustAnswer = facts.recordBytes > 0 || facts.diverging
    if (cached.highWatermark !== facts.highWatermark) mustAnswer = true
    if (cached.logStartOffset !== facts.logStartOffset) mustAnswer = true
    cached.highWatermark = facts.failed ? -1 : facts.highWatermark
    cached.logStartOffset = facts.logStartOffset
    if (facts.recordBytes > 0) {
      this.#partitions.delete(key)
      this.#partitions.set(key, cached)
    }
    return mustAnswer || facts.failed
  }

  /** After the largest int the epoch starts again at 1: 0 and -1 have meanings of their own (FetchMetadata.nextEpoch). */
  advance(at: number): void {
    this.epoch = this.epoch === 2_147_483_647 ? 1 : this.epoch + 1
    this.lastUsedAt = at
  }

  #key(of: { topic: string; topicId: string; partition: number }): string {
    return keyOf(this.usesTopicIds ? of.topicId : of.topic, of.partition)
  }
}
