import { type Batch, batchHeaderBytes } from '../../records/batch'
import { Cursor } from '../../records/varints'
import { lacksText, PlainText } from './plain-text'

/** How far a search has come with a batch in which nothing can match: the times of its records. */
interface RuledOut {
  readonly oldest: number
  readonly newest: number
}

/**
 * Tells of a batch, by its place among those that were read, that nothing in it can match; `undefined` where its records have to be looked at.
 * `unpack` gives the records of a compressed one.
 */
export type RuleOut = (index: number, unpack: () => Buffer | undefined) => RuledOut | undefined

/**
 * Tells of whole batches that all of their records are older than `fromAt`, or `untilAt` or newer (ms; -1: no bound). Producers write times in
 * any order, so only the times themselves tell that; with log append time the header has them.
 */
export function outOfTime(
  { fromAt, untilAt }: { readonly fromAt: number; readonly untilAt: number },
  batches: readonly Batch[],
): RuleOut {
  return (index, unpack) => {
    const batch = batches[index]
    if (!batch || batch.recordCount <= 0) return undefined
    const newest = Number(batch.maxTimestamp)
    if (newest < fromAt) return { oldest: newest, newest }
    // The newest record lies before the end, so that at least one may match.
    if (untilAt < 0 || newest < untilAt) return undefined
    if (batch.timestampType === 'LogAppendTime') return { oldest: newest, newest }
    const cursor = firstRecord(batch, unpack)
    const times = cursor && timesOf(batch, cursor, skipsRecord)
    return times && (times.newest < fromAt || times.oldest >= untilAt) ? times : undefined
  }
}

/** A place at the first record of a batch. */
function firstRecord({ codec, around, at, sizeBytes }: Batch, unpack: () => Buffer | undefined): Cursor | undefined {
  if (codec === 'none') return new Cursor(around, at + batchHeaderBytes, at + sizeBytes)
  const unpacked = unpack()
  return unpacked && new Cursor(unpacked)
}

/** Bytes that are searched at once. */
const mostBytes = 64 * 1024

/**
 * Tells of whole batches that no record of them can have `wanted` (in lower case), without making records of them: most of what a search reads
 * matches nothing. A batch is not ruled out where the text may be there, or where keys and values are not plain text, so that rows show
 * something else than their bytes. Holds for what is decoded automatically.
 */
export function ruleOutText(wanted: string, batches: readonly Batch[]): RuleOut {
  const lacks = lacksText(wanted)
  let text: PlainText | undefined
  /** False where not all keys and values are plain text. */
  const skipsPlainText: Skip = (cursor, end) => {
    cursor.varint()
    // Batches of one answer, or of a row of the file, lie in one buffer.
    if (text?.bytes !== cursor.bytes) text = new PlainText(cursor.bytes)
    if (!skipsText(cursor, text) || !skipsText(cursor, text)) return false
    // Headers may say how a value is read.
    return cursor.varint() === 0 && cursor.at === end
  }
  let searchedBefore = 0
  let isAbsent = false
  return (index, unpack) => {
    const batch = batches[index]
    if (!batch || batch.recordCount <= 0) return undefined
    if (batch.codec !== 'none') {
      const unpacked = unpack()
      const times = unpacked && timesOf(batch, new Cursor(unpacked), skipsPlainText)
      return times && lacks(unpacked) ? times : undefined
    }
    const { around, at, sizeBytes } = batch
    const start = at + batchHeaderBytes
    const end = at + sizeBytes
    const times = timesOf(batch, new Cursor(around, start, end), skipsPlainText)
    if (!times) return undefined
    if (index >= searchedBefore) {
      const span = sideBySide(batches, index)
      searchedBefore = span.next
      isAbsent = lacks(around.subarray(span.start, span.end))
    }
    return isAbsent || lacks(around.subarray(start, end)) ? times : undefined
  }
}

/** Where a batch and those behind it in the list that lie beside it in memory begin and end, as in a row of the file: small ones cost less together. */
function sideBySide(batches: readonly Batch[], index: number): Readonly<Record<'start' | 'end' | 'next', number>> {
  const { around, at, sizeBytes } = batches[index] as Batch
  let start = at
  let end = at + sizeBytes
  let next = index + 1
  for (; next < batches.length; next++) {
    const more = batches[next] as Batch
    if (more.codec !== 'none' || more.around !== around || end - start + more.sizeBytes > mostBytes) break
    // Those of a backward search lie before it.
    if (more.at === end) end += more.sizeBytes
    else if (more.at + more.sizeBytes === start) start = more.at
    else break
  }
  return { start, end, next }
}

/** Moves to the end of a record, from behind its time; false where the batch cannot be ruled out. */
type Skip = (cursor: Cursor, end: number) => boolean

/** `undefined`: a record cannot be skipped, or the batch is damaged, which whoever reads its records says. */
function timesOf(batch: Batch, cursor: Cursor, skips: Skip): RuledOut | undefined {
  try {
    return walk(batch, cursor, skips)
  } catch {
    return undefined
  }
}

function walk(batch: Batch, cursor: Cursor, skips: Skip): RuledOut | undefined {
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  const { recordCount } = batch
  for (let i = 0; i < recordCount; i++) {
    const length = cursor.varint()
    const end = cursor.at + length
    cursor.byte()
    const delta = Number(cursor.varlong())
    if (delta < least) least = delta
    if (delta > most) most = delta
    if (!skips(cursor, end)) return undefined
  }
  if (cursor.at !== cursor.end) return undefined
  const stamped = batch.timestampType === 'LogAppendTime' ? Number(batch.maxTimestamp) : undefined
  const base = Number(batch.baseTimestamp)
  return { oldest: stamped ?? base + least, newest: stamped ?? base + most }
}

function skipsRecord(cursor: Cursor, end: number): boolean {
  cursor.skip(end - cursor.at)
  return true
}

/** Moves over a key or a value; false when its bytes are not all printable ASCII. */
function skipsText(cursor: Cursor, text: PlainText): boolean {
  const length = cursor.varint()
  if (length < 0) return true
  const from = cursor.skip(length)
  return text.has(from, from + length)
}
