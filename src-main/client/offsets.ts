import { keyOf, type TopicPartition, type TopicPartitionKey } from '../base/topic-partition'
import { errorName } from '../protocol/errors'
import type { KafkaClient } from './client'
import type { Lane } from './connections'
import type { KafkaError } from './failures'
import { askLeaders } from './leaders'

/** Timestamps of ListOffsets that mean a place and no time (OffsetSpec). */
export const offsetSpecs = { latest: -1n, earliest: -2n, maxTimestamp: -3n } as const

export type Isolation = 'read_uncommitted' | 'read_committed'

export interface ListedOffset {
  /** Null: no record is that late. */
  readonly offset: bigint | null
  /** Of the record that was found by time; -1 for the ends of a log. */
  readonly timestamp: bigint
}

/** A partition, and the time (ms) or one of `offsetSpecs` to look for. */
export interface OffsetQuery extends TopicPartition {
  readonly timestamp: bigint
}

/** The offset of every partition, or the error it has; a partition may stand in the list once. @throws ClientError, KafkaError of the whole call */
export function listOffsets(
  client: KafkaClient,
  queries: readonly OffsetQuery[],
  isolation: Isolation = 'read_uncommitted',
  lane: Lane = 'main',
): Promise<Map<TopicPartitionKey, ListedOffset | KafkaError>> {
  return askLeaders(
    client,
    queries,
    ({ topic, partition }) => `The offset of ${topic}-${partition} cannot be read`,
    async (nodeId, topics, metadata) => {
      const body = {
        replicaId: -1,
        isolationLevel: isolation === 'read_committed' ? 1 : 0,
        topics: [...topics].map(([name, wanted]) => ({
          name,
          partitions: wanted.map(({ partition, timestamp }) => ({
            partitionIndex: partition,
            currentLeaderEpoch: leaderEpochOf(metadata.get(name), partition),
            timestamp,
          })),
        })),
        timeoutMs: client.settings.requestTimeoutMs,
      }
      const answer = await client.ask({ to: 'node', nodeId }, 'ListOffsets', body, { lane })
      return answer.topics.flatMap(({ name, partitions }) =>
        partitions.map(({ partitionIndex, errorCode, offset, timestamp, oldStyleOffsets }) => {
          // Version 0 has a list of offsets and no time.
          const found = offset >= 0n ? offset : (oldStyleOffsets[0] ?? -1n)
          return {
            topic: name,
            partition: partitionIndex,
            error: errorName(errorCode),
            value: { offset: found < 0n ? null : found, timestamp },
          }
        }),
      )
    },
  )
}

/** The epoch that we know of a leader: one that is older than the broker's, or newer, is answered with an error (KIP-320). */
export function leaderEpochOf(
  topic: { readonly partitions: readonly { readonly partition: number; readonly leaderEpoch: number }[] } | undefined,
  partition: number,
): number {
  return topic?.partitions.find((known) => known.partition === partition)?.leaderEpoch ?? -1
}

/** The values of all partitions. @throws KafkaError of the first partition that has one */
export function valuesOf<R>(answers: ReadonlyMap<TopicPartitionKey, R | KafkaError>): Map<TopicPartitionKey, R> {
  const values = new Map<TopicPartitionKey, R>()
  for (const [key, answer] of answers) {
    if (answer instanceof Error) throw answer
    values.set(key, answer)
  }
  return values
}

/** The value of one partition of a complete map. */
export function valueAt<R>(values: ReadonlyMap<TopicPartitionKey, R>, { topic, partition }: TopicPartition): R {
  const value = values.get(keyOf(topic, partition))
  if (value === undefined) throw new Error(`${topic}-${partition} was not asked for`)
  return value
}
