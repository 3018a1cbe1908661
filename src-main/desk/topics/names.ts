import type { TopicName } from '../../contract/topics'
import type { ClusterSource } from '../source/source'

export async function topicNames({ topics }: ClusterSource): Promise<TopicName[]> {
  return (await topics.list()).map(({ name, internal, partitions }) => ({ name, internal, partitions }))
}

export function isSameName(before: TopicName, now: TopicName): boolean {
  return before.name === now.name && before.partitions === now.partitions && before.internal === now.internal
}
