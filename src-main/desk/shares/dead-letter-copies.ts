import { readBatch } from '../../records/batch'
import type { NewRecord } from '../../records/encode'
import { type LogRecord, readRecords } from '../../records/record'
import type { ClusterSource } from '../source/source'

/** Records that one share group gave up in one step. */
export interface LostRecords {
  readonly groupId: string
  readonly topic: string
  readonly partition: number
  /** Both included. */
  readonly first: number
  readonly last: number
  /** When the group gave them up; their dead letters have this time. */
  readonly at: number
}

/** Headers that the broker adds to a dead letter (KIP-1191). */
const prefix = '__dlq.errors.'
/** Batches that are read of one partition: dead letters of one step follow each other, and others may lie between. */
const maxBatches = 20_000

/**
 * The copies that a dead-letter topic has of lost records, by their original offset, with the headers that are not of the broker. A dead
 * letter with neither key nor value is no copy: `errors.deadletterqueue.copy.record.enable` was false.
 */
export async function deadLetterCopies(
  { topics, records }: ClusterSource,
  deadLetterTopic: string,
  lost: LostRecords,
  space: { readonly take: (...parts: readonly (Uint8Array | null)[]) => void },
): Promise<ReadonlyMap<number, NewRecord>> {
  const copies = new Map<number, NewRecord>()
  const places = [...(await topics.logs([deadLetterTopic])).values()].flat()
  const starts = await records.offsetsAt(places, lost.at)
  for (const [i, place] of places.entries()) {
    let next: number | null = starts[i] ?? place.end
    for (let read = 0; next !== null && read < maxBatches; read++) {
      const found = await records.read(place, next)
      if (!found) break
      const batch = readBatch(found.bytes)
      next = batch.lastOffset + 1
      if (batch.isControl) continue
      for (const record of readRecords(batch)) {
        const of = headersOf(record)
        if (of.size === 0) continue
        // The broker writes dead letters in the order of time.
        if (Number(record.timestamp) > lost.at) next = null
        const offset = Number(of.get('offset'))
        if (!isCopy(record, of, lost) || offset < lost.first || offset > lost.last) continue
        const { key, value, timestamp } = record
        const headers = record.headers.filter((header) => !header.key.startsWith(prefix))
        if (!copies.has(offset)) space.take(key, value)
        copies.set(offset, { key, value, headers, timestamp })
      }
    }
  }
  return copies
}

function headersOf({ headers }: LogRecord): ReadonlyMap<string, string> {
  return new Map(
    headers.flatMap(({ key, value }) =>
      key.startsWith(prefix) && value ? [[key.slice(prefix.length), value.toString()] as const] : [],
    ),
  )
}

function isCopy({ key, value, timestamp }: LogRecord, of: ReadonlyMap<string, string>, lost: LostRecords): boolean {
  return (
    (key !== null || value !== null) &&
    Number(timestamp) === lost.at &&
    of.get('group') === lost.groupId &&
    of.get('topic') === lost.topic &&
    of.get('partition') === String(lost.partition)
  )
}
