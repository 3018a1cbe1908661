import type { RebalanceFrame, RebalanceNews } from '../../contract/groups'
import type { Outlet } from '../../contract/server'
import type { JournalSource } from '../source/groups'

/** Frames that a page begins with; older ones are asked for by their time. */
const newestFrames = 1000
/** Frames that wait for a slow page: with more, it begins again. */
const maxWaiting = 2000

/** What happened in a group, then what happens. A page that takes nothing is waited for, and begins again when it missed too much. */
export function rebalances(journal: JournalSource, groupId: string, outlet: Outlet<RebalanceNews>): () => void {
  let waiting: RebalanceFrame[] = []
  let isReady = false
  let isStopped = false
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
    isReady = false
    read().catch((error: unknown) => outlet.fail(error))
  }
  const read = async () => {
    const last = await journal.lastSeq(groupId)
    const boundaries = await journal.boundaries(groupId)
    const frames = await fromFull(journal, groupId, Math.max(1, last - newestFrames), last + 1)
    if (isStopped) return
    const missed = waiting.filter(({ seq }) => seq > last)
    give({ boundaries, frames })
    // What came while the journal was read is not in it.
    waiting = missed
  }
  begin()
  const end = journal.framed((frame) => {
    if (frame.groupId !== groupId) return
    // What is not sent because too much waits is read again from the journal.
    if (waiting.length <= maxWaiting) waiting.push(frame)
    if (isReady) give({ boundaries: null, frames: waiting })
  })
  return () => {
    isStopped = true
    end()
  }
}

export async function framesOf(
  journal: JournalSource,
  groupId: string,
  fromAt: number,
  toAt: number,
): Promise<readonly RebalanceFrame[]> {
  const from = await journal.seqAt(groupId, fromAt)
  return await fromFull(journal, groupId, from - 1, await journal.seqAt(groupId, toAt + 1))
}

/** Frames before `before`, from the newest full one that is not behind `from`; from the first full one that is kept otherwise. */
async function fromFull(
  journal: JournalSource,
  groupId: string,
  from: number,
  before: number,
): Promise<readonly RebalanceFrame[]> {
  const frames = await journal.frames(groupId, Math.max(0, from - journal.framesBetweenFull), before)
  let start = -1
  for (const [i, { full, seq }] of frames.entries()) if (full && (start < 0 || seq <= from)) start = i
  return start < 0 ? [] : frames.slice(start)
}
