import { readBatch } from '../../records/batch'
import type { NewRecord } from '../../records/encode'
import { readRecords } from '../../records/record'
import type { ShareSource } from '../source/shares'
import type { ClusterSource } from '../source/source'
import { deadLetterCopies, type LostRecords } from './dead-letter-copies'

/** Offsets of one action: more than a page lists as one outcome. */
export const maxRedelivered = 10_000

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
): Promise<{ readonly records: number }> {
  const { groupId, topic, partition, first, last } = lost
  if (last < first || last - first >= maxRedelivered) {
    throw new Error(`At most ${maxRedelivered} offsets can be delivered again at once.`)
  }
  const found = await originals(source, lost)
  const deadLetters = found.size > last - first ? null : await shares.deadLetters(groupId)
  const copies = deadLetters ? await deadLetterCopies(source, deadLetters.topic, lost) : new Map<number, NewRecord>()
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

/** What the log still has of the lost records, by offset. */
async function originals(
  { records }: ClusterSource,
  { topic, partition, first, last }: LostRecords,
): Promise<Map<number, NewRecord>> {
  const found = new Map<number, NewRecord>()
  for (let from = first; from <= last; ) {
    const read = await records.read({ topic, partition }, from)
    if (!read) break
    const batch = readBatch(read.bytes)
    if (!batch.isControl) {
      for (const { offset, key, value, headers, timestamp } of readRecords(batch)) {
        if (offset >= from && offset <= last) found.set(offset, { key, value, headers, timestamp })
      }
    }
    from = batch.lastOffset + 1
  }
  return found
}
