import type { Clock, Millis } from '../../base/clock'
import { type ConsumerGroup, consumerMemberOf, type Resolved } from '../../groups/consumer/group'
import { patternsOf, resolvePatterns } from '../../groups/consumer/subscription'

/** After this time patterns are resolved again, for what ACLs may have changed (GroupCoordinatorConfig's default). */
const refreshIntervalMs = 600_000

interface PatternResolverParts {
  readonly clock: Clock
  readonly topicNames: () => Iterable<string>
  readonly group: (groupId: string) => ConsumerGroup | undefined
  readonly resolved: (groupId: string, memberId: string, resolved: Resolved) => void
}

/**
 * Resolves the patterns that members of consumer groups subscribe to, after the heartbeat that asks for it and not within
 * (GroupMetadataManager.maybeUpdateRegularExpressions): a member that subscribes by names as well gets those topics first. A pattern
 * matches topics that the member of the heartbeat may describe. Patterns are resolved again with the next heartbeat after a topic was
 * created; Kafka waits until the last time is 10 s ago.
 */
export class PatternResolver {
  readonly #parts: PatternResolverParts
  /** When the patterns of a group were resolved, and with which topics. */
  readonly #refreshes = new Map<string, { readonly at: Millis; readonly topics: number }>()
  /** Groups whose patterns are being resolved, with what cancels that. */
  readonly #running = new Map<string, () => void>()
  /** Grows with every topic that is created. */
  #topics = 0

  constructor(parts: PatternResolverParts) {
    this.#parts = parts
  }

  topicCreated(): void {
    this.#topics++
  }

  /** A member sent a heartbeat. */
  heard(groupId: string, memberId: string, mayDescribe: (topic: string) => boolean): void {
    if (this.#running.has(groupId) || !this.#isDue(groupId, memberId)) return
    const { clock } = this.#parts
    this.#running.set(
      groupId,
      clock.at(clock.now(), () => this.#resolve(groupId, memberId, mayDescribe)),
    )
  }

  forget(groupId: string): void {
    this.#refreshes.delete(groupId)
  }

  dispose(): void {
    for (const cancel of this.#running.values()) cancel()
  }

  #isDue(groupId: string, memberId: string): boolean {
    const group = this.#parts.group(groupId)
    const patterns = group ? patternsOf(group.members) : new Set<string>()
    if (!group || patterns.size === 0) {
      this.#refreshes.delete(groupId)
      return false
    }
    // A heartbeat that was rejected resolves nothing.
    if (!consumerMemberOf(group, memberId)) return false
    const last = this.#refreshes.get(groupId)
    if (!last || last.topics < this.#topics) return true
    const isUnresolved = [...patterns].some((pattern) => group.resolved?.[pattern] === undefined)
    return isUnresolved || this.#parts.clock.now() > last.at + refreshIntervalMs
  }

  #resolve(groupId: string, memberId: string, mayDescribe: (topic: string) => boolean): void {
    const { clock, group: groupOf, topicNames, resolved } = this.#parts
    this.#running.delete(groupId)
    const group = groupOf(groupId)
    if (!group) return
    this.#refreshes.set(groupId, { at: clock.now(), topics: this.#topics })
    resolved(groupId, memberId, resolvePatterns(patternsOf(group.members), topicNames(), mayDescribe))
  }
}
