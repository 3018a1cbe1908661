import type { TopicPartition } from '../base/topic-partition'
import { alterTopicConfig, type DescribedConfig, describeTopicConfigs } from '../client/admin/configs'
import { createTopics } from '../client/admin/topics'
import type { KafkaClient } from '../client/client'
import { KafkaError } from '../client/failures'
import { UsageError } from '../options/serve'

/** A topic of the source, and its copy. */
export interface TopicPlan {
  readonly name: string
  readonly target: string
  readonly partitions: number
  /** The topic is there already: messages are added behind its own. */
  readonly isThere: boolean
  readonly configs: Readonly<Record<string, string>>
}

/** Configs that speak of other brokers, of their disks, or of one service. */
const notOurs = /^(min\.insync\.replicas|unclean\.|.*\.throttled\.|remote\.|local\.|confluent\.|redpanda\.)/
/** Configs that decide which messages stay: taken also where the brokers' settings, not the topic's, say something else than Kafka. */
const lasting = new Set(['cleanup.policy', 'retention.ms', 'retention.bytes', 'max.message.bytes'])

/** The topics as they are and as they will be. @throws UsageError, KafkaError, ClientError */
export async function planTopics(
  source: KafkaClient,
  target: KafkaClient,
  names: readonly string[],
  as: string | undefined,
  warn: (text: string) => void,
): Promise<readonly TopicPlan[]> {
  const found = await source.topics(names)
  const internal = found.find(({ isInternal }) => isInternal)
  if (internal) throw new UsageError(`${internal.name} is a topic that brokers keep for themselves; it is not copied.`)
  const isSame = (await clusterId(source)) === (await clusterId(target))
  const described = await describeTopicConfigs(source, names, null)
  const there = await target.describeTopics(names.map((name) => as ?? name))
  return found.map(({ name, partitions }, i) => {
    const own = as ?? name
    if (isSame && own === name) throw new UsageError(`--from and --to are the same cluster: name the copy with --as.`)
    const existing = there[i]?.error === 'NONE' ? there[i] : undefined
    if (existing && existing.partitions.length < partitions.length) {
      throw new UsageError(
        `${own} has ${existing.partitions.length} partitions where it is copied to, and ${partitions.length} where it comes from.`,
      )
    }
    const configs = described.get(name)
    if (configs instanceof Error) warn(`${configs.message} The copy has the configs of its broker.`)
    return {
      name,
      target: own,
      partitions: partitions.length,
      isThere: existing !== undefined,
      configs: existing || !configs || configs instanceof Error ? {} : configsOf(name, configs, warn),
    }
  })
}

async function clusterId(client: KafkaClient): Promise<string | null> {
  await client.nodes()
  return client.metadata.clusterId
}

export function placesOf(topics: readonly TopicPlan[]): TopicPartition[] {
  return topics.flatMap(({ name, partitions }) =>
    Array.from({ length: partitions }, (_, partition) => ({ topic: name, partition })),
  )
}

function configsOf(
  topic: string,
  configs: readonly DescribedConfig[],
  warn: (text: string) => void,
): Record<string, string> {
  const taken: Record<string, string> = {}
  for (const { name, value, source } of configs) {
    const isOwn = source === 'DYNAMIC_TOPIC_CONFIG' || (lasting.has(name) && source !== 'DEFAULT_CONFIG')
    if (!isOwn || value === null || notOurs.test(name)) continue
    // The broker would replace the times of the messages by its own.
    if (name === 'message.timestamp.type' && value === 'LogAppendTime') {
      warn(`${topic}: the copy has message.timestamp.type=CreateTime, so that messages keep their times.`)
    } else taken[name] = value
  }
  return taken
}

/** Creates the topics that are not there. A config that this broker does not know is left out with a warning. */
export async function makeTopics(
  target: KafkaClient,
  plans: readonly TopicPlan[],
  warn: (text: string) => void,
): Promise<void> {
  const made = plans.filter(({ isThere }) => !isThere)
  if (made.length > 0)
    await createTopics(
      target,
      made.map(({ target: name, partitions }) => ({ name, partitions })),
    )
  await target.retry(() =>
    target.topics(
      plans.map((plan) => plan.target),
      { isNew: true },
    ),
  )
  for (const plan of made) {
    for (const [name, value] of Object.entries(plan.configs)) {
      try {
        await alterTopicConfig(target, plan.target, name, value)
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error
        warn(error.message)
      }
    }
  }
}
