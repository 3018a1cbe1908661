import type { Clock, Millis } from '../../base/clock'
import { type Cause, type DeliveryCounts, noDeliveries } from '../../groups/causes'
import type { GroupHost } from '../groups/group-host'
import type { DeadLetters } from './dead-letters'
import type { ShareOutcomes, SharePartitions } from './share-partitions'

/** What belongs to one batch of a consumer comes together: a note waits for it. */
const collectMs = 1000
/** A group that releases without end has a note so often, and its journal stays one of rebalances. */
const pauseMs = 10_000
/** Members that a note names, those with the most records first. */
const mostMembers = 10
/** Members whose counts wait for a note one by one: consumers that accept everything make none, however many come and go. */
const keptMembers = 500

type Total = ShareOutcomes['totals'][number]
type Counts = Record<keyof DeliveryCounts, number>

interface Others {
  members: number
  readonly counts: Counts
}

interface Collected {
  /** The one that something happened to last comes last. */
  members: Map<string, Counts>
  /** Those that are not kept one by one. */
  others: Others
  /** By topic. */
  deadLetters: Map<string, number>
  /** Something else happened than that records were acquired and accepted. */
  isNews: boolean
  notedAt: Millis
  cancel: () => void
}

/**
 * Notes in the journal of a share group what became of its records, in counts of each member: when records were released, rejected or
 * given up, or locks ended. What was acquired and accepted since the note before is told with it, and makes no note of its own.
 */
export class DeliveryNotes {
  readonly #groups: GroupHost
  readonly #clock: Clock
  readonly #collected = new Map<string, Collected>()

  constructor(groups: GroupHost, partitions: SharePartitions, deadLetters: DeadLetters, clock: Clock) {
    this.#groups = groups
    this.#clock = clock
    partitions.handedOut(({ groupId, memberId, records }) => this.#add(groupId, memberId, 'acquired', records))
    partitions.ended((ended) => this.#ended(ended))
    deadLetters.written(({ groupId, topic, records }) => {
      const { deadLetters: written } = this.#of(groupId)
      written.set(topic, (written.get(topic) ?? 0) + records)
      this.#arm(groupId)
    })
    groups.framed(({ groupId, state }) => {
      if (state === 'Dead') this.#forget(groupId)
    })
  }

  dispose(): void {
    for (const groupId of [...this.#collected.keys()]) this.#forget(groupId)
  }

  #ended({ groupId, cause, totals }: ShareOutcomes): void {
    let isNews = false
    for (const total of totals) {
      for (const name of namesOf(total, cause)) {
        this.#add(groupId, total.memberId ?? '', name, total.records)
        if (name !== 'accepted') isNews = true
      }
    }
    if (isNews) this.#arm(groupId)
  }

  #add(groupId: string, memberId: string, name: keyof DeliveryCounts, records: number): void {
    const { members, others } = this.#of(groupId)
    const counts = members.get(memberId) ?? { ...noDeliveries }
    counts[name] += records
    members.delete(memberId)
    members.set(memberId, counts)
    for (const [oldest, its] of members) {
      if (members.size <= keptMembers) break
      members.delete(oldest)
      addTo(others, its)
    }
  }

  #of(groupId: string): Collected {
    let collected = this.#collected.get(groupId)
    if (!collected) {
      collected = {
        members: new Map(),
        others: noOthers(),
        deadLetters: new Map(),
        isNews: false,
        notedAt: 0,
        cancel: () => {},
      }
      this.#collected.set(groupId, collected)
    }
    return collected
  }

  #arm(groupId: string): void {
    const collected = this.#of(groupId)
    if (collected.isNews) return
    collected.isNews = true
    const now = this.#clock.now()
    // A clock that was set back does not keep a note waiting.
    const next = Math.min(collected.notedAt + pauseMs, now + pauseMs)
    collected.cancel = this.#clock.at(Math.max(now + collectMs, next), () => this.#note(groupId, collected))
  }

  #note(groupId: string, collected: Collected): void {
    const known = new Map(this.#groups.find(groupId)?.members.map((member) => [member.memberId, member]))
    const bySize = [...collected.members].sort(([, a], [, b]) => sum(b) - sum(a))
    const told = bySize.slice(0, mostMembers).map(([memberId, counts]): Cause => {
      const { instanceId = null, clientId = '' } = known.get(memberId) ?? {}
      return { kind: 'deliveries', member: { memberId, instanceId, clientId }, counts }
    })
    const { others } = collected
    for (const [, counts] of bySize.slice(mostMembers)) addTo(others, counts)
    const letters = [...collected.deadLetters].map(
      ([topic, records]): Cause => ({ kind: 'deadLettered', topic, records }),
    )
    collected.members = new Map()
    collected.others = noOthers()
    collected.deadLetters = new Map()
    collected.isNews = false
    collected.notedAt = this.#clock.now()
    const more: Cause[] = others.members === 0 ? [] : [{ kind: 'otherDeliveries', ...others }]
    this.#groups.note(groupId, [...told, ...more, ...letters])
  }

  #forget(groupId: string): void {
    this.#collected.get(groupId)?.cancel()
    this.#collected.delete(groupId)
  }
}

const names = Object.keys(noDeliveries) as (keyof DeliveryCounts)[]

const noOthers = (): Others => ({ members: 0, counts: { ...noDeliveries } })

function addTo(others: Others, counts: DeliveryCounts): void {
  others.members++
  for (const name of names) others.counts[name] += counts[name]
}

function sum(counts: DeliveryCounts): number {
  return names.reduce((all, name) => all + counts[name], 0)
}

/** What an outcome adds to. A record whose delivery limit is reached was released, or its lock ended, before. */
function namesOf({ kind }: Total, cause: ShareOutcomes['cause']): readonly (keyof DeliveryCounts)[] {
  if (kind === 'accepted' || kind === 'rejected') return [kind]
  if (kind !== 'released' && kind !== 'exhausted') return []
  const given =
    cause === 'lockEnded' || cause === 'sessionEnded' || cause === 'releasedByHand' ? cause : ('released' as const)
  return kind === 'exhausted' ? [given, 'exhausted'] : [given]
}
