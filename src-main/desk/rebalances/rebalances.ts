import type { Core } from '../../broker/core'
import { framesBetweenFull } from '../../broker/groups/frame'
import type { JournalEntry } from '../../broker/groups/journal'
import type { RebalanceBoundary, RebalanceFrame, RebalanceNews } from '../../contract/groups'
import type { Outlet } from '../../contract/server'
import { scenarioOf } from '../../scenarios/export'

/** Frames that a page begins with; older ones are asked for by their time. */
const newestFrames = 1000
/** Frames that wait for a slow page: with more, it begins anew. */
const maxWaiting = 2000

/** What happened in a group, then what happens. A page that takes nothing is waited for, and begins anew when it missed too much. */
export function rebalances({ groups, workspace }: Core, groupId: string, outlet: Outlet<RebalanceNews>): () => void {
  if (!groups.find(groupId)) throw new Error(`There is no group ${groupId}.`)
  let waiting: RebalanceFrame[] = []
  let isReady = true
  const taken = () => {
    isReady = true
    if (waiting.length > maxWaiting) begin()
    else if (waiting.length > 0) give({ boundaries: null, frames: waiting })
  }
  const give = (news: RebalanceNews) => {
    waiting = []
    isReady = false
    outlet.push(news, taken)
  }
  const begin = () => {
    const last = workspace.journal.lastSeq(groupId)
    const boundaries = workspace.journal
      .boundaries(groupId)
      .map((row) => ({ ...row, causes: JSON.parse(row.causes) }) as RebalanceBoundary)
    give({ boundaries, frames: fromFull(workspace.journal, groupId, Math.max(1, last - newestFrames), last + 1) })
  }
  begin()
  return groups.framed((frame) => {
    if (frame.groupId !== groupId) return
    // What is not sent because too much waits is read again from the journal.
    if (waiting.length <= maxWaiting) waiting.push(frame)
    if (isReady) give({ boundaries: null, frames: waiting })
  })
}

export function framesOf({ workspace }: Core, groupId: string, fromAt: number, toAt: number): RebalanceFrame[] {
  const { journal } = workspace
  return fromFull(journal, groupId, journal.seqAt(groupId, fromAt) - 1, journal.seqAt(groupId, toAt + 1))
}

/** Frames before `before`, from the newest full one that is not behind `from`; from the first full one that is kept otherwise. */
function fromFull(
  journal: Core['workspace']['journal'],
  groupId: string,
  from: number,
  before: number,
): RebalanceFrame[] {
  const first = Math.max(0, from - framesBetweenFull)
  const frames = journal
    .range(groupId, first, before, before - first)
    .map(({ frame }) => (JSON.parse(frame) as JournalEntry).frame)
  let start = -1
  for (const [i, { full, seq }] of frames.entries()) if (full && (start < 0 || seq <= from)) start = i
  return start < 0 ? [] : frames.slice(start)
}

/** Some steps of a group as a scenario that test/scenarios can run. */
export function exportScenario({ workspace }: Core, groupId: string, from: number, to: number): string {
  const entries = workspace.journal
    .range(groupId, Math.max(0, from - framesBetweenFull), to + 1, 20_000)
    .map(({ frame }) => JSON.parse(frame) as JournalEntry)
  return scenarioOf(groupId, entries, from)
}
