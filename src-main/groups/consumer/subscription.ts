import { RE2JS } from 're2js'
import type { TopicChange } from '../causes'
import type { TopicFacts, TopicMetadata } from '../context'
import type { ConsumerGroup, ConsumerMember, Resolved } from './group'

/** The problem of a pattern that is not in RE2 syntax, as Kafka's coordinator uses it; `undefined` when it is. */
export function patternProblem(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** [K5] The topics that each pattern matches as a whole (TopicRegexResolver), of those that the member may describe. */
export function resolvePatterns(
  patterns: Iterable<string>,
  topics: Iterable<string>,
  mayDescribe: (topic: string) => boolean,
): Resolved {
  const compiled = [...patterns].map((pattern) => ({ pattern, regex: RE2JS.compile(pattern), topics: [] as string[] }))
  for (const topic of topics) {
    const matching = compiled.filter(({ regex }) => regex.matches(topic))
    if (matching.length > 0 && mayDescribe(topic)) for (const each of matching) each.topics.push(topic)
  }
  return Object.fromEntries(compiled.map(({ pattern, topics: matched }) => [pattern, matched.sort()]))
}

/** The patterns that members subscribe to. */
export function patternsOf(members: readonly ConsumerMember[]): Set<string> {
  return new Set(members.flatMap(({ subscribedTopicRegex }) => subscribedTopicRegex ?? []))
}

/** The group without patterns that nobody subscribes to any more. */
export function withoutUnusedPatterns(group: ConsumerGroup): ConsumerGroup {
  const { resolved } = group
  if (!resolved) return group
  const used = patternsOf(group.members)
  const entries = Object.entries(resolved)
  const kept = entries.filter(([pattern]) => used.has(pattern))
  return kept.length === entries.length ? group : { ...group, resolved: Object.fromEntries(kept) }
}

/** Topic names of a member's subscription: by name, and by a pattern as far as it is resolved. */
export function subscribedNames(
  { subscribedTopicNames, subscribedTopicRegex: pattern }: ConsumerMember,
  { resolved }: ConsumerGroup,
): string[] {
  const matched = (pattern !== null && resolved?.[pattern]) || []
  return matched.length === 0 ? [...subscribedTopicNames] : [...new Set([...subscribedTopicNames, ...matched])].sort()
}

/** Topics of a member that exist. */
export function topicsOf(member: ConsumerMember, group: ConsumerGroup, metadata: TopicMetadata): TopicFacts[] {
  return subscribedNames(member, group).flatMap((name) => {
    const topic = metadata.get(name)
    return topic ? [{ topicId: topic.topicId, name, partitions: topic.partitions }] : []
  })
}

/** All topics that anyone in the group subscribes to, by name. */
export function subscribedTopics(group: ConsumerGroup, metadata: TopicMetadata): TopicFacts[] {
  const byName = new Map<string, TopicFacts>()
  for (const member of group.members) {
    for (const topic of topicsOf(member, group, metadata)) byName.set(topic.name, topic)
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The changes from one set of topics to another. */
export function topicChanges(before: readonly TopicFacts[], after: readonly TopicFacts[]): TopicChange[] {
  const known = new Map(before.map((topic) => [topic.name, topic]))
  const changes = after.flatMap(({ name: topic, topicId, partitions }): TopicChange[] => {
    const old = known.get(topic)
    known.delete(topic)
    if (!old) return [{ topic, change: 'added', partitions: 0 }]
    if (old.topicId !== topicId) return [{ topic, change: 'recreated', partitions: 0 }]
    const gained = partitions - old.partitions
    return gained === 0 ? [] : [{ topic, change: 'grew', partitions: gained }]
  })
  for (const topic of known.keys()) changes.push({ topic, change: 'removed', partitions: 0 })
  return changes
}
