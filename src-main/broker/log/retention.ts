import type { TopicSettings } from '../config/topic-settings'
import type { Core } from '../core'
import type { Partition } from './partition'

/** Rows of batches that are looked at before other clients are served. */
const rowsPerSlice = 512

/**
 * Deletes the oldest batches of a partition by age and size (UnifiedLog.deleteOldSegments), never past the high watermark. `pause` lets
 * others work, and returns false when this must end.
 *
 * @throws StorageFailure
 */
export async function deleteOld(
  { clock, workspace }: Core,
  partition: Partition,
  { retentionMs, retentionBytes }: TopicSettings,
  pause: () => Promise<boolean>,
): Promise<void> {
  const { facts } = partition
  const before = retentionMs < 0 ? -1 : clock.now() - retentionMs
  for (;;) {
    const { start, isAll } = workspace.batches.retainedStart(facts, before, retentionBytes, rowsPerSlice)
    if (start === facts.logStart) return
    partition.deleteBefore(Math.min(start, partition.highWatermark))
    if (!(await pause()) || isAll) return
  }
}
