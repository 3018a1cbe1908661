/** The hash of a text (java.lang.String.hashCode). */
export function javaHash(text: string): number {
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0
  return hash
}

/** The hash of a partition (TopicPartition.hashCode). */
export function partitionHash(topic: string, partition: number): number {
  return (Math.imul(31, 31 + partition) + javaHash(topic)) | 0
}

const firstCapacity = 16
const loadFactor = 0.75

/**
 * Things in the order in which a `java.util.HashMap` lists them, when `put` added them in the order given. Clients see this order
 * where Kafka answers from such a map.
 * @param most the most entries that the map had at once; a map does not shrink
 */
export function inHashMapOrder<T>(things: readonly T[], hashOf: (thing: T) => number, most = things.length): T[] {
  let capacity = firstCapacity
  while (most > capacity * loadFactor) capacity *= 2
  const bucketOf = (thing: T) => {
    const hash = hashOf(thing)
    return (hash ^ (hash >>> 16)) & (capacity - 1)
  }
  return things.toSorted((a, b) => bucketOf(a) - bucketOf(b))
}
