import type { Uuid } from '../../base/uuid'
import type { Partitions } from '../consumer/group'

export interface ShareSubscriber {
  readonly memberId: string
  /** Ids of the topics that it subscribes to and that exist. */
  readonly topicIds: readonly Uuid[]
  /** What it was to have until now. */
  readonly before: Partitions
}

interface Place {
  readonly topicId: Uuid
  readonly partition: number
}

/**
 * [S8] SimpleAssignor: members share partitions when there are more members than partitions. Members keep what they had where that is
 * even. Where Kafka's choice follows the order of its hash maps, ours is the smallest topic id and partition, and the first member.
 */
export function assignShares(
  members: readonly ShareSubscriber[],
  assignable: Partitions,
): Readonly<Record<string, Partitions>> {
  const owned = members.map(({ before }) => before)
  const results = haveOneSubscription(members)
    ? [spread(members, owned, placesOf(members[0]?.topicIds ?? [], assignable))]
    : topicIdsOf(members).map((topicId) =>
        spread(members, owned, placesOf([topicId], assignable), ({ topicIds }) => topicIds.includes(topicId)),
      )
  return Object.fromEntries(
    members.map(({ memberId }, i) => [memberId, partitionsOf(results.flatMap((each) => each[i] ?? []))]),
  )
}

function haveOneSubscription(members: readonly ShareSubscriber[]): boolean {
  const names = new Set(members.map(({ topicIds }) => [...topicIds].sort().join()))
  return names.size <= 1
}

function topicIdsOf(members: readonly ShareSubscriber[]): Uuid[] {
  return [...new Set(members.flatMap(({ topicIds }) => topicIds))].sort()
}

function placesOf(topicIds: readonly Uuid[], assignable: Partitions): Place[] {
  return [...topicIds]
    .sort()
    .flatMap((topicId) => (assignable[topicId] ?? []).map((partition) => ({ topicId, partition })))
}

function partitionsOf(places: readonly Place[]): Partitions {
  const topics: Record<Uuid, number[]> = {}
  for (const { topicId, partition } of places) (topics[topicId] ??= []).push(partition)
  for (const numbers of Object.values(topics)) numbers.sort((a, b) => a - b)
  return topics
}

/** Spreads places over the members that may have them; answers the places of each member (SimpleHomogeneousAssignmentBuilder). */
function spread(
  members: readonly ShareSubscriber[],
  owned: readonly Partitions[],
  places: readonly Place[],
  mayHave: (member: ShareSubscriber) => boolean = () => true,
): Place[][] {
  const takers = members.flatMap((member, index) => (mayHave(member) ? [index] : []))
  const result: Place[][] = members.map(() => [])
  if (takers.length === 0 || places.length === 0) return result
  const sharing = Math.ceil(takers.length / places.length)
  const precise = (sharing * places.length) / takers.length
  const wished = new Map(takers.map((index, i) => [index, Math.ceil(precise * (i + 1)) - Math.ceil(precise * i)]))
  const holders = new Map<Place, Set<number>>(places.map((place) => [place, new Set()]))

  for (const place of places) {
    for (const index of takers) {
      const mine = result[index] ?? []
      const hadIt = owned[index]?.[place.topicId]?.includes(place.partition)
      const taken = holders.get(place)
      if (!hadIt || !taken || taken.size >= sharing || mine.length >= (wished.get(index) ?? 0)) continue
      taken.add(index)
      mine.push(place)
    }
  }
  let turn = 0
  for (const [place, taken] of holders) {
    for (let tried = 0; taken.size < sharing && tried < takers.length; tried++) {
      const index = takers[turn % takers.length] ?? 0
      const mine = result[index] ?? []
      turn++
      if (taken.has(index) || mine.length >= (wished.get(index) ?? 0)) continue
      taken.add(index)
      mine.push(place)
      tried = -1
    }
  }
  return result
}
