export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

declare const topicPartitionKey: unique symbol
/** `topic:partition`, as a key of maps, in the file and in the contract. Made by `keyOf` only, read by `parseKey` only. */
export type TopicPartitionKey = string & { readonly [topicPartitionKey]: true }

export function keyOf(topic: string, partition: number): TopicPartitionKey {
  return `${topic}:${partition}` as TopicPartitionKey
}

/** Topic names may hold no colon, but names in old files and foreign requests may: the last one counts. */
export function parseKey(key: TopicPartitionKey): TopicPartition {
  const colon = key.lastIndexOf(':')
  return { topic: key.slice(0, colon), partition: Number(key.slice(colon + 1)) }
}

/** Things of one topic together, in the order in which their topics come first. */
export function groupByTopic<T extends { readonly topic: string }>(things: Iterable<T>): Map<string, T[]> {
  const topics = new Map<string, T[]>()
  for (const thing of things) {
    const others = topics.get(thing.topic)
    if (others) others.push(thing)
    else topics.set(thing.topic, [thing])
  }
  return topics
}
