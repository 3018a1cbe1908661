import { keyOf, type TopicPartition, type TopicPartitionKey } from '../../base/topic-partition'
import type { BatchReader, BatchWindow, ScannedBatch } from '../messages/batch-reader'

/** Of one partition: what the first fetch of a search asks for, and what it grows to while the search goes on. */
const firstBytes = 64 * 1024
const mostBytes = 1024 * 1024
/** Of one fetch: a broker sends no more at once. */
const answerBytes = 8 * 1024 * 1024
/** Offsets of the first window that is read backward. */
const firstOffsets = 64

/** Fetches several partitions at once; what is not read whole, or may not be, is left out. */
export type FetchMany = (
  places: readonly (TopicPartition & { readonly window: BatchWindow })[],
  answerBytes: number,
) => Promise<ReadonlyMap<TopicPartitionKey, readonly ScannedBatch[]>>

interface Ahead {
  batches: readonly ScannedBatch[]
  readonly backward: boolean
}

/**
 * What one search reads of a cluster: partitions that it will need are fetched together, one request per broker, and more at once the longer it
 * goes on. What is not there is read by itself.
 */
export class BufferedBatches implements BatchReader {
  readonly #reader: BatchReader
  readonly #fetchMany: FetchMany
  readonly #ahead = new Map<TopicPartitionKey, Ahead>()
  #maxBytes = firstBytes

  constructor(reader: BatchReader, fetchMany: FetchMany) {
    this.#reader = reader
    this.#fetchMany = fetchMany
  }

  async prefetch(
    windows: readonly (TopicPartition & Pick<BatchWindow, 'from' | 'before' | 'backward'>)[],
  ): Promise<void> {
    const empty = windows.filter(({ topic, partition }) => !this.#ahead.has(keyOf(topic, partition)))
    // The one that is read next has something: the others can wait.
    if (empty.length === 0 || !windows[0] || !empty.includes(windows[0])) return
    const maxBytes = this.#maxBytes
    this.#maxBytes = Math.min(4 * maxBytes, mostBytes)
    const wanted = empty.map(({ topic, partition, from, before, backward }) => {
      const start = backward ? Math.max(from, before - this.#offsetsFor(maxBytes)) : from
      return { topic, partition, window: { from: start, before, maxBytes, backward } }
    })
    const found = await this.#fetchMany(wanted, answerBytes)
    for (const { topic, partition, window } of wanted) {
      const batches = found.get(keyOf(topic, partition)) ?? []
      if (batches.length > 0) this.#ahead.set(keyOf(topic, partition), { batches, backward: window.backward })
    }
  }

  async batches(place: TopicPartition, window: BatchWindow): Promise<readonly ScannedBatch[]> {
    const key = keyOf(place.topic, place.partition)
    const ahead = this.#ahead.get(key)
    if (!ahead || ahead.backward !== window.backward) return await this.#reader.batches(place, window)
    const { from, before, backward } = window
    const left = ahead.batches.filter(({ batch }) => (backward ? batch.baseOffset < before : batch.lastOffset >= from))
    const taken: ScannedBatch[] = []
    let bytes = 0
    for (const one of left) {
      if (taken.length > 0 && bytes + one.batch.bytes.byteLength > window.maxBytes) break
      bytes += one.batch.bytes.byteLength
      taken.push(one)
    }
    const rest = left.slice(taken.length)
    if (rest.length > 0) this.#ahead.set(key, { ...ahead, batches: rest })
    else this.#ahead.delete(key)
    const wanted = taken.filter(({ batch }) => batch.lastOffset >= from && batch.baseOffset < before)
    return wanted.length > 0 ? wanted : await this.#reader.batches(place, window)
  }

  /** Backward, a window is given in offsets: it grows as the bytes do. */
  #offsetsFor(maxBytes: number): number {
    return firstOffsets * (maxBytes / firstBytes)
  }
}
