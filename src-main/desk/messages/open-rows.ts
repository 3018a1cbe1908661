import { keyOf, parseKey, type TopicPartitionKey } from '../../base/topic-partition'
import type { EndedRow, MessageRow } from '../../contract/messages'
import type { BatchReader } from './batch-reader'

/** Rows of open transactions that are watched; of more the oldest stay as they are. */
export const maxWatched = 10_000

/** Rows of a live scan whose transaction was open when they were given: what becomes of it is told later. */
export class OpenRows {
  readonly #reader: BatchReader
  readonly #watched = new Map<TopicPartitionKey, number[]>()
  #size = 0

  constructor(reader: BatchReader) {
    this.#reader = reader
  }

  note(rows: readonly MessageRow[]): void {
    for (const { topic, partition, offset, transaction } of rows) {
      if (transaction !== 'open' || this.#size >= maxWatched) continue
      const key = keyOf(topic, partition)
      const offsets = this.#watched.get(key)
      if (offsets) offsets.push(offset)
      else this.#watched.set(key, [offset])
      this.#size++
    }
  }

  /** Those whose transaction has ended since: a marker is in the log, so the log has grown. */
  async ended(): Promise<readonly EndedRow[]> {
    const ended: EndedRow[] = []
    for (const [key, offsets] of this.#watched) {
      const place = parseKey(key)
      const left: number[] = []
      for (const offset of offsets) {
        const window = { from: offset, before: offset + 1, maxBytes: 1, backward: false }
        const [batch] = await this.#reader.batches(place, window)
        if (batch?.transaction === 'open') left.push(offset)
        else ended.push({ ...place, offset, transaction: batch?.transaction ?? 'aborted' })
      }
      this.#size -= offsets.length - left.length
      if (left.length > 0) this.#watched.set(key, left)
      else this.#watched.delete(key)
    }
    return ended
  }
}
