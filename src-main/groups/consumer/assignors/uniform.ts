import type { Partitions } from '../group'
import type { Assignor, Subscriber } from './assignor'

interface Share {
  readonly member: Subscriber
  readonly topics: ReadonlySet<string>
  readonly owned: Map<string, Set<number>>
  size: number
}

/**
 * [K10] Even and sticky (UniformAssignor): members keep their partitions as far as that is even, the rest goes to the members with the
 * fewest, and partitions move from the member with most to the one with fewest while that makes it more even.
 */
export const uniform: Assignor = (members) => {
  const shares = [...members]
    .sort((a, b) => (a.memberId < b.memberId ? -1 : 1))
    .map(
      (member): Share => ({
        member,
        topics: new Set(member.topics.map(({ topicId }) => topicId)),
        owned: new Map(),
        size: 0,
      }),
    )
  const free = keepBefore(shares, partitionsOf(members))
  for (const [topicId, numbers] of free) {
    for (const number of numbers) {
      const poorest = least(shares, topicId)
      if (poorest) give(poorest, topicId, number)
    }
  }
  balance(shares)
  return Object.fromEntries(shares.map(({ member, owned }) => [member.memberId, frozen(owned)]))
}

function partitionsOf(members: readonly Subscriber[]): Map<string, Set<number>> {
  const all = new Map<string, Set<number>>()
  for (const { topics } of members) {
    for (const { topicId, partitions } of topics) {
      if (!all.has(topicId)) all.set(topicId, new Set(Array.from({ length: partitions }, (_, number) => number)))
    }
  }
  return new Map([...all].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Gives members their previous partitions where they exist and are still subscribed to; returns the remaining ones. */
function keepBefore(shares: readonly Share[], all: Map<string, Set<number>>): Map<string, Set<number>> {
  for (const share of shares) {
    for (const [topicId, numbers] of Object.entries(share.member.before)) {
      const free = share.topics.has(topicId) ? all.get(topicId) : undefined
      if (!free) continue
      for (const number of numbers) if (free.delete(number)) give(share, topicId, number)
    }
  }
  return all
}

function give(share: Share, topicId: string, number: number): void {
  const numbers = share.owned.get(topicId)
  if (numbers) numbers.add(number)
  else share.owned.set(topicId, new Set([number]))
  share.size++
}

function least(shares: readonly Share[], topicId: string): Share | undefined {
  let poorest: Share | undefined
  for (const share of shares) {
    if (share.topics.has(topicId) && (!poorest || share.size < poorest.size)) poorest = share
  }
  return poorest
}

/** Moves partitions; each move makes two members more even, so it ends. */
function balance(shares: readonly Share[]): void {
  for (let moved = true; moved; ) {
    moved = false
    const richest = [...shares].sort((a, b) => b.size - a.size)
    for (const rich of richest) {
      const move = moveFrom(rich, shares)
      if (!move) continue
      const { topicId, number, to } = move
      rich.owned.get(topicId)?.delete(number)
      rich.size--
      give(to, topicId, number)
      moved = true
      break
    }
  }
}

function moveFrom(rich: Share, shares: readonly Share[]): { topicId: string; number: number; to: Share } | undefined {
  for (const [topicId, numbers] of rich.owned) {
    const to = least(shares, topicId)
    if (!to || rich.size - to.size < 2) continue
    const number = [...numbers].sort((a, b) => b - a)[0]
    if (number !== undefined) return { topicId, number, to }
  }
  return undefined
}

function frozen(owned: ReadonlyMap<string, ReadonlySet<number>>): Partitions {
  return Object.fromEntries(
    [...owned].flatMap(([topicId, numbers]) =>
      numbers.size > 0 ? [[topicId, [...numbers].sort((a, b) => a - b)]] : [],
    ),
  )
}
