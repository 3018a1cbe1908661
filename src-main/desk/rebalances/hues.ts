import type { Listen } from '../../base/emitter'
import type { RebalanceFrame } from '../../contract/groups'
import type { JournalSource } from '../source/groups'

export const hues = 8
/** Members that are gone keep their hue in the timeline; the oldest of more than this many are forgotten. */
const kept = 1000
/** Groups that are remembered; of more, the one that was not asked for the longest is forgotten, and read again when it is needed. */
const keptGroups = 200

/**
 * The hue of a member that appears: its own by its id, so that it is the same wherever one begins to read; the next free one where
 * another member has that.
 */
export function hueFor(memberId: string, taken: ReadonlySet<number>): number {
  const own = hash(memberId) % hues
  for (let step = 0; step < hues; step++) {
    const hue = (own + step) % hues
    if (!taken.has(hue)) return hue
  }
  return own
}

function hash(text: string): number {
  let value = 0
  for (let i = 0; i < text.length; i++) value = (Math.imul(value, 31) + text.charCodeAt(i)) | 0
  return value & 0x7fffffff
}

/** The newest steps of a group's journal; none where a cluster keeps no journal. */
export async function recentFrames(
  journal: JournalSource | undefined,
  groupId: string,
): Promise<readonly RebalanceFrame[]> {
  if (!journal) return []
  const last = await journal.lastSeq(groupId)
  return await journal.frames(groupId, Math.max(1, last - kept + 1), last + 1)
}

type Change = Pick<RebalanceFrame, 'groupId' | 'members' | 'removed' | 'full'>

interface Known {
  readonly hues: Map<string, number>
  present: Set<string>
  /** Resolves when the journal has been read. */
  opened: Promise<void>
}

/** One hue for a member's life, on every page: given in the order of the group's journal. */
export class MemberHues {
  readonly #journal: (groupId: string) => Promise<readonly Change[]>
  readonly #groups = new Map<string, Known>()

  /** `journal` holds the frames that are remembered of a group, the oldest first. */
  constructor(framed: Listen<RebalanceFrame> | undefined, journal: (groupId: string) => Promise<readonly Change[]>) {
    this.#journal = journal
    framed?.((frame) => {
      const group = this.#groups.get(frame.groupId)
      // In order, also while the journal is being read: a frame that it holds already changes nothing.
      if (group) group.opened = group.opened.then(() => this.#follow(group, frame))
    })
  }

  /** Of these members, by their ids. */
  async of(groupId: string, memberIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const group = await this.#open(groupId)
    const given = new Map(memberIds.map((memberId) => [memberId, this.#give(group, memberId)]))
    this.#trim(group, given)
    return given
  }

  /** Of all members that are remembered. */
  async all(groupId: string): Promise<Readonly<Record<string, number>>> {
    return Object.fromEntries((await this.#open(groupId)).hues)
  }

  async #open(groupId: string): Promise<Known> {
    let group = this.#groups.get(groupId)
    if (group) {
      this.#groups.delete(groupId)
      this.#groups.set(groupId, group)
    } else {
      const begun: Known = { hues: new Map(), present: new Set(), opened: Promise.resolve() }
      this.#groups.set(groupId, begun)
      for (const oldest of this.#groups.keys()) {
        if (this.#groups.size <= keptGroups) break
        this.#groups.delete(oldest)
      }
      begun.opened = this.#journal(groupId).then(
        (frames) => {
          for (const frame of frames) this.#follow(begun, frame)
        },
        (error: unknown) => {
          if (this.#groups.get(groupId) === begun) this.#groups.delete(groupId)
          throw error
        },
      )
      group = begun
    }
    await group.opened
    return group
  }

  #follow(group: Known, { members, removed, full }: Change): void {
    for (const memberId of removed) group.present.delete(memberId)
    if (full) group.present = new Set(members.map(({ memberId }) => memberId))
    for (const { memberId } of members) {
      this.#give(group, memberId)
      group.present.add(memberId)
    }
    this.#trim(group, group.present)
  }

  /** Also where a cluster keeps no journal, which would say who is gone. */
  #trim(group: Known, needed: Pick<ReadonlySet<string>, 'has'>): void {
    for (const memberId of group.hues.keys()) {
      if (group.hues.size <= kept) break
      if (!needed.has(memberId) && !group.present.has(memberId)) group.hues.delete(memberId)
    }
  }

  #give(group: Known, memberId: string): number {
    const known = group.hues.get(memberId)
    if (known !== undefined) return known
    const taken = new Set<number>()
    for (const other of group.present) {
      const hue = group.hues.get(other)
      if (hue !== undefined && other !== memberId) taken.add(hue)
    }
    const hue = hueFor(memberId, taken)
    group.hues.set(memberId, hue)
    return hue
  }
}
