import type { TopicPartition } from '../../base/topic-partition'
import { errorName } from '../../protocol/errors'
import type { KafkaClient } from '../client'
import { check, KafkaError } from '../failures'
import { askLeaders } from '../leaders'

export interface NewTopic {
  readonly name: string
  /** -1: as the broker is set (KIP-464). */
  readonly partitions: number
  readonly replicationFactor?: number
  readonly configs?: Readonly<Record<string, string>>
}

/** Creates topics; resolves when the controller has them. @throws KafkaError for the first that was not created */
export async function createTopics(client: KafkaClient, topics: readonly NewTopic[]): Promise<void> {
  await client.retry(async () => {
    const answer = await client.ask({ to: 'controller' }, 'CreateTopics', {
      topics: topics.map(({ name, partitions, replicationFactor = -1, configs = {} }) => ({
        name,
        numPartitions: partitions,
        replicationFactor,
        assignments: [],
        configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
      })),
      timeoutMs: client.settings.requestTimeoutMs,
    })
    for (const { name, errorCode, errorMessage } of answer.topics) {
      check(errorCode, `Topic ${name} cannot be created`, errorMessage)
    }
  })
  client.metadata.forgetTopics()
}

/** Adds partitions; `count` is the new number of them. @throws KafkaError */
export async function addPartitions(client: KafkaClient, topic: string, count: number): Promise<void> {
  await client.retry(async () => {
    const answer = await client.ask({ to: 'controller' }, 'CreatePartitions', {
      topics: [{ name: topic, count, assignments: null }],
      timeoutMs: client.settings.requestTimeoutMs,
      validateOnly: false,
    })
    for (const { errorCode, errorMessage } of answer.results) {
      check(errorCode, `Topic ${topic} cannot get more partitions`, errorMessage)
    }
  })
  client.metadata.forgetTopics()
}

/** Records with a smaller offset go; -1: all up to the high watermark. */
export interface DeletionPlace extends TopicPartition {
  readonly offset: bigint
}

/** Removes all records up to the present ends. @throws KafkaError of the first partition that kept them */
export async function purgeTopics(client: KafkaClient, names: readonly string[]): Promise<void> {
  const topics = await client.retry(() => client.topics(names))
  await deleteRecords(
    client,
    topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partition }) => ({ topic: name, partition, offset: -1n })),
    ),
  )
}

/** Deletes the records before these offsets. @throws KafkaError of the first partition that kept them */
export async function deleteRecords(client: KafkaClient, places: readonly DeletionPlace[]): Promise<void> {
  const answers = await askLeaders(
    client,
    places,
    ({ topic, partition }) => `The records of ${topic}-${partition} cannot be deleted`,
    async (nodeId, byTopic) => {
      const answer = await client.ask({ to: 'node', nodeId }, 'DeleteRecords', {
        topics: [...byTopic].map(([name, some]) => ({
          name,
          partitions: some.map(({ partition, offset }) => ({ partitionIndex: partition, offset })),
        })),
        timeoutMs: client.settings.requestTimeoutMs,
      })
      return answer.topics.flatMap(({ name, partitions }) =>
        partitions.map(({ partitionIndex, errorCode }) => ({
          topic: name,
          partition: partitionIndex,
          error: errorName(errorCode),
          value: true,
        })),
      )
    },
  )
  for (const answer of answers.values()) if (answer instanceof KafkaError) throw answer
}

/** Deletes topics. @throws KafkaError for the first that was not deleted */
export async function deleteTopics(client: KafkaClient, names: readonly string[]): Promise<void> {
  await client.retry(async () => {
    const timeoutMs = client.settings.requestTimeoutMs
    const answer = await client.ask({ to: 'controller' }, 'DeleteTopics', (version) =>
      version >= 6 ? { topics: names.map((name) => ({ name })), timeoutMs } : { topicNames: names, timeoutMs },
    )
    const failed = answer.responses.find(({ errorCode }) => errorCode !== 0)
    if (failed) check(failed.errorCode, `Topic ${failed.name ?? ''} cannot be deleted`, failed.errorMessage)
    if (answer.responses.length < names.length) {
      throw new KafkaError('UNKNOWN_SERVER_ERROR', 'Topics cannot be deleted', {
        detail: 'The answer does not name all of them.',
      })
    }
  })
  client.metadata.forgetTopics()
}
