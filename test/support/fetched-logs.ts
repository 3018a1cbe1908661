import { keyOf, type TopicPartition, type TopicPartitionKey } from '../../src-main/base/topic-partition'
import type { BatchReader, BatchWindow, ScannedBatch } from '../../src-main/desk/messages/batch-reader'
import type { FetchedPart, FetchPlace } from '../../src-main/desk/remote/partition-ahead'
import type { Fetcher } from '../../src-main/desk/remote/read-ahead'
import { readBatch } from '../../src-main/records/batch'
import { encodeBatch } from '../../src-main/records/encode'

/** A batch to be: how many offsets it has, how many are missing before it, and the bytes of its value. */
export interface Piece {
  readonly offsets: number
  readonly gap: number
  readonly bytes: number
}

interface Log {
  readonly batches: readonly ScannedBatch[]
  /** Here the records of an open transaction begin. */
  readonly stable: number
}

/** Logs that answer as a broker answers Fetch; every answer waits until it is let go, or `answersAtOnce`. */
export class FetchedLogs implements Fetcher, BatchReader {
  answersAtOnce = true
  readonly asked: { readonly broker: number; readonly places: readonly FetchPlace[]; readonly maxBytes: number }[] = []
  /** How often a partition was read by itself. */
  readAlone = 0
  /** What the reader has taken of what it was given, as the test counts it. */
  takenBytes = 0
  /** Most bytes that were given and not taken, with what may come of the fetches under way. */
  peakBytes = 0
  #givenBytes = 0
  #underWayBytes = 0
  readonly #logs = new Map<TopicPartitionKey, Log>()
  readonly #waiting: { readonly broker: number; readonly go: () => void }[] = []
  readonly #brokers: number
  failure: Error | undefined

  constructor(logs: readonly { readonly pieces: readonly Piece[]; readonly open: number }[], brokers: number) {
    this.#brokers = brokers
    for (const [partition, { pieces, open }] of logs.entries()) {
      let next = 0
      const batches = pieces.map(({ offsets, gap, bytes }) => {
        const baseOffset = next + gap
        const lastOffset = baseOffset + offsets - 1
        next = lastOffset + 1
        const record = { key: null, value: Buffer.alloc(bytes), timestamp: 0 }
        return { batch: readBatch(encodeBatch([record], { baseOffset, lastOffset })), transaction: null }
      })
      const stable = batches[Math.max(0, batches.length - open)]?.batch.baseOffset ?? next
      this.#logs.set(keyOf('t', partition), { batches, stable: open === 0 ? next : stable })
    }
  }

  batchesOf(partition: number): readonly ScannedBatch[] {
    return this.#log({ topic: 't', partition }).batches
  }

  end(partition: number): number {
    return (this.batchesOf(partition).at(-1)?.batch.lastOffset ?? -1) + 1
  }

  brokerOf({ partition }: TopicPartition): number {
    return partition % this.#brokers
  }

  async fetch(places: readonly FetchPlace[], maxBytes: number): Promise<ReadonlyMap<TopicPartitionKey, FetchedPart>> {
    const broker = this.brokerOf(places[0] as FetchPlace)
    this.asked.push({ broker, places, maxBytes })
    const expected = Math.min(
      maxBytes,
      places.reduce((sum, place) => sum + place.maxBytes, 0),
    )
    this.#underWayBytes += expected
    this.peakBytes = Math.max(this.peakBytes, this.#givenBytes + this.#underWayBytes - this.takenBytes)
    if (!this.answersAtOnce) await new Promise<void>((go) => this.#waiting.push({ broker, go }))
    else await Promise.resolve()
    this.#underWayBytes -= expected
    if (this.failure) throw this.failure
    const parts = this.#answer(places, maxBytes)
    for (const { batches } of parts.values()) {
      for (const { batch } of batches) this.#givenBytes += batch.bytes.byteLength
    }
    return parts
  }

  /** Lets a broker answer what it was asked first. */
  letGo(broker: number): void {
    const at = this.#waiting.findIndex((one) => one.broker === broker)
    this.#waiting.splice(at, 1)[0]?.go()
  }

  async batches(place: TopicPartition, { from, before, maxBytes, backward }: BatchWindow): Promise<ScannedBatch[]> {
    this.readAlone++
    const within = this.#log(place).batches.filter(({ batch }) => batch.lastOffset >= from && batch.baseOffset < before)
    const found: ScannedBatch[] = []
    let size = 0
    for (const one of backward ? within.reverse() : within) {
      size += one.batch.bytes.byteLength
      if (found.length > 0 && size > maxBytes) break
      found.push(one)
    }
    return found
  }

  /** As ReplicaManager.readFromLog: in the order of the request, until the answer is full; the first that has something gives a whole batch. */
  #answer(places: readonly FetchPlace[], maxBytes: number): Map<TopicPartitionKey, FetchedPart> {
    const parts = new Map<TopicPartitionKey, FetchedPart>()
    let left = maxBytes
    let isFirst = true
    for (const { topic, partition, from, before, maxBytes: own } of places) {
      const { batches, stable } = this.#log({ topic, partition })
      const rest = batches.filter(({ batch }) => batch.lastOffset >= from && batch.baseOffset < stable)
      let room = Math.min(own, left)
      const whole: ScannedBatch[] = []
      for (const one of rest) {
        const size = one.batch.bytes.byteLength
        if (size > room && !(isFirst && whole.length === 0)) break
        whole.push(one)
        room -= size
        left -= size
      }
      const cutBytes = whole.length === 0 && room >= 12 ? (rest[0]?.batch.bytes.byteLength ?? 0) : 0
      if (rest.length > 0) isFirst = false
      const next = Math.max(from, (whole.at(-1)?.batch.lastOffset ?? -1) + 1)
      if (next >= stable && next < before) continue
      const wanted = whole.filter(({ batch }) => batch.baseOffset < before)
      parts.set(keyOf(topic, partition), { batches: wanted, next, cutBytes })
    }
    return parts
  }

  #log({ topic, partition }: TopicPartition): Log {
    return this.#logs.get(keyOf(topic, partition)) ?? { batches: [], stable: 0 }
  }
}
