import { Emitter } from '../../base/emitter'
import { zeroUuid } from '../../base/uuid'
import { alterTopicConfig, describeTopicConfigs } from '../../client/admin/configs'
import { type ActiveProducer, activeProducers } from '../../client/admin/logs'
import { addPartitions, createTopics, deleteRecords, deleteTopics, purgeTopics } from '../../client/admin/topics'
import type { KafkaClient } from '../../client/client'
import type { TopicMetadata } from '../../client/metadata'
import type {
  DeletionPoint,
  LogFacts,
  MeasuredLog,
  TopicChange,
  TopicFacts,
  TopicSource,
  TopicTotals,
  Totals,
} from '../source/topics'
import { Fresh } from './fresh'
import { RemoteLogs, topicsMaxAgeMs } from './logs'

const configsMaxAgeMs = 60_000

/** Topics of a cluster elsewhere, polled while somebody asks. */
export class RemoteTopics implements TopicSource {
  readonly changed: TopicSource['changed']
  readonly configsChanged: TopicSource['configsChanged']
  readonly #client: KafkaClient
  readonly #changes: Emitter<TopicChange>
  readonly #configChanges: Emitter<void>
  readonly #topics: Fresh<readonly TopicMetadata[]>
  readonly #logs: RemoteLogs
  readonly #policies = new Map<string, Fresh<ReadonlyMap<string, string>>>()
  #known: ReadonlyMap<string, TopicFacts> | undefined
  /** The ends of the logs when each topic was first seen. */
  readonly #totals = new Map<string, { first: number; last: number }>()
  #counted: { readonly logs: readonly LogFacts[]; readonly totals: Totals } | undefined

  constructor(client: KafkaClient, onError: (error: unknown) => void) {
    this.#client = client
    this.#changes = new Emitter(onError)
    this.#configChanges = new Emitter(onError)
    this.changed = this.#changes.listen
    this.configsChanged = this.#configChanges.listen
    this.#topics = new Fresh(client.clock, topicsMaxAgeMs, () => this.#askTopics())
    this.#logs = new RemoteLogs(client, () => this.#topics.get())
  }

  async list(): Promise<readonly TopicFacts[]> {
    return (await this.#topics.get()).map(factsOf)
  }

  async find(name: string): Promise<TopicFacts | null> {
    return (await this.list()).find((topic) => topic.name === name) ?? null
  }

  logs(names: readonly string[]): Promise<ReadonlyMap<string, readonly LogFacts[]>> {
    return this.#logs.of(names)
  }

  measuredLogs(names: readonly string[]): Promise<ReadonlyMap<string, readonly MeasuredLog[]>> {
    return this.#logs.measured(names)
  }

  async producers(name: string): Promise<readonly (readonly ActiveProducer[])[] | null> {
    return await activeProducers(this.#client, name)
  }

  async totals(): Promise<Totals> {
    const logs = await this.#logs.all()
    if (logs === this.#counted?.logs) return this.#counted.totals
    const ends = new Map<string, number>()
    for (const { topic, end } of logs) ends.set(topic, (ends.get(topic) ?? 0) + end)
    const found = new Map<string, TopicTotals>()
    for (const [name, end] of ends) {
      const known = this.#totals.get(name) ?? { first: end, last: end }
      // A topic that was deleted and created again begins at the start.
      if (end < known.last) known.first = end
      known.last = end
      this.#totals.set(name, known)
      found.set(name, { writtenRecords: end - known.first, writtenBytes: null, readBytes: null })
    }
    for (const name of this.#totals.keys()) if (!ends.has(name)) this.#totals.delete(name)
    const totals = { topics: found, requests: null }
    this.#counted = { logs, totals }
    return totals
  }

  async configOf(config: string, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const key = `${config} ${names.join(' ')}`
    let values = this.#policies.get(key)
    if (!values) {
      this.#policies.clear()
      values = new Fresh(this.#client.clock, configsMaxAgeMs, async () => {
        const described = await describeTopicConfigs(this.#client, names, [config])
        return new Map(
          [...described].flatMap(([name, configs]) =>
            configs instanceof Error ? [] : [[name, configs[0]?.value ?? ''] as const],
          ),
        )
      })
      this.#policies.set(key, values)
    }
    return await values.get()
  }

  async configs(topic: string) {
    const configs = (await describeTopicConfigs(this.#client, [topic], null)).get(topic)
    if (configs instanceof Error) throw configs
    return (configs ?? []).map((config) => ({
      name: config.name,
      value: config.value,
      type: config.type,
      source: config.source,
      readOnly: config.readOnly,
      secret: config.isSensitive,
      isDefault: config.source === 'DEFAULT_CONFIG',
      documentation: config.documentation,
    }))
  }

  async alterConfig(topic: string, config: string, value: string | null): Promise<void> {
    await alterTopicConfig(this.#client, topic, config, value)
    this.#policies.clear()
    this.#configChanges.emit()
  }

  async create(name: string, partitions: number, configs: Readonly<Record<string, string>>): Promise<void> {
    await createTopics(this.#client, [{ name, partitions, configs }])
    // The controller has it; the broker that tells leaders may learn of it a moment later, and a message written now would have none.
    await this.#client.retry(() => this.#client.topics([name], { isNew: true }))
    this.#forget()
  }

  async addPartitions(name: string, count: number): Promise<void> {
    await addPartitions(this.#client, name, count)
    this.#forget()
  }

  async delete(names: readonly string[]): Promise<void> {
    await deleteTopics(this.#client, names)
    this.#forget()
  }

  async deleteRecords(name: string, before: readonly DeletionPoint[]): Promise<void> {
    await deleteRecords(
      this.#client,
      before.map(({ partition, offset }) => ({ topic: name, partition, offset: BigInt(offset) })),
    )
    this.#forget()
  }

  async purge(names: readonly string[]): Promise<void> {
    await purgeTopics(this.#client, names)
    this.#forget()
  }

  /** The ends of logs have moved by what this app wrote. */
  forgetLogs(): void {
    this.#logs.forgetOffsets()
  }

  #forget(): void {
    this.#client.metadata.forgetTopics()
    this.#topics.forget()
    this.#logs.forget()
    this.#policies.clear()
  }

  async #askTopics(): Promise<readonly TopicMetadata[]> {
    const topics = (await this.#client.describeTopics(null, { lane: 'poll' }))
      .filter(({ error }) => error === 'NONE')
      .sort((a, b) => (a.name < b.name ? -1 : 1))
    this.#tell(topics.map(factsOf))
    return topics
  }

  /** What is different from the last time. */
  #tell(topics: readonly TopicFacts[]): void {
    const before = this.#known
    const now = new Map(topics.map((topic) => [topic.name, topic]))
    this.#known = now
    if (!before) return
    for (const topic of topics) {
      const known = before.get(topic.name)
      if (!known || known.id !== topic.id) this.#changes.emit({ kind: 'created', topic, before: null })
      else if (known.partitions < topic.partitions)
        this.#changes.emit({ kind: 'grown', topic, before: known.partitions })
    }
    for (const [name, topic] of before) if (!now.has(name)) this.#changes.emit({ kind: 'deleted', topic, before: null })
  }
}

function factsOf({ name, id, isInternal, partitions }: TopicMetadata): TopicFacts {
  return { name, id: id === zeroUuid ? '' : id, internal: isInternal, partitions: partitions.length }
}
