import { finishedCount, type SharePartition } from '../../groups/share/share-partition'
import type { Partition } from '../log/partition'

/**
 * Start offset and lag of a share-partition (KIP-1226): offsets from the start offset to the high watermark without those that are finished.
 * Records in flight count. The lag is below 0 when the start offset was set beyond the end.
 */
export function shareLag(
  value: SharePartition,
  { logStartOffset, highWatermark }: Pick<Partition, 'logStartOffset' | 'highWatermark'>,
): { readonly startOffset: number; readonly lag: number } {
  const startOffset = Math.max(value.startOffset, logStartOffset)
  return { startOffset, lag: highWatermark - startOffset - finishedCount(value) }
}
