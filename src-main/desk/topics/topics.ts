import { definitionOf } from '../../broker/config/configs'
import { configProblem } from '../../broker/config/definition'
import { describeConfigs } from '../../broker/config/describe'
import { documentationOf } from '../../broker/config/documentation'
import type { Core } from '../../broker/core'
import type { Topic } from '../../broker/log/topics'
import { topicNameProblem } from '../../broker/topic-name'
import type { ConfigLine, PartitionLine, TopicLine } from '../../contract/topics'
import type { Pulse } from '../home/pulse'

export function topicLines(core: Core, pulse: Pulse): TopicLine[] {
  const lags = lagsByTopic(core)
  return core.topics.all().map((topic) => {
    const sum = { messages: 0, sizeBytes: 0, lastMessageAt: -1 }
    for (const { facts } of topic.partitions()) {
      sum.messages += facts.logEnd - facts.logStart
      sum.sizeBytes += facts.sizeBytes
      sum.lastMessageAt = Math.max(sum.lastMessageAt, Number(facts.maxTimestamp))
    }
    const rate = pulse.rateOf(topic.name)
    return {
      name: topic.name,
      id: topic.id,
      internal: topic.internal,
      partitions: topic.partitionCount,
      ...sum,
      cleanupPolicy: core.configs.topicValues(topic.name, 'cleanup.policy')[0]?.value ?? '',
      inPerSecond: rate.inRecords,
      inBytesPerSecond: rate.inBytes,
      outBytesPerSecond: rate.outBytes,
      groups: lags.get(topic.name) ?? [],
    }
  })
}

function lagsByTopic({ groups, topics }: Core): Map<string, { groupId: string; lag: number }[]> {
  const result = new Map<string, { groupId: string; lag: number }[]>()
  for (const groupId of groups.offsets.groupIds()) {
    const lags = new Map<string, number>()
    for (const { topic, partition, offset } of groups.offsets.of(groupId)) {
      const log = topics.partition(topic, partition)
      if (log)
        lags.set(topic, (lags.get(topic) ?? 0) + Math.max(0, log.highWatermark - Math.max(offset, log.logStartOffset)))
    }
    for (const [topic, lag] of lags) result.set(topic, [...(result.get(topic) ?? []), { groupId, lag }])
  }
  return result
}

export function partitionLines(core: Core, name: string): PartitionLine[] {
  return topicOf(core, name)
    .partitions()
    .map((partition) => ({
      number: partition.number,
      start: partition.logStartOffset,
      end: partition.highWatermark,
      stable: partition.lastStableOffset,
      sizeBytes: partition.facts.sizeBytes,
      newestAt: Number(partition.facts.maxTimestamp),
      producers: core.workspace.batches.producers(partition.facts).length,
    }))
}

export function configLines(core: Core, name: string): ConfigLine[] {
  topicOf(core, name)
  return describeConfigs(core.configs, { type: 'topic', name }, null).map((config) => ({
    name: config.name,
    value: config.value,
    type: config.type,
    source: config.source,
    readOnly: config.readOnly,
    secret: config.isSensitive,
    isDefault: config.source === 'DEFAULT_CONFIG',
    documentation: documentationOf('topic', config.name),
  }))
}

/** `null` takes the topic's own value away. @throws Error with a sentence */
export async function alterConfig(core: Core, topic: string, config: string, value: string | null): Promise<void> {
  topicOf(core, topic)
  const definition = definitionOf('topic', config)
  if (!definition) throw new Error(`Topics have no config ${config}.`)
  const problem = value === null ? undefined : configProblem(definition, value)
  if (problem) throw new Error(problem)
  core.configs.set({ type: 'topic', name: topic }, new Map([[config, value]]))
  await core.commits.settled
}

/** @throws Error with a sentence */
export async function createTopic(
  core: Core,
  name: string,
  partitions: number,
  configs: Readonly<Record<string, string>>,
): Promise<void> {
  const problem = topicNameProblem(name)
  if (problem) throw new Error(problem)
  if (core.topics.find(name)) throw new Error(`Topic ${name} exists already.`)
  const other = core.topics.collision(name)
  if (other) throw new Error(`Topic ${name} would have the same metrics as ${other}: "." and "_" count as one.`)
  for (const [key, value] of Object.entries(configs)) {
    const definition = definitionOf('topic', key)
    if (!definition) throw new Error(`Topics have no config ${key}.`)
    const wrong = configProblem(definition, value)
    if (wrong) throw new Error(wrong)
  }
  core.topics.create(name, partitions, new Map(Object.entries(configs)))
  await core.commits.settled
}

export async function growTopic(core: Core, name: string, partitions: number): Promise<void> {
  const topic = topicOf(core, name)
  if (partitions <= topic.partitionCount) {
    throw new Error(`Topic ${name} has ${topic.partitionCount} partitions; Kafka can only add some.`)
  }
  core.topics.addPartitions(topic, partitions)
  await core.commits.settled
}

export async function deleteTopics(core: Core, names: readonly string[]): Promise<void> {
  for (const topic of names.map((name) => topicOf(core, name))) core.topics.delete(topic)
  await core.commits.settled
}

/** Everything up to the log ends goes; the topics and their configs stay. */
export async function purgeTopics(core: Core, names: readonly string[]): Promise<void> {
  for (const topic of names.map((name) => topicOf(core, name))) {
    for (const partition of topic.partitions()) partition.deleteBefore(partition.highWatermark)
  }
  await core.commits.settled
}

/** @throws Error when it is gone */
export function topicOf(core: Core, name: string): Topic {
  const topic = core.topics.find(name)
  if (!topic) throw new Error(`There is no topic ${name} any more.`)
  return topic
}
