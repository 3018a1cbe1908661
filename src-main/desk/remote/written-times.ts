import type { Clock, Millis } from '../../base/clock'
import { keyOf, type TopicPartition, type TopicPartitionKey } from '../../base/topic-partition'

/** A topic may be deleted and created again under its name: then its offsets have other times. */
const maxAgeMs = 60_000
const maxPlaces = 5000
/** Groups that read one partition and are told apart. */
const maxOffsets = 10

interface Known {
  readonly offset: number
  readonly until: Millis
  readonly answer: Promise<number | null>
}

/**
 * When the records at the offsets that groups stand at were written. What is written once does not change, so a group that does not move is
 * looked up once a minute, and all pages that show it share the answer: each look-up costs a fetch.
 */
export class WrittenTimes {
  readonly #clock: Clock
  readonly #ask: (place: TopicPartition, offset: number) => Promise<number | null>
  /** For each partition the offsets that were asked for last: several groups stand at different ones. */
  readonly #known = new Map<TopicPartitionKey, readonly Known[]>()

  /** @param ask time of the record at an offset, in ms since the epoch; `null` when it has none */
  constructor(clock: Clock, ask: (place: TopicPartition, offset: number) => Promise<number | null>) {
    this.#clock = clock
    this.#ask = ask
  }

  at({ topic, partition }: TopicPartition, offset: number): Promise<number | null> {
    const now = this.#clock.now()
    const key = keyOf(topic, partition)
    const fresh = (this.#known.get(key) ?? []).filter(({ until }) => now < until)
    const found = fresh.find((one) => one.offset === offset)
    if (found) return found.answer
    const known: Known = { offset, until: now + maxAgeMs, answer: this.#ask({ topic, partition }, offset) }
    if (this.#known.size >= maxPlaces) this.#known.clear()
    this.#known.set(key, [known, ...fresh.slice(0, maxOffsets - 1)])
    // Whoever waits for it learns why; a failure is not kept.
    known.answer.catch(() => this.#known.delete(key))
    return known.answer
  }
}
