import type { OffsetGap } from '../../../src-main/contract/messages'
import { counted, integer } from '../../format/numbers'

/** `offsets 12–14: 1 transaction marker, 2 compacted away` */
export function gapText({ first, last, markers, aborted }: OffsetGap): string {
  const missing = last - first + 1 - markers - aborted
  const parts = [
    ...(markers > 0 ? [counted(markers, 'transaction marker')] : []),
    ...(aborted > 0 ? [`${integer(aborted)} of aborted transactions`] : []),
    ...(missing > 0 ? [`${integer(missing)} compacted away`] : []),
  ]
  const offsets = first === last ? `offset ${integer(first)}` : `offsets ${integer(first)}–${integer(last)}`
  return `${offsets}: ${parts.join(', ')}`
}
