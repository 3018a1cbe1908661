import type { Batch } from '../../records/batch'
import { type LogRecord, readRecords } from '../../records/record'

/** The records of a batch; or, where its bytes are damaged, none and why. One bad batch never hides the others. */
export function recordsOf(batch: Batch): { readonly records: readonly LogRecord[]; readonly problem: string | null } {
  try {
    return { records: [...readRecords(batch)], problem: null }
  } catch (error) {
    return { records: [], problem: error instanceof Error ? error.message : String(error) }
  }
}
