import type { Batch } from '../../records/batch'
import { Cursor } from '../../records/varints'

/** How far a search has come with a batch in which nothing can match: the times of its records. */
export interface RuledOut {
  readonly oldest: number
  readonly newest: number
}

/**
 * Tells of a whole batch that no record of it can have `wanted` (in lower case), without making records of it: most of what a search reads matches
 * nothing. `undefined` where each record has to be looked at: the text may be there, or keys and values are not plain text, so that rows show
 * something else than their bytes. Holds for what is decoded automatically.
 */
export function ruleOut(batch: Batch, unpacked: Buffer, wanted: string): RuledOut | undefined {
  if (batch.recordCount <= 0) return undefined
  try {
    const times = walk(batch, unpacked)
    if (!times) return undefined
    const text = unpacked.toString('latin1')
    // A JSON string may show an escaped character as itself.
    return text.includes('\\u') || text.toLowerCase().includes(wanted) ? undefined : times
  } catch {
    // Damaged: whoever reads its records says so.
    return undefined
  }
}

function walk(batch: Batch, unpacked: Buffer): RuledOut | undefined {
  const cursor = new Cursor(unpacked)
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  for (let i = 0; i < batch.recordCount; i++) {
    const length = cursor.varint()
    const end = cursor.at + length
    cursor.byte()
    const delta = Number(cursor.varlong())
    if (delta < least) least = delta
    if (delta > most) most = delta
    cursor.varint()
    if (!skipsText(cursor) || !skipsText(cursor)) return undefined
    // Headers may say how a value is read.
    if (cursor.varint() !== 0 || cursor.at !== end) return undefined
  }
  if (cursor.at !== unpacked.length) return undefined
  const stamped = batch.timestampType === 'LogAppendTime' ? Number(batch.maxTimestamp) : undefined
  const base = Number(batch.baseTimestamp)
  return { oldest: stamped ?? base + least, newest: stamped ?? base + most }
}

/** Moves over a key or a value; false when its bytes are not all printable ASCII. */
function skipsText(cursor: Cursor): boolean {
  const length = cursor.varint()
  if (length < 0) return true
  const { bytes } = cursor
  let at = cursor.skip(length)
  for (const end = at + length; at < end; at++) {
    const byte = bytes[at] as number
    if (byte > 0x7e || (byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13)) return false
  }
  return true
}
