import type { PartitionLine } from '../../../src-main/contract/topics'

/** What a deletion does to one partition. */
export interface DeletionLine {
  readonly partition: number
  /** The first offset now and after the deletion. */
  readonly start: number
  readonly next: number
}

export interface Deletion {
  /** Only partitions that lose something. */
  readonly lines: readonly DeletionLine[]
  /** Partitions that end before the offset. */
  readonly outside: readonly number[]
  readonly offsets: number
}

/** @param before by partition, the first offset to keep; undefined where nothing is deleted */
export function planDeletion(
  partitions: readonly PartitionLine[],
  before: (partition: number) => number | undefined,
): Deletion {
  const lines: DeletionLine[] = []
  const outside: number[] = []
  for (const { number: partition, start, end } of partitions) {
    const next = before(partition)
    if (next === undefined) continue
    if (next > end) outside.push(partition)
    else if (next > start) lines.push({ partition, start, next })
  }
  return { lines, outside, offsets: lines.reduce((sum, { start, next }) => sum + next - start, 0) }
}
