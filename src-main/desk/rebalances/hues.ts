import type { Listen } from '../../base/emitter'
import type { Core } from '../../broker/core'
import type { GroupFrame } from '../../broker/groups/frame'
import type { JournalEntry } from '../../broker/groups/journal'

export const hues = 8
/** Members that are gone keep their hue in the timeline; the oldest of more than this many are forgotten. */
const kept = 1000

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

/** The newest steps of a group's journal. */
export function recentFrames({ workspace }: Core, groupId: string): GroupFrame[] {
  const last = workspace.journal.lastSeq(groupId)
  return workspace.journal
    .range(groupId, Math.max(1, last - kept + 1), last + 1, kept)
    .map(({ frame }) => (JSON.parse(frame) as JournalEntry).frame)
}

type Change = Pick<GroupFrame, 'groupId' | 'members' | 'removed' | 'full'>

/** One hue for a member's life, on every page: given in the order of the group's journal. */
export class MemberHues {
  readonly #journal: (groupId: string) => readonly Change[]
  readonly #groups = new Map<string, { readonly hues: Map<string, number>; present: Set<string> }>()

  /** `journal` holds the frames that are remembered of a group, the oldest first. */
  constructor(framed: Listen<GroupFrame>, journal: (groupId: string) => readonly Change[]) {
    this.#journal = journal
    framed((frame) => {
      if (this.#groups.has(frame.groupId)) this.#follow(frame)
    })
  }

  of(groupId: string, memberId: string): number {
    this.#open(groupId)
    return this.#give(groupId, memberId)
  }

  /** Of all members that are remembered. */
  all(groupId: string): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#open(groupId))
  }

  #open(groupId: string): ReadonlyMap<string, number> {
    let group = this.#groups.get(groupId)
    if (!group) {
      group = { hues: new Map(), present: new Set() }
      this.#groups.set(groupId, group)
      for (const frame of this.#journal(groupId)) this.#follow(frame)
    }
    return group.hues
  }

  #follow({ groupId, members, removed, full }: Change): void {
    const group = this.#groups.get(groupId)
    if (!group) return
    for (const memberId of removed) group.present.delete(memberId)
    if (full) group.present = new Set(members.map(({ memberId }) => memberId))
    for (const { memberId } of members) {
      this.#give(groupId, memberId)
      group.present.add(memberId)
    }
    for (const memberId of group.hues.keys()) {
      if (group.hues.size <= kept) break
      if (!group.present.has(memberId)) group.hues.delete(memberId)
    }
  }

  #give(groupId: string, memberId: string): number {
    const group = this.#groups.get(groupId)
    const known = group?.hues.get(memberId)
    if (known !== undefined || !group) return known ?? 0
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
