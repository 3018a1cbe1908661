import type { ShareLane, ShareLanes, ShareRun } from '../../contract/share'
import type { LaneFacts, ShareSource } from '../source/shares'
import { whyOf } from './why'

/** More runs of one window are not sent: no track has the pixels for them. */
export const maxRuns = 250
const maxOutcomes = 20

/** Lanes `from` and following of a group, at most `count`. */
export async function shareLanes(
  shares: ShareSource,
  { groupId, from, count }: { readonly groupId: string; readonly from: number; readonly count: number },
  at: number,
): Promise<ShareLanes> {
  const places = await shares.places(groupId)
  const [lanes, workers, counts, deadLetters] = await Promise.all([
    shares.lanes(groupId, places.slice(from, from + count)),
    shares.workers(groupId),
    shares.counts(groupId),
    shares.deadLetters(groupId),
  ])
  return { at, total: places.length, from, lanes: lanes.map((lane) => laneOf(lane, at)), workers, counts, deadLetters }
}

function laneOf(facts: LaneFacts, at: number): ShareLane {
  const { topic, partition, logStart, logEnd, start, windowEnd, runs, inFlight, maxInFlight, members } = facts
  let finished = 0
  let count = 0
  const shown: ShareRun[] = []
  for (const run of runs) {
    if (run.state === 'acknowledged' || run.state === 'archived') finished += run.last - run.first + 1
    if (++count <= maxRuns) shown.push(run)
  }
  return {
    topic,
    partition,
    logStart,
    logEnd,
    start,
    windowEnd,
    runs: shown,
    moreRuns: count - shown.length,
    inFlight,
    maxInFlight,
    lag: start === null ? 0 : Math.max(0, logEnd - Math.max(start, logStart) - finished),
    members,
    why: whyOf(facts, at),
    outcomes: facts.outcomes.slice(0, maxOutcomes),
  }
}
