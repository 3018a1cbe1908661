import { keyOf, type TopicPartition, type TopicPartitionKey } from '../../base/topic-partition'
import type { BatchReader, BatchWindow, ScannedBatch } from '../messages/batch-reader'
import { type FetchedPart, type FetchPlace, PartitionAhead } from './partition-ahead'

/**
 * Of one partition: what the first fetch of a search asks for, and what it grows to while the search goes on. Backward a window of few offsets
 * limits the first fetch.
 */
const firstBytes = { forward: 64 * 1024, backward: 256 * 1024 }
const usualBytes = 1024 * 1024
const mostBytes = 4 * 1024 * 1024
/** Of one fetch: a broker sends no more at once. */
const answerBytes = 8 * 1024 * 1024
/** Of one search: what is read ahead, and what the fetches under way may bring. */
const budgetBytes = 24 * 1024 * 1024
/** A broker has so many fetches of a search answered before the next is sent ahead: a first page needs no more. */
const fetchesOfFirstPage = 2
/** So much is taken before it is looked whether something is to be fetched. */
const lookBytes = 512 * 1024

export interface Fetcher {
  /** The broker that a partition is fetched from, as far as it is known. */
  brokerOf(place: TopicPartition): number
  /** One request per broker. Partitions that cannot be read in this way are left out. */
  fetch(places: readonly FetchPlace[], maxBytes: number): Promise<ReadonlyMap<TopicPartitionKey, FetchedPart>>
}

type Windows = Parameters<NonNullable<BatchReader['prefetch']>>[0]

/**
 * What one search reads of a cluster. Partitions of one broker are fetched together, and all brokers at the same time; while the search looks at
 * what has come, the next fetch is under way. It is a search that asks for more: one whose page is slow fetches nothing. What cannot be fetched
 * together, e.g. the records of open transactions, is read by itself.
 */
export class ReadAhead implements BatchReader {
  readonly #alone: BatchReader
  readonly #fetcher: Fetcher
  readonly #partitions = new Map<TopicPartitionKey, PartitionAhead>()
  readonly #underWay = new Map<number, Promise<void>>()
  /** Of each broker: fetches that were answered. */
  readonly #answered = new Map<number, number>()
  #failure: unknown
  #takenBytes = 0

  constructor(alone: BatchReader, fetcher: Fetcher) {
    this.#alone = alone
    this.#fetcher = fetcher
  }

  /** @throws the failure of a fetch that the first partition needs */
  async prefetch(windows: Windows): Promise<void> {
    const [first] = windows
    if (!first) return
    const ahead = this.#aheadOf(first)
    if (ahead.isEmpty || this.#takenBytes >= lookBytes) this.#fetchMore(windows, ahead.isEmpty)
    while (ahead.isEmpty && !ahead.isAlone) {
      if (this.#failure !== undefined) throw this.#failure
      const fetch = this.#underWay.get(ahead.broker)
      if (!fetch) return
      await fetch
      if (ahead.isEmpty && this.#failure === undefined) this.#fetchMore(windows, true)
    }
  }

  async batches(place: TopicPartition, window: BatchWindow): Promise<readonly ScannedBatch[]> {
    const ahead = this.#partitions.get(keyOf(place.topic, place.partition))
    const taken = ahead?.take(window) ?? []
    for (const { batch } of taken) this.#takenBytes += batch.sizeBytes
    return taken.length > 0 || ahead?.isOver ? taken : await this.#alone.batches(place, window)
  }

  #aheadOf(window: Windows[number]): PartitionAhead {
    const key = keyOf(window.topic, window.partition)
    let ahead = this.#partitions.get(key)
    if (!ahead) {
      ahead = new PartitionAhead(
        window,
        this.#fetcher.brokerOf(window),
        firstBytes[window.backward ? 'backward' : 'forward'],
      )
      this.#partitions.set(key, ahead)
    }
    ahead.follow(window)
    return ahead
  }

  /**
   * Sends a fetch to each broker that has none under way.
   *
   * @param isNeeded nothing is left of the partition that is read next; else brokers are asked ahead alone
   */
  #fetchMore(windows: Windows, isNeeded: boolean): void {
    this.#takenBytes = 0
    const byBroker = new Map<number, PartitionAhead[]>()
    for (const window of windows) {
      const ahead = this.#aheadOf(window)
      const others = byBroker.get(ahead.broker)
      if (others) others.push(ahead)
      else byBroker.set(ahead.broker, [ahead])
    }
    // Half of an answer may be left when the next is asked for.
    const share = Math.floor(budgetBytes / byBroker.size)
    const maxBytes = Math.min(answerBytes, Math.floor(share / 1.5))
    const next = windows[0] && this.#aheadOf(windows[0]).broker
    for (const [broker, all] of byBroker) {
      if (this.#underWay.has(broker)) continue
      const held = all.reduce((sum, { bytes }) => sum + bytes, 0)
      const isAhead = (this.#answered.get(broker) ?? 0) >= fetchesOfFirstPage && held <= maxBytes / 2
      if (!isAhead && !isNeeded) continue
      const wanted = all.filter((ahead) => ahead.wantsMore && (isAhead ? ahead.bytes < ahead.room / 2 : ahead.isEmpty))
      const left = Math.min(maxBytes, share - held)
      // What is read next has room also where the others have taken it all.
      const room = broker === next ? Math.max(left, Math.min(maxBytes, usualBytes)) : left
      if (wanted.length > 0 && room > 0) this.#underWay.set(broker, this.#fetch(broker, wanted, room))
    }
  }

  async #fetch(broker: number, wanted: readonly PartitionAhead[], maxBytes: number): Promise<void> {
    try {
      const parts = await this.#fetcher.fetch(
        wanted.map((ahead) => ahead.place()),
        maxBytes,
      )
      const most = Math.min(mostBytes, Math.max(usualBytes, Math.floor(maxBytes / wanted.length)))
      for (const [i, ahead] of wanted.entries()) {
        // A broker sends the first of them whatever its size is; others may have found no room in the answer.
        ahead.took(parts.get(ahead.key), { isFirst: i === 0, most })
      }
      this.#answered.set(broker, (this.#answered.get(broker) ?? 0) + 1)
    } catch (error) {
      this.#failure = error
    } finally {
      this.#underWay.delete(broker)
    }
  }
}
