import { Emitter } from '../../base/emitter'
import { definitionOf } from '../../broker/config/configs'
import { configProblem } from '../../broker/config/definition'
import { describeConfigs } from '../../broker/config/describe'
import { documentationOf } from '../../broker/config/documentation'
import type { Core } from '../../broker/core'
import type { Partition } from '../../broker/log/partition'
import type { Topic } from '../../broker/log/topics'
import { topicNameProblem } from '../../broker/topic-name'
import type { ConfigLine } from '../../contract/topics'
import { schemasTopic } from '../../registry/records'
import type { MeasuredLog, TopicChange, TopicFacts, TopicSource } from '../source/topics'
import type { RecordCounts } from './record-counts'
import { stored } from './stored'
import { TotalsCounter } from './totals'

/** Topics of the broker in this process. */
export function embeddedTopics(core: Core, counts: RecordCounts, onError: (error: unknown) => void): TopicSource {
  const changes = new Emitter<TopicChange>(onError)
  const partitionCounts = new Map(core.topics.all().map(({ id, partitionCount }) => [id, partitionCount]))
  core.topics.changed(({ kind, topic }) => {
    const before = kind === 'grown' ? (partitionCounts.get(topic.id) ?? null) : null
    if (kind === 'deleted') partitionCounts.delete(topic.id)
    else partitionCounts.set(topic.id, topic.partitionCount)
    changes.emit({ kind, topic: factsOf(topic), before })
  })
  const configChanges = new Emitter<void>(onError)
  core.configs.changed(() => configChanges.emit())
  const totals = new TotalsCounter(core)
  const measured = async (names: readonly string[]) => {
    const topics = names.flatMap((name) => core.topics.find(name) ?? [])
    const logs = topics.flatMap((topic) => topic.partitions().map(logOf))
    const counted = await counts.between(logs.map(({ log, start, end }) => ({ log, from: start, before: end })))
    const found = new Map<string, MeasuredLog[]>(topics.map(({ name }) => [name, []]))
    for (const [i, { log: _, ...facts }] of logs.entries()) {
      found.get(facts.topic)?.push({ ...facts, records: counted[i] ?? 0 })
    }
    return found
  }
  return {
    changed: changes.listen,
    configsChanged: configChanges.listen,
    list: async () => core.topics.all().map(factsOf),
    find: async (name) => {
      const topic = core.topics.find(name)
      return topic ? factsOf(topic) : null
    },
    logs: measured,
    measuredLogs: measured,
    producers: async (name) =>
      topicOf(core, name)
        .partitions()
        .map(({ facts, producers }) =>
          core.workspace.batches.producers(facts).map((producerId) => ({
            producerId: String(producerId),
            lastAt: Number(producers.entry(producerId).lastTimestamp),
          })),
        ),
    totals: async () => totals.sample(),
    configOf: async (config, names) =>
      new Map(names.map((name) => [name, core.configs.topicValues(name, config)[0]?.value ?? ''])),
    configs: async (name) => configLines(core, name),
    alterConfig: (name, config, value) =>
      stored(core, () => {
        topicOf(core, name)
        if (value !== null || !definitionOf('topic', config)) checkConfig(config, value ?? '')
        core.configs.set({ type: 'topic', name }, new Map([[config, value]]))
      }),
    create: (name, partitions, configs) => stored(core, () => createTopic(core, name, partitions, configs)),
    addPartitions: (name, count) =>
      stored(core, () => {
        const topic = topicOf(core, name)
        if (count <= topic.partitionCount) {
          throw new Error(
            `Topic ${name} has ${topic.partitionCount} partitions; Kafka can only add partitions, so choose more.`,
          )
        }
        core.topics.addPartitions(topic, count)
      }),
    delete: (names) =>
      stored(core, () => {
        for (const topic of names.map((name) => topicOf(core, name))) core.topics.delete(topic)
      }),
    deleteRecords: (name, before) =>
      stored(core, () => {
        const topic = topicOf(core, name)
        const points = before.map(({ partition, offset }) => ({
          log: logToDeleteFrom(topic, partition, offset),
          offset,
        }))
        for (const { log, offset } of points) log.deleteBefore(offset)
      }),
    purge: (names) =>
      stored(core, () => {
        for (const topic of names.map((name) => topicOf(core, name))) {
          for (const partition of topic.partitions()) partition.deleteBefore(partition.highWatermark)
        }
      }),
  }
}

/** @throws Error when it is gone */
export function topicOf(core: Core, name: string): Topic {
  const topic = core.topics.find(name)
  if (!topic) throw new Error(`There is no topic ${name}; it may have been deleted.`)
  return topic
}

/** @throws Error when the partition does not exist or ends before `offset`: Kafka answers OFFSET_OUT_OF_RANGE */
function logToDeleteFrom(topic: Topic, partition: number, offset: number): Partition {
  const log = topic.partition(partition)
  if (!log) throw new Error(`Topic ${topic.name} has no partition ${partition}.`)
  if (offset > log.highWatermark) {
    throw new Error(
      `Partition ${partition} of ${topic.name} ends at offset ${log.highWatermark}; records before ${offset} cannot be deleted.`,
    )
  }
  return log
}

function factsOf({ name, id, internal, partitionCount: partitions }: Topic): TopicFacts {
  // The registry keeps its schemas there: without it the messages that name them cannot be read.
  return { name, id, internal: internal || name === schemasTopic, partitions }
}

function logOf(log: Partition): Omit<MeasuredLog, 'records'> & { readonly log: Partition } {
  const { topic, number, logStartOffset: start, highWatermark: end, lastStableOffset, facts } = log
  return {
    log,
    topic,
    partition: number,
    start,
    end,
    stable: lastStableOffset,
    sizeBytes: facts.sizeBytes,
    newestAt: Number(facts.maxTimestamp),
  }
}

function configLines(core: Core, name: string): ConfigLine[] {
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

/** @throws Error with a sentence */
function checkConfig(name: string, value: string): void {
  const definition = definitionOf('topic', name)
  if (!definition) throw new Error(`Topics have no config ${name}.`)
  const problem = configProblem(definition, value)
  if (problem) throw new Error(problem)
}

function createTopic(core: Core, name: string, partitions: number, configs: Readonly<Record<string, string>>): void {
  const problem = topicNameProblem(name)
  if (problem) throw new Error(problem)
  if (core.topics.find(name)) throw new Error(`Topic ${name} already exists.`)
  const other = core.topics.collision(name)
  if (other)
    throw new Error(`Topic ${name} would have the same metric names as ${other}: "." and "_" are the same there.`)
  for (const [key, value] of Object.entries(configs)) checkConfig(key, value)
  core.topics.create(name, partitions, new Map(Object.entries(configs)))
}
