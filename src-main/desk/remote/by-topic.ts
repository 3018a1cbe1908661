import type { TopicPartition } from '../../base/topic-partition'
import type { TopicPartitions } from '../../contract/groups'

export function byTopic(places: readonly TopicPartition[]): TopicPartitions {
  const topics: Record<string, number[]> = {}
  for (const { topic, partition } of places) topics[topic] = [...(topics[topic] ?? []), partition]
  return topics
}
