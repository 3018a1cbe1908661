import { readBatch } from '../../records/batch'
import type { NewRecord } from '../../records/encode'
import { readRecords } from '../../records/record'
import type { ShareSource } from '../source/shares'
import type { ClusterSource } from '../source/source'
import { deadLetterCopies, type LostRecords } from './dead-letter-copies'

/** Offsets of one action: more than a page lists as one outcome. */
export const maxRedelivered = 10_000
/** Keys and values of one action: they are in memory together. */
const maxRedeliveredMiB = 128

/**
 * Writes copies of records to the end of their partition, so that a share group that gave them up gets them again; key, value, headers and
 * order are those of the originals, the time is now. Records that are no longer in the log come from the group's dead-letter topic.
 * @throws Error with a sentence
 */
export async function redeliver(
  source: ClusterSource,
  shares: ShareSource,
  lost: LostRecords,
  now: number,
  maxMiB = maxRedeliveredMiB,
): Promise<{ readonly records: number }> {
  const { groupId, topic, partition, first, last } = lost
  if (last < first || last - first >= maxRedelivered) {
    throw new Error(`At most ${maxRedelivered} offsets can be delivered again at once.`)
  }
  const space = new Space(maxMiB)
  const found = await originals(source, lost, space)
  const deadLetters = found.size > last - first ? null : await shares.deadLetters(groupId)
  const copies = deadLetters
    ? await deadLetterCopies(source, deadLetters.topic, lost, space)
    : new Map<number, NewRecord>()
  for (const [offset, copy] of copies) if (!found.has(offset)) found.set(offset, copy)
  if (found.size === 0) {
    const also = deadLetters ? `, and ${deadLetters.topic} has no copies of them` : ''
    throw new Error(`Nothing was written: these records are no longer in the log${also}.`)
  }
  const placed = [...found]
    .sort(([a], [b]) => a - b)
    .map(([, record]) => ({ partition, record: { ...record, timestamp: now } }))
  const { written, refused } = await source.records.append(topic, placed, 'none')
  if (refused) throw new Error(`${written === 0 ? 'Nothing was' : `${written} were`} written: ${refused.why}.`)
  return { records: written }
}

/** Memory that records may take. */
export class Space {
  #left: number
  readonly #maxMiB: number

  constructor(maxMiB: number) {
    this.#left = maxMiB * 1024 * 1024
    this.#maxMiB = maxMiB
  }

  /** @throws Error with a sentence, when there is not so much left */
  take(...parts: readonly (Uint8Array | null)[]): void {
    for (const part of parts) this.#left -= part?.byteLength ?? 0
    if (this.#left < 0) {
      throw new Error(`Nothing was written: these records have more than ${this.#maxMiB} MiB together.`)
    }
  }
}

/** What the log still has of the lost records, by offset. */
async function originals(
  { records }: ClusterSource,
  { topic, partition, first, last }: LostRecords,
  space: Space,
): Promise<Map<number, NewRecord>> {
  const found = new Map<number, NewRecord>()
  for (let from = first; from <= last; ) {
    const read = await records.read({ topic, partition }, from)
    if (!read) break
    const batch = readBatch(read.bytes)
    if (!batch.isControl) {
      for (const { offset, key, value, headers, timestamp } of readRecords(batch)) {
        if (offset < from || offset > last) continue
        space.take(key, value)
        found.set(offset, { key, value, headers, timestamp })
      }
    }
    from = batch.lastOffset + 1
  }
  return found
}
