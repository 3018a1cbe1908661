import { keyOf } from '../../base/topic-partition'
import type { LogRecord } from '../../records/record'
import type { ScanRange } from '../source/records'

/** More keys than this would not fit the memory of the app. */
const mostKeys = 3_000_000

/** Keys that a search from the newest record on has met, by partition, as log compaction sees them. */
export class LatestKeys {
  readonly #keys = new Map<string, Set<string>>()
  #count = 0

  /** The newest record of its key, and no tombstone; a record without a key never is. @throws Error when there are too many keys */
  isNewest({ key, value, offset }: LogRecord, { topic, partition, givenFrom }: ScanRange): boolean {
    if (key === null) return false
    const place = keyOf(topic, partition)
    let keys = this.#keys.get(place)
    if (!keys) this.#keys.set(place, (keys = new Set()))
    const text = key.toString('latin1')
    if (keys.has(text)) return false
    if (++this.#count > mostKeys) {
      throw new Error(`there are more than ${mostKeys.toLocaleString('en-US')} keys; choose fewer partitions`)
    }
    keys.add(text)
    return value !== null && (givenFrom === undefined || offset < givenFrom)
  }
}
