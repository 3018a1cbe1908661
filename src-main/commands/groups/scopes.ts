import type { TopicPartition } from '../../base/topic-partition'
import type { KafkaClient } from '../../client/client'
import { UsageError } from '../../options/serve'

/** `--topic orders` or `--topic orders:0,1`. */
interface Scope {
  readonly topic: string
  /** Null: all of them. */
  readonly partitions: readonly number[] | null
}

/** @throws UsageError */
export function readScopes(texts: readonly string[]): Scope[] {
  return texts.map((text) => {
    const match = /^([^:]+)(?::(\d+(?:,\d+)*))?$/.exec(text)
    if (!match) throw new UsageError(`--topic is "${text}"; it needs the form NAME or NAME:0,1.`)
    return { topic: match[1] as string, partitions: match[2]?.split(',').map(Number) ?? null }
  })
}

/** The partitions of the scopes. @throws KafkaError for a topic that cannot be described, UsageError for a partition that it does not have */
export async function partitionsIn(client: KafkaClient, scopes: readonly Scope[]): Promise<TopicPartition[]> {
  const topics = await client.retry(() => client.topics([...new Set(scopes.map(({ topic }) => topic))]))
  return scopes.flatMap(({ topic, partitions }) => {
    const all = topics.find(({ name }) => name === topic)?.partitions.map(({ partition }) => partition) ?? []
    const unknown = partitions?.find((partition) => !all.includes(partition))
    if (unknown !== undefined) throw new UsageError(`${topic} has no partition ${unknown}.`)
    return (partitions ?? all).map((partition) => ({ topic, partition }))
  })
}
