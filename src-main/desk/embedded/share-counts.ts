import type { Core } from '../../broker/core'
import type { ShareOutcomes } from '../../broker/share/share-partitions'
import type { ShareCounts, ShareWorker } from '../../contract/share'

/** Members of one group whose counts are remembered. */
const keptMembers = 500

type Total = ShareOutcomes['totals'][number]
type MemberCounts = Pick<ShareWorker, 'accepted' | 'released' | 'rejected' | 'timedOut'>

export const noMemberCounts: MemberCounts = { accepted: 0, released: 0, rejected: 0, timedOut: 0 }
const noCounts: ShareCounts = { ...noMemberCounts, acquired: 0, exhausted: 0, deadLettered: 0 }

/** Records of share groups by what became of them, while the broker runs, of groups and of their members: counted by runs of offsets, not one by one. */
export class ShareCounters {
  readonly #groups = new Map<string, Record<keyof ShareCounts, number>>()
  readonly #members = new Map<string, Map<string, MemberCounts>>()

  constructor({ share, deadLetters }: Core) {
    share.partitions.handedOut(({ groupId, records }) => this.#add(groupId, 'acquired', records))
    share.partitions.ended(({ groupId, cause, totals }) => {
      for (const total of totals) this.#count(groupId, total, cause === 'lockEnded')
    })
    deadLetters.written(({ groupId, records }) => this.#add(groupId, 'deadLettered', records))
  }

  of(groupId: string): ShareCounts {
    return { ...(this.#groups.get(groupId) ?? noCounts) }
  }

  membersOf(groupId: string): ReadonlyMap<string, MemberCounts> {
    return this.#members.get(groupId) ?? new Map()
  }

  forget(groupId: string): void {
    this.#groups.delete(groupId)
    this.#members.delete(groupId)
  }

  #count(groupId: string, { kind, memberId, records }: Total, lockEnded: boolean): void {
    if (kind === 'exhausted') this.#add(groupId, 'exhausted', records)
    const name = nameOf(kind, lockEnded)
    if (!name) return
    this.#add(groupId, name, records)
    if (memberId === null) return
    const members = this.#members.get(groupId) ?? new Map<string, MemberCounts>()
    this.#members.set(groupId, members)
    const known = members.get(memberId) ?? noMemberCounts
    // The newest last: the first ones are forgotten first.
    members.delete(memberId)
    members.set(memberId, { ...known, [name]: known[name] + records })
    for (const oldest of members.keys()) {
      if (members.size <= keptMembers) return
      members.delete(oldest)
    }
  }

  #add(groupId: string, name: keyof ShareCounts, records: number): void {
    const known = this.#groups.get(groupId) ?? { ...noCounts }
    known[name] += records
    this.#groups.set(groupId, known)
  }
}

function nameOf(kind: Total['kind'], lockEnded: boolean): keyof MemberCounts | undefined {
  if (kind === 'accepted' || kind === 'rejected') return kind
  if (kind !== 'released' && kind !== 'exhausted') return undefined
  return lockEnded ? 'timedOut' : 'released'
}
