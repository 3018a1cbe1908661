import { Emitter } from '../../base/emitter'
import { keyOf } from '../../base/topic-partition'
import { zeroUuid } from '../../base/uuid'
import { alterTopicConfig, describeTopicConfigs } from '../../client/admin/configs'
import { type ActiveProducer, activeProducers, logSizes } from '../../client/admin/logs'
import { addPartitions, createTopics, deleteRecords, deleteTopics, purgeTopics } from '../../client/admin/topics'
import type { KafkaClient } from '../../client/client'
import type { TopicMetadata } from '../../client/metadata'
import { type ListedOffset, listOffsets, offsetSpecs } from '../../client/offsets'
import type { DeletionPoint, LogFacts, TopicChange, TopicFacts, TopicSource, TopicTotals } from '../source/topics'
import { Fresh } from './fresh'

const topicsMaxAgeMs = 10_000
/** Logs are asked for again after this, however many pages show them. */
const logsMaxAgeMs = 2000
/** Sizes and newest times are looked up less often: they cost every broker a walk over its logs. */
const detailsMaxAgeMs = 10_000
const configsMaxAgeMs = 60_000

interface Details {
  readonly sizes: ReadonlyMap<string, number>
  readonly newest: ReadonlyMap<string, number>
}

/** Topics of a cluster elsewhere, polled while somebody asks. */
export class RemoteTopics implements TopicSource {
  readonly changed: TopicSource['changed']
  readonly configsChanged: TopicSource['configsChanged']
  readonly #client: KafkaClient
  readonly #changes: Emitter<TopicChange>
  readonly #configChanges: Emitter<void>
  readonly #topics: Fresh<readonly TopicMetadata[]>
  readonly #logs = new Map<string, Fresh<readonly LogFacts[]>>()
  readonly #details: Fresh<Details>
  readonly #policies = new Map<string, Fresh<ReadonlyMap<string, string>>>()
  #known: ReadonlyMap<string, TopicFacts> | undefined
  /** The ends of the logs when each topic was first seen. */
  readonly #totals = new Map<string, { first: number; last: number }>()

  constructor(client: KafkaClient, onError: (error: unknown) => void) {
    this.#client = client
    this.#changes = new Emitter(onError)
    this.#configChanges = new Emitter(onError)
    this.changed = this.#changes.listen
    this.configsChanged = this.#configChanges.listen
    this.#topics = new Fresh(client.clock, topicsMaxAgeMs, () => this.#askTopics())
    this.#details = new Fresh(client.clock, detailsMaxAgeMs, () => this.#askDetails())
  }

  async list(): Promise<readonly TopicFacts[]> {
    return (await this.#topics.get()).map(factsOf)
  }

  async find(name: string): Promise<TopicFacts | null> {
    return (await this.list()).find((topic) => topic.name === name) ?? null
  }

  async logs(names: readonly string[]): Promise<ReadonlyMap<string, readonly LogFacts[]>> {
    const topics = await this.#topics.get()
    const asked = new Set(names)
    const wanted = topics.filter(({ name }) => asked.has(name))
    // All topics in one question: what is asked for alone is asked for by its own page.
    const key = wanted.map(({ name }) => name).join(' ')
    let logs = this.#logs.get(key)
    if (!logs) {
      logs = new Fresh(this.#client.clock, logsMaxAgeMs, () => this.#askLogs(wanted.map(({ name }) => name)))
      this.#logs.set(key, logs)
      for (const oldest of this.#logs.keys()) {
        if (this.#logs.size <= 100) break
        this.#logs.delete(oldest)
      }
    }
    const found = new Map<string, LogFacts[]>(wanted.map(({ name }) => [name, []]))
    for (const log of await logs.get()) found.get(log.topic)?.push(log)
    return found
  }

  async producers(name: string): Promise<readonly (readonly ActiveProducer[])[] | null> {
    return await activeProducers(this.#client, name)
  }

  async totals() {
    const topics = await this.#topics.get()
    const logs = await this.logs(topics.map(({ name }) => name))
    const found = new Map<string, TopicTotals>()
    for (const [name, parts] of logs) {
      const end = parts.reduce((sum, log) => sum + log.end, 0)
      const known = this.#totals.get(name) ?? { first: end, last: end }
      // A topic that was deleted and created again begins at the start.
      if (end < known.last) known.first = end
      known.last = end
      this.#totals.set(name, known)
      found.set(name, { writtenRecords: end - known.first, writtenBytes: null, readBytes: null })
    }
    for (const name of this.#totals.keys()) if (!logs.has(name)) this.#totals.delete(name)
    return { topics: found, requests: null }
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
    this.#logs.clear()
  }

  #forget(): void {
    this.#topics.forget()
    this.#details.forget()
    this.#logs.clear()
    this.#policies.clear()
  }

  async #askTopics(): Promise<readonly TopicMetadata[]> {
    const topics = (await this.#client.describeTopics(null))
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

  /** Partitions whose leader cannot be asked now are left out. */
  async #askLogs(names: readonly string[]): Promise<readonly LogFacts[]> {
    const places = this.#places(await this.#topics.get(), names)
    const ask = (timestamp: bigint, isolation: 'read_uncommitted' | 'read_committed' = 'read_uncommitted') =>
      listOffsets(
        this.#client,
        places.map((place) => ({ ...place, timestamp })),
        isolation,
      )
    const [starts, ends, stables, details] = await Promise.all([
      ask(offsetSpecs.earliest),
      ask(offsetSpecs.latest),
      ask(offsetSpecs.latest, 'read_committed'),
      this.#details.get(),
    ])
    return places.flatMap(({ topic, partition }): LogFacts[] => {
      const key = keyOf(topic, partition)
      const [start, end, stable] = [starts.get(key), ends.get(key), stables.get(key)].map(offsetOf)
      if (start === undefined || end === undefined) return []
      return [
        {
          topic,
          partition,
          start,
          end,
          stable: stable ?? end,
          records: null,
          sizeBytes: details.sizes.get(key) ?? null,
          newestAt: details.newest.get(key) ?? null,
        },
      ]
    })
  }

  async #askDetails(): Promise<Details> {
    const topics = await this.#topics.get()
    const places = this.#places(
      topics,
      topics.map(({ name }) => name),
    )
    const leaders = new Map(
      topics.flatMap(({ name, partitions }) =>
        partitions.map(({ partition, leader }) => [keyOf(name, partition), leader] as const),
      ),
    )
    const [sizes, newest] = await Promise.all([
      logSizes(this.#client, (key) => leaders.get(key)),
      newestTimes(this.#client, places),
    ])
    return { sizes, newest }
  }

  #places(topics: readonly TopicMetadata[], names: readonly string[]) {
    const wanted = new Set(names)
    return topics
      .filter(({ name }) => wanted.has(name))
      .flatMap(({ name, partitions }) => partitions.map(({ partition }) => ({ topic: name, partition })))
  }
}

/** Times of the newest records, where brokers tell them (ListOffsets 7, KIP-734). */
export async function newestTimes(
  client: KafkaClient,
  places: readonly { readonly topic: string; readonly partition: number }[],
): Promise<ReadonlyMap<string, number>> {
  const version = (await client.connection({ to: 'any' })).versions.pick('ListOffsets') ?? 0
  if (version < 7) return new Map()
  const answers = await listOffsets(
    client,
    places.map(({ topic, partition }) => ({ topic, partition, timestamp: offsetSpecs.maxTimestamp })),
  )
  return new Map(
    [...answers].flatMap(([key, answer]) =>
      answer instanceof Error ? [] : [[key, Number(answer.timestamp)] as const],
    ),
  )
}

function offsetOf(answer: ListedOffset | Error | undefined): number | undefined {
  return answer === undefined || answer instanceof Error || answer.offset === null ? undefined : Number(answer.offset)
}

function factsOf({ name, id, isInternal, partitions }: TopicMetadata): TopicFacts {
  return { name, id: id === zeroUuid ? '' : id, internal: isInternal, partitions: partitions.length }
}
