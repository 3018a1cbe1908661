import { keyOf, type TopicPartition, type TopicPartitionKey } from '../../base/topic-partition'
import { committedOffsets } from '../../client/admin/groups'
import type { KafkaClient } from '../../client/client'
import { type ListedOffset, listOffsets, offsetSpecs } from '../../client/offsets'

/** The position of a group in one partition. */
export interface Position extends TopicPartition {
  /** Null: the group has not committed there. */
  readonly committed: bigint | null
  readonly start: bigint
  readonly end: bigint
}

/** A position, or why it cannot be read. */
export type PositionOrError =
  | Position
  | (TopicPartition & { readonly committed: bigint | null; readonly problem: Error })

/** The positions of a group where it has committed and in `more` partitions, by topic and partition. */
export async function positionsOf(
  client: KafkaClient,
  groupId: string,
  more: readonly TopicPartition[],
): Promise<PositionOrError[]> {
  const committed = await committedOffsets(client, groupId)
  const wanted = new Map<TopicPartitionKey, TopicPartition>()
  for (const place of [...committed.values(), ...more]) wanted.set(keyOf(place.topic, place.partition), place)
  const places = [...wanted.values()]
  const [starts, ends] = await Promise.all(
    [offsetSpecs.earliest, offsetSpecs.latest].map((timestamp) =>
      listOffsets(
        client,
        places.map(({ topic, partition }) => ({ topic, partition, timestamp })),
      ),
    ),
  )
  return places
    .map(({ topic, partition }) => {
      const key = keyOf(topic, partition)
      const place = { topic, partition, committed: committed.get(key)?.offset ?? null }
      const start = offsetOf(starts?.get(key))
      const end = offsetOf(ends?.get(key))
      if (start instanceof Error) return { ...place, problem: start }
      return end instanceof Error ? { ...place, problem: end } : { ...place, start, end }
    })
    .sort(byPlace)
}

/** The end of a log always has an offset: an answer without one is an error, and never offset -1. */
function offsetOf(answer: ListedOffset | Error | undefined): bigint | Error {
  if (answer instanceof Error) return answer
  return answer?.offset ?? new Error('The broker answered no offset.')
}

function byPlace(a: TopicPartition, b: TopicPartition): number {
  return a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1
}
