import type { TopicPartition } from '../../base/topic-partition'

/** A member and the topics that it subscribes to. */
export interface Subscriber {
  readonly memberId: string
  readonly topics: readonly string[]
}

/** The range assignor (org.apache.kafka.clients.consumer.RangeAssignor): each topic in ranges over its subscribers, in the order of their ids. */
export function rangeAssignment(
  members: readonly Subscriber[],
  partitionsOf: (topic: string) => number,
): Map<string, TopicPartition[]> {
  const assigned = new Map(members.map(({ memberId }): [string, TopicPartition[]] => [memberId, []]))
  const topics = [...new Set(members.flatMap((member) => member.topics))].sort()
  for (const topic of topics) {
    const subscribers = members
      .filter((member) => member.topics.includes(topic))
      .map(({ memberId }) => memberId)
      .sort()
    const count = partitionsOf(topic)
    const each = Math.floor(count / subscribers.length)
    const more = count % subscribers.length
    let next = 0
    for (const [i, memberId] of subscribers.entries()) {
      const end = next + each + (i < more ? 1 : 0)
      for (; next < end; next++) assigned.get(memberId)?.push({ topic, partition: next })
    }
  }
  return assigned
}
