import { keyOf, type TopicPartitionKey } from '../../base/topic-partition'
import { errorName } from '../../protocol/errors'
import type { KafkaClient } from '../client'
import { ClientError, KafkaError } from '../failures'
import { askLeaders } from '../leaders'

/**
 * Sizes of the logs on the disks of their leaders. Services that do not tell them (Confluent Cloud, MSK Serverless) leave the map empty:
 * that is no failure.
 */
export async function logSizes(
  client: KafkaClient,
  leaderOf: (key: TopicPartitionKey) => number | undefined,
): Promise<Map<TopicPartitionKey, number>> {
  const sizes = new Map<TopicPartitionKey, number>()
  const ofNode = async (nodeId: number) => {
    try {
      const answer = await client.ask({ to: 'node', nodeId }, 'DescribeLogDirs', { topics: null }, { lane: 'poll' })
      for (const { name, partitions } of answer.results.flatMap(({ topics }) => topics)) {
        for (const { partitionIndex, partitionSize, isFutureKey } of partitions) {
          const key = keyOf(name, partitionIndex)
          if (!isFutureKey && leaderOf(key) === nodeId) sizes.set(key, Number(partitionSize))
        }
      }
    } catch (error) {
      if (!(error instanceof ClientError)) throw error
    }
  }
  await Promise.all((await client.nodes()).map(({ id }) => ofNode(id)))
  return sizes
}

/** A producer that a partition remembers. */
export interface ActiveProducer {
  /** 64 bits, as decimal text. */
  readonly producerId: string
  /** Of its last record; -1: not known. */
  readonly lastAt: number
}

/** The producers that the leader of each partition remembers; null where brokers do not tell (before Kafka 2.8, or not permitted). */
export async function activeProducers(
  client: KafkaClient,
  topic: string,
): Promise<(readonly ActiveProducer[])[] | null> {
  const [metadata] = await client.topics([topic])
  const places = metadata?.partitions.map(({ partition }) => ({ topic, partition })) ?? []
  try {
    const answers = await askLeaders(
      client,
      places,
      ({ partition }) => `The producers of ${topic}-${partition} cannot be listed`,
      async (nodeId, topics) => {
        const answer = await client.ask({ to: 'node', nodeId }, 'DescribeProducers', {
          topics: [...topics].map(([name, some]) => ({
            name,
            partitionIndexes: some.map(({ partition }) => partition),
          })),
        })
        return answer.topics.flatMap(({ name, partitions }) =>
          partitions.map(({ partitionIndex, errorCode, activeProducers: producers }) => ({
            topic: name,
            partition: partitionIndex,
            error: errorName(errorCode),
            value: producers.map(({ producerId, lastTimestamp }) => ({
              producerId: String(producerId),
              lastAt: Number(lastTimestamp),
            })),
          })),
        )
      },
    )
    const found = places.map(({ partition }) => answers.get(keyOf(topic, partition)))
    const told = found.filter((producers) => Array.isArray(producers))
    return told.length === found.length ? told : null
  } catch (error) {
    if (error instanceof ClientError || error instanceof KafkaError) return null
    throw error
  }
}
