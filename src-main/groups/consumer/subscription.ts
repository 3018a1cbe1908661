import { RE2JS } from 're2js'
import type { TopicChange } from '../causes'
import type { TopicFacts, TopicMetadata } from '../context'
import type { ConsumerGroup, ConsumerMember } from './group'

/** Why a pattern is none (RE2 syntax, as Kafka's server side uses), or `undefined`. */
export function patternProblem(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** [K5] Topics of a member by name and by pattern; patterns match whole names and no internal topic. */
export function topicsOf(member: ConsumerMember, metadata: TopicMetadata): TopicFacts[] {
  const names = new Set(member.subscribedTopicNames)
  if (member.subscribedTopicRegex) {
    const pattern = RE2JS.compile(member.subscribedTopicRegex)
    for (const { name, internal } of metadata.values()) if (!internal && pattern.matches(name)) names.add(name)
  }
  return [...names].sort().flatMap((name) => {
    const topic = metadata.get(name)
    return topic ? [{ topicId: topic.topicId, name, partitions: topic.partitions }] : []
  })
}

/** All topics that anyone in the group subscribes to, by name. */
export function subscribedTopics(group: ConsumerGroup, metadata: TopicMetadata): TopicFacts[] {
  const byName = new Map<string, TopicFacts>()
  for (const member of group.members) for (const topic of topicsOf(member, metadata)) byName.set(topic.name, topic)
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** What changed between two sets of topics; empty when nothing did. */
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
