import { createHash } from 'node:crypto'
import { keyOf, type TopicPartitionKey } from '../../base/topic-partition'
import type { LogRecord } from '../../records/record'
import type { ScanRange } from '../source/records'

/** Keys that memory had no room for. */
export interface KeyStore {
  /** Whether the key was not there before. @throws Error when the store has no room either */
  add(place: TopicPartitionKey, key: Buffer): boolean
  dispose(): void
}

/** So many keys are kept in memory: less than 100 bytes each. */
const keysInMemory = 500_000
/** So many in a store: a file of a few gigabytes. */
const keysInStore = 50_000_000

/** A longer key is known by its SHA-256. */
const longestKey = 32

/** Keys that a search from the newest record on has met, by partition, as log compaction sees them. */
export class LatestKeys {
  readonly #openStore: (() => KeyStore) | undefined
  readonly #inMemory: number
  readonly #keys = new Map<TopicPartitionKey, Set<string>>()
  #store: KeyStore | undefined
  #count = 0

  /** @param openStore takes what memory has no room for; without it a search with more keys ends */
  constructor(openStore?: () => KeyStore, inMemory = keysInMemory) {
    this.#openStore = openStore
    this.#inMemory = inMemory
  }

  /** The newest record of its key, and no tombstone; a record without a key never is. @throws Error when there are too many keys */
  isNewest({ key, value, offset }: LogRecord, { topic, partition, givenFrom }: ScanRange): boolean {
    if (key === null || !this.#isNew(keyOf(topic, partition), key)) return false
    return value !== null && (givenFrom === undefined || offset < givenFrom)
  }

  dispose(): void {
    this.#store?.dispose()
    this.#keys.clear()
  }

  #isNew(place: TopicPartitionKey, key: Buffer): boolean {
    // No key of up to 32 bytes has 33 characters.
    const short = key.length > longestKey ? Buffer.concat([createHash('sha256').update(key).digest(), mark]) : key
    const text = short.toString('latin1')
    let keys = this.#keys.get(place)
    if (!keys) this.#keys.set(place, (keys = new Set()))
    if (keys.has(text)) return false
    if (this.#count < this.#inMemory) {
      keys.add(text)
      this.#count++
      return true
    }
    if (!this.#openStore) throw tooMany(this.#inMemory)
    this.#store ??= this.#openStore()
    if (!this.#store.add(place, short)) return false
    if (++this.#count > this.#inMemory + keysInStore) throw tooMany(keysInStore)
    return true
  }
}

const mark = Buffer.of(0)

function tooMany(keys: number): Error {
  return new Error(`there are more than ${keys.toLocaleString('en-US')} keys; choose fewer partitions`)
}
