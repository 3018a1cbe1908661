import { readBatch } from '../../records/batch'
import { readRecords } from '../../records/record'
import type { PlacedRecord } from '../source/records'
import type { ClusterSource } from '../source/source'

/** Offsets of one action: more than a page lists as one outcome. */
export const maxRedelivered = 10_000

interface Range {
  readonly topic: string
  readonly partition: number
  readonly first: number
  readonly last: number
}

/**
 * Writes copies of records to the end of their partition, so that a share group that gave them up gets them again; key, value, headers and
 * order are those of the originals, the time is now. @throws Error with a sentence
 */
export async function redeliver(
  { records }: ClusterSource,
  { topic, partition, first, last }: Range,
  now: number,
): Promise<{ readonly records: number }> {
  if (last < first || last - first >= maxRedelivered) {
    throw new Error(`At most ${maxRedelivered} offsets can be delivered again at once.`)
  }
  const copies: PlacedRecord[] = []
  for (let from = first; from <= last; ) {
    const read = await records.read({ topic, partition }, from)
    if (!read) break
    const batch = readBatch(read.bytes)
    if (!batch.isControl) {
      for (const { offset, key, value, headers } of readRecords(batch)) {
        if (offset < from || offset > last) continue
        copies.push({ partition, record: { key, value, headers, timestamp: now } })
      }
    }
    from = batch.lastOffset + 1
  }
  if (copies.length === 0) throw new Error('Nothing was written: these records are no longer in the log.')
  const { written, refused } = await records.append(topic, copies, 'none')
  if (refused) throw new Error(`${written === 0 ? 'Nothing was' : `${written} were`} written: ${refused.why}.`)
  return { records: written }
}
