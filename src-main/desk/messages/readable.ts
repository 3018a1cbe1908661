import type { Batch } from '../../records/batch'
import { type LogRecord, readRecords, unpackRecords } from '../../records/record'

/** The records part of a batch, unpacked; undefined where it is damaged. */
export function unpackedOf(batch: Batch): Buffer | undefined {
  try {
    return unpackRecords(batch)
  } catch {
    // `recordsOf` says why.
    return undefined
  }
}

/** The records of a batch; or, where its bytes are damaged, none and why. One bad batch never hides the others. */
export function recordsOf(
  batch: Batch,
  unpacked?: Buffer,
): { readonly records: readonly LogRecord[]; readonly problem: string | null } {
  try {
    return { records: [...readRecords(batch, unpacked)], problem: null }
  } catch (error) {
    return { records: [], problem: error instanceof Error ? error.message : String(error) }
  }
}
