import type { AlignedData } from 'uplot'
import type { TrafficPoint } from '../../../src-main/contract/workspace'

/** The visible span; older points are not shown. */
const shownSeconds = 120

/** Columns of the chart: seconds, messages in, bytes out. The axis is always two minutes wide, so that the line grows in from the right. */
export function trafficData(points: readonly TrafficPoint[], now = Date.now()): AlignedData {
  const end = points[points.length - 1]?.at ?? now
  const last = points.filter(({ at }) => end - at <= shownSeconds * 1000)
  // One time alone would get an axis of years.
  const first = last[0]?.at ?? end
  const early = first > end - shownSeconds * 1000 ? [(end - shownSeconds * 1000) / 1000] : []
  const late = last.length === 0 ? [end / 1000] : []
  const nothing = [...early, ...late].map(() => null)
  return [
    [...early, ...last.map(({ at }) => at / 1000), ...late],
    [...nothing, ...last.map(({ inRecords }) => inRecords)],
    [...nothing, ...last.map(({ outBytes }) => outBytes)],
  ]
}
