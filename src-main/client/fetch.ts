import type { TopicPartition, TopicPartitionKey } from '../base/topic-partition'
import type { Uuid } from '../base/uuid'
import { zeroUuid } from '../base/uuid'
import type { ResponseOf } from '../protocol/api-types'
import { errorName } from '../protocol/errors'
import type { KafkaClient } from './client'
import type { KafkaError } from './failures'
import { askLeaders, type PartitionAnswer } from './leaders'
import type { TopicMetadata } from './metadata'
import { type Isolation, leaderEpochOf } from './offsets'

/** A position to read from. */
export interface FetchPosition extends TopicPartition {
  readonly offset: number
  /** Bytes wanted of this partition; the broker sends one whole batch at least. */
  readonly maxBytes: number
}

/** A transaction that was aborted: its records begin at `firstOffset`, and end with a marker. */
export interface AbortedTransaction {
  readonly producerId: bigint
  readonly firstOffset: bigint
}

/** A partition's part of a fetch: `records` are batches as they are stored, the last one may be cut off. */
export interface Fetched {
  readonly records: Uint8Array
  readonly highWatermark: bigint
  /** The first offset of an open transaction, or the high watermark. */
  readonly lastStableOffset: bigint
  readonly logStartOffset: bigint
  /** With `read_committed`, and else empty. */
  readonly aborted: readonly AbortedTransaction[]
}

export interface FetchOptions {
  readonly isolation?: Isolation
  /** How long the broker may wait for `minBytes`. */
  readonly maxWaitMs?: number
  readonly minBytes?: number
  /** Of a whole answer. */
  readonly maxBytes?: number
}

const defaultMaxBytes = 50 * 1024 * 1024

/**
 * Fetches from the leaders of the partitions, one request per broker, without a session. A partition that cannot be read has
 * its error, e.g. OFFSET_OUT_OF_RANGE.
 */
export function fetchRecords(
  client: KafkaClient,
  positions: readonly FetchPosition[],
  options: FetchOptions = {},
): Promise<Map<TopicPartitionKey, Fetched | KafkaError>> {
  return askLeaders(
    client,
    positions,
    ({ topic, partition }) => `${topic}-${partition} cannot be read`,
    (nodeId, topics, metadata) => fetchFrom(client, nodeId, topics, metadata, options),
  )
}

async function fetchFrom(
  client: KafkaClient,
  nodeId: number,
  topics: ReadonlyMap<string, readonly FetchPosition[]>,
  metadata: ReadonlyMap<string, TopicMetadata>,
  options: FetchOptions,
): Promise<PartitionAnswer<Fetched>[]> {
  const { isolation = 'read_uncommitted', maxWaitMs = 0, minBytes = 0, maxBytes = defaultMaxBytes } = options
  const ids = new Map<Uuid, string>()
  for (const name of topics.keys()) ids.set(metadata.get(name)?.id ?? zeroUuid, name)
  // From version 13 on topics are named by their ids, which brokers before Kafka 2.8 do not have.
  const maxVersion = ids.has(zeroUuid) ? 12 : Number.POSITIVE_INFINITY
  const answer = await client.ask(
    { to: 'node', nodeId },
    'Fetch',
    {
      maxWaitMs,
      minBytes,
      maxBytes,
      isolationLevel: isolation === 'read_committed' ? 1 : 0,
      topics: [...topics].map(([topic, partitions]) => ({
        topic,
        topicId: metadata.get(topic)?.id ?? zeroUuid,
        partitions: partitions.map(({ partition, offset, maxBytes: partitionMaxBytes }) => ({
          partition,
          currentLeaderEpoch: leaderEpochOf(metadata.get(topic), partition),
          fetchOffset: BigInt(offset),
          partitionMaxBytes,
        })),
      })),
      forgottenTopicsData: [],
    },
    { lane: 'fetch', maxVersion, timeoutMs: maxWaitMs + client.settings.requestTimeoutMs },
  )
  // An error of the whole answer is that of every partition in it.
  if (answer.errorCode !== 0) {
    const error = errorName(answer.errorCode)
    return [...topics].flatMap(([topic, partitions]) =>
      partitions.map(({ partition }) => ({ topic, partition, error, value: nothing })),
    )
  }
  return answer.responses.flatMap(({ topic, topicId, partitions }) =>
    partitions.map((partition) => ({
      topic: topic || (ids.get(topicId) ?? ''),
      partition: partition.partitionIndex,
      error: errorName(partition.errorCode),
      value: fetchedOf(partition),
    })),
  )
}

const nothing: Fetched = {
  records: new Uint8Array(),
  highWatermark: -1n,
  lastStableOffset: -1n,
  logStartOffset: -1n,
  aborted: [],
}

function fetchedOf(partition: ResponseOf<'Fetch'>['responses'][number]['partitions'][number]): Fetched {
  const { records, highWatermark, lastStableOffset, logStartOffset, abortedTransactions } = partition
  return {
    records: records ?? new Uint8Array(),
    highWatermark,
    lastStableOffset,
    logStartOffset,
    aborted: abortedTransactions ?? [],
  }
}
