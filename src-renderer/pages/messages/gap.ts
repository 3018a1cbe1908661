import type { OffsetGap } from '../../../src-main/contract/messages'
import { texts } from './texts'

/** `offsets 12–14: 1 transaction marker, 2 removed by compaction` */
export function gapText({ first, last, markers, aborted }: OffsetGap): string {
  const missing = last - first + 1 - markers - aborted
  const parts = [
    ...(markers > 0 ? [texts.gap.markers(markers)] : []),
    ...(aborted > 0 ? [texts.gap.aborted(aborted)] : []),
    ...(missing > 0 ? [texts.gap.compacted(missing)] : []),
  ]
  const offsets = first === last ? texts.gap.offset(first) : texts.gap.offsets(first, last)
  return `${offsets}: ${parts.join(', ')}`
}
