import { groupByTopic, keyOf, type TopicPartition, type TopicPartitionKey } from '../base/topic-partition'
import type { ErrorName } from '../protocol/errors'
import type { KafkaClient } from './client'
import { KafkaError, recoveryOf } from './failures'
import type { TopicMetadata } from './metadata'
import { worthRetrying } from './retry'

/** One partition's part of an answer. */
export interface PartitionAnswer<R> extends TopicPartition {
  readonly error: ErrorName
  readonly value: R
}

/** A request for partitions of one leader, grouped by topic. */
export type SendToLeader<P extends TopicPartition, R> = (
  nodeId: number,
  topics: ReadonlyMap<string, readonly P[]>,
  metadata: ReadonlyMap<string, TopicMetadata>,
) => Promise<readonly PartitionAnswer<R>[]>

/**
 * Asks the leader of each partition, all leaders at once. Partitions whose leader has moved are asked for again until the time
 * of a call is over.
 *
 * @param what the beginning of the sentence of an error: `The offsets of` is continued with `orders-0 cannot be read`
 * @returns the value of every partition, or the error that it ended with
 */
export async function askLeaders<P extends TopicPartition, R>(
  client: KafkaClient,
  partitions: readonly P[],
  what: (partition: TopicPartition) => string,
  send: SendToLeader<P, R>,
): Promise<Map<TopicPartitionKey, R | KafkaError>> {
  const done = new Map<TopicPartitionKey, R | KafkaError>()
  let left = partitions
  try {
    await client.retry(async () => {
      const { byLeader, metadata } = await leadersOf(client, left, what, done)
      const answers = await Promise.all(
        [...byLeader].map(([nodeId, mine]) => settled(send(nodeId, groupByTopic(mine), metadata))),
      )
      const failures = answers.flatMap((answer) => (Array.isArray(answer) ? [] : [answer as Error]))
      for (const { topic, partition, error, value } of answers.flatMap((answer) =>
        Array.isArray(answer) ? answer : [],
      )) {
        const key = keyOf(topic, partition)
        done.set(key, error === 'NONE' ? value : new KafkaError(error, what({ topic, partition })))
      }
      const fatal = failures.find((failure) => recoveryOf(failure) === 'none')
      if (fatal) throw fatal
      left = left.filter(({ topic, partition }) => {
        const answer = done.get(keyOf(topic, partition))
        return answer === undefined || (answer instanceof KafkaError && recoveryOf(answer) !== 'none')
      })
      if (left.length === 0) return
      const errors = left.flatMap(({ topic, partition }) => {
        const answer = done.get(keyOf(topic, partition))
        return answer instanceof KafkaError ? [answer] : []
      })
      throw (
        worthRetrying(errors) ??
        failures[0] ??
        new KafkaError('UNKNOWN_SERVER_ERROR', `${what(left[0] as P)}: no answer`)
      )
    })
  } catch (failure) {
    // The partitions bear their errors; a failure that has no partition is the whole call's.
    if (!(failure instanceof KafkaError) || left.some(({ topic, partition }) => !done.has(keyOf(topic, partition))))
      throw failure
  }
  return done
}

/** The partitions by their leaders; partitions that do not exist, and topics that may not be seen, are done with an error. */
async function leadersOf<P extends TopicPartition>(
  client: KafkaClient,
  partitions: readonly P[],
  what: (partition: TopicPartition) => string,
  done: Map<TopicPartitionKey, unknown>,
): Promise<{ byLeader: Map<number, P[]>; metadata: ReadonlyMap<string, TopicMetadata> }> {
  const names = [...new Set(partitions.map(({ topic }) => topic))]
  const metadata = new Map((await client.describeTopics(names)).map((topic) => [topic.name, topic]))
  const byLeader = new Map<number, P[]>()
  for (const wanted of partitions) {
    const topic = metadata.get(wanted.topic)
    const found = topic?.partitions.find(({ partition }) => partition === wanted.partition)
    const error = topic && topic.error !== 'NONE' ? topic.error : found ? undefined : 'UNKNOWN_TOPIC_OR_PARTITION'
    const key = keyOf(wanted.topic, wanted.partition)
    if (error || !found) {
      done.set(
        key,
        new KafkaError(error ?? 'UNKNOWN_TOPIC_OR_PARTITION', what(wanted), {
          isFinal: error !== 'LEADER_NOT_AVAILABLE',
        }),
      )
    } else if (found.leader < 0) done.set(key, new KafkaError('LEADER_NOT_AVAILABLE', what(wanted)))
    else {
      const mine = byLeader.get(found.leader)
      if (mine) mine.push(wanted)
      else byLeader.set(found.leader, [wanted])
    }
  }
  return { byLeader, metadata }
}

async function settled<T>(promise: Promise<T>): Promise<T | Error> {
  try {
    return await promise
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
