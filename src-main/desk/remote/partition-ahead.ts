import { keyOf, type TopicPartition, type TopicPartitionKey } from '../../base/topic-partition'
import type { BatchWindow, ScannedBatch } from '../messages/batch-reader'

/** Offsets of the first window that is read backward: how large records are is not known yet. */
const firstOffsets = 64
/** A window is at most so many times as large as the one before. */
const growth = 16
const mostOffsets = 10_000_000

/** A part of a partition to fetch: offsets [from, before). */
export interface FetchPlace extends TopicPartition {
  readonly from: number
  readonly before: number
  readonly maxBytes: number
}

/** What a fetch gave of one partition. */
export interface FetchedPart {
  /** Whole batches with an offset in the place that was asked for, in the order of offsets. */
  readonly batches: readonly ScannedBatch[]
  /** Where the next fetch begins: behind the last whole batch. */
  readonly next: number
  /** Size of the first batch where it alone did not fit; else 0. */
  readonly cutBytes: number
}

type Window = TopicPartition & Pick<BatchWindow, 'from' | 'before' | 'backward'>

/** What was read ahead of one partition, in the order in which a search reads it. */
export class PartitionAhead {
  readonly key: TopicPartitionKey
  readonly broker: number
  /** Bytes that the next fetch asks for. */
  room: number
  bytes = 0
  /** Where the search is, and where it was when the partition could not be fetched with others. */
  #position: number
  #aloneAt: number | undefined
  readonly #place: TopicPartition
  readonly #backward: boolean
  #batches: ScannedBatch[] = []
  /** What is not fetched yet: offsets [#from, #before). */
  #from: number
  #before: number
  /** Backward: offsets of a window, and the batches of one that is not read to its end. */
  #offsets = firstOffsets
  #window: { readonly from: number; next: number; readonly batches: ScannedBatch[] } | undefined

  constructor({ topic, partition, from, before, backward }: Window, broker: number, room: number) {
    this.key = keyOf(topic, partition)
    this.broker = broker
    this.room = room
    this.#place = { topic, partition }
    this.#backward = backward
    this.#position = backward ? before : from
    this.#from = from
    this.#before = before
  }

  get isEmpty(): boolean {
    return this.#batches.length === 0
  }

  /** Here it is read by itself: the records of an open transaction, say, or a log that does not reach so far. */
  get isAlone(): boolean {
    return this.#aloneAt !== undefined
  }

  /** Everything was fetched and taken: nothing is left to read. */
  get isOver(): boolean {
    return this.isEmpty && !this.isAlone && !this.#window && this.#from >= this.#before
  }

  get wantsMore(): boolean {
    return !this.isAlone && this.#from < this.#before
  }

  /** The search has come to this window; it may have read some of the partition by itself. */
  follow({ from, before }: Window): void {
    this.#position = this.#backward ? before : from
    if (this.#aloneAt !== undefined && this.#aloneAt !== this.#position) {
      this.#aloneAt = undefined
      this.#window = undefined
    }
    if (this.#backward) this.#from = Math.max(this.#from, from)
    else this.#before = before
    if (!this.isEmpty || this.#window) return
    if (this.#backward) this.#before = Math.min(this.#before, before)
    else this.#from = Math.max(this.#from, from)
  }

  place(): FetchPlace {
    if (!this.#backward) return { ...this.#place, from: this.#from, before: this.#before, maxBytes: this.room }
    const from = Math.max(this.#from, this.#before - this.#offsets)
    this.#window ??= { from, next: from, batches: [] }
    return { ...this.#place, from: this.#window.next, before: this.#before, maxBytes: this.room }
  }

  /**
   * Takes what a fetch gave, or did not.
   *
   * @param isFirst an answer has room for the first partition, however large its batches are
   * @param most bytes that a fetch of this partition may grow to
   */
  took(part: FetchedPart | undefined, { isFirst, most }: { readonly isFirst: boolean; readonly most: number }): void {
    const begin = this.#window?.next ?? this.#from
    if (!part || part.next <= begin) {
      if (part && part.cutBytes > this.room) this.room = part.cutBytes
      else if (isFirst || !part) this.#aloneAt = this.#position
      return
    }
    this.room = Math.max(Math.min(4 * this.room, most), part.cutBytes)
    if (!this.#window) {
      this.#from = part.next
      this.#push(part.batches)
      return
    }
    this.#window.batches.push(...part.batches)
    this.#window.next = part.next
    if (part.next >= this.#before) this.#endWindow(this.#window.from, this.#window.batches)
  }

  /** The next batches of a window, as many as fit but at least one; none where nothing was read ahead. */
  take({ from, before, maxBytes, backward }: BatchWindow): readonly ScannedBatch[] {
    if (backward !== this.#backward) return []
    const taken: ScannedBatch[] = []
    let [at, size] = [0, 0]
    for (; at < this.#batches.length; at++) {
      const one = this.#batches[at] as ScannedBatch
      const { baseOffset, lastOffset, sizeBytes } = one.batch
      const isWanted = lastOffset >= from && baseOffset < before
      if (isWanted && taken.length > 0 && size + sizeBytes > maxBytes) break
      this.bytes -= sizeBytes
      if (!isWanted) continue
      size += sizeBytes
      taken.push(one)
    }
    this.#batches = this.#batches.slice(at)
    return taken
  }

  #push(batches: readonly ScannedBatch[]): void {
    for (const one of batches) {
      this.bytes += one.batch.sizeBytes
      this.#batches.push(one)
    }
  }

  /** The next window has as many offsets as fill a fetch, by what this one had. */
  #endWindow(from: number, batches: readonly ScannedBatch[]): void {
    const bytes = batches.reduce((sum, { batch }) => sum + batch.sizeBytes, 0)
    const perOffset = bytes / (this.#before - from)
    const fitting = perOffset === 0 ? mostOffsets : Math.floor(this.room / perOffset)
    this.#offsets = Math.max(firstOffsets, Math.min(growth * this.#offsets, fitting, mostOffsets))
    this.#before = Math.min(from, batches[0]?.batch.baseOffset ?? from)
    this.#window = undefined
    this.#push(batches.toReversed())
  }
}
