import { keyOf, type TopicPartition } from '../../base/topic-partition'
import { logSizes } from '../../client/admin/logs'
import type { KafkaClient } from '../../client/client'
import type { Lane } from '../../client/connections'
import type { TopicMetadata } from '../../client/metadata'
import { type Isolation, type ListedOffset, listOffsets, offsetSpecs } from '../../client/offsets'
import type { LogFacts, MeasuredLog } from '../source/topics'
import { Fresh } from './fresh'

/** Topics are asked for again after this. */
export const topicsMaxAgeMs = 10_000
/** Logs are asked for again after this, however many pages show them. */
const offsetsMaxAgeMs = 2000
/** Sizes and newest times are looked up less often: they cost every broker a walk over its logs. */
const sizesMaxAgeMs = 10_000
/** Lists of topics whose logs are remembered. */
const keptLists = 100
/** Of more topics all are asked for at once: lists and groups of a large cluster share the answer. */
const fewTopics = 50

interface AllLogs {
  readonly logs: readonly LogFacts[]
  /** The topics that were asked about. */
  readonly topics: ReadonlySet<string>
}

interface Sizes {
  readonly bytes: ReadonlyMap<string, number>
  readonly newest: ReadonlyMap<string, number>
}

/** The logs of a cluster elsewhere: their offsets, which one round of requests tells, and their sizes, which take longer. */
export class RemoteLogs {
  readonly #client: KafkaClient
  /** All topics. */
  readonly #topics: () => Promise<readonly TopicMetadata[]>
  readonly #all: Fresh<AllLogs>
  /** All topics are few: one question for them is no more work than several for some. */
  #isSmall = false
  /** Of few topics, by their names. */
  readonly #offsets = new Map<string, Fresh<readonly LogFacts[]>>()
  /** Of all topics. */
  readonly #sizes: Fresh<Sizes>

  constructor(client: KafkaClient, topics: () => Promise<readonly TopicMetadata[]>) {
    this.#client = client
    this.#topics = topics
    this.#all = new Fresh(client.clock, offsetsMaxAgeMs, async () => {
      const asked = await topics()
      this.#isSmall = asked.length <= fewTopics
      const logs = await this.#askOffsets(placesOf(asked), 'poll')
      return { logs, topics: new Set(asked.map(({ name }) => name)) }
    })
    this.#sizes = new Fresh(client.clock, sizesMaxAgeMs, () => this.#askSizes())
  }

  /** By topic; topics that are gone are left out, and so are partitions whose leader cannot be asked now. */
  async of(names: readonly string[]): Promise<ReadonlyMap<string, readonly LogFacts[]>> {
    const isAll = names.length > fewTopics
    const found = new Map<string, LogFacts[]>()
    if (isAll) {
      const asked = new Set(names)
      for (const { name } of await this.#topics()) if (asked.has(name)) found.set(name, [])
    } else {
      const topics = await this.#client.describeTopics(names, { maxAgeMs: topicsMaxAgeMs })
      for (const { name, error } of topics) if (error === 'NONE') found.set(name, [])
    }
    for (const log of await this.#offsetsOf([...found.keys()], isAll)) found.get(log.topic)?.push(log)
    return found
  }

  /** Of all topics where that is wanted, no more work, or known already because another page shows it; else of these. */
  async #offsetsOf(names: readonly string[], isAll: boolean): Promise<readonly LogFacts[]> {
    if (isAll || this.#isSmall || this.#all.isHere) {
      const { logs, topics } = await this.#all.get()
      if (isAll || names.every((name) => topics.has(name))) return logs
    }
    return await this.#of(names).get()
  }

  /** Of all topics; the same array until they are asked for again. */
  async all(): Promise<readonly LogFacts[]> {
    return (await this.#all.get()).logs
  }

  #of(names: readonly string[]): Fresh<readonly LogFacts[]> {
    const key = names.join(' ')
    let offsets = this.#offsets.get(key)
    if (!offsets) {
      offsets = new Fresh(this.#client.clock, offsetsMaxAgeMs, async () => {
        return await this.#askOffsets(placesOf(await this.#client.describeTopics(names)), 'main')
      })
      this.#offsets.set(key, offsets)
      for (const oldest of this.#offsets.keys()) {
        if (this.#offsets.size <= keptLists) break
        this.#offsets.delete(oldest)
      }
    }
    return offsets
  }

  /** The same with sizes and newest times, as far as the cluster tells them. */
  async measured(names: readonly string[]): Promise<ReadonlyMap<string, readonly MeasuredLog[]>> {
    const [logs, { bytes, newest }] = await Promise.all([this.of(names), this.#sizes.get()])
    return new Map(
      [...logs].map(([name, all]) => [
        name,
        all.map((log) => {
          const key = keyOf(log.topic, log.partition)
          return { ...log, sizeBytes: bytes.get(key) ?? null, newestAt: newest.get(key) ?? null }
        }),
      ]),
    )
  }

  forgetOffsets(): void {
    this.#offsets.clear()
    this.#all.forget()
  }

  forget(): void {
    this.forgetOffsets()
    this.#sizes.forget()
  }

  async #askOffsets(places: readonly TopicPartition[], lane: Lane): Promise<readonly LogFacts[]> {
    const ask = (timestamp: bigint, isolation: Isolation) =>
      listOffsets(
        this.#client,
        places.map((place) => ({ ...place, timestamp })),
        isolation,
        lane,
      )
    const [starts, ends, stables] = await Promise.all([
      ask(offsetSpecs.earliest, 'read_uncommitted'),
      ask(offsetSpecs.latest, 'read_uncommitted'),
      ask(offsetSpecs.latest, 'read_committed'),
    ])
    return places.flatMap(({ topic, partition }): LogFacts[] => {
      const key = keyOf(topic, partition)
      const [start, end, stable] = [starts.get(key), ends.get(key), stables.get(key)].map(offsetOf)
      if (start === undefined || end === undefined) return []
      return [{ topic, partition, start, end, stable: stable ?? end, records: null }]
    })
  }

  async #askSizes(): Promise<Sizes> {
    const topics = await this.#topics()
    const leaders = new Map(
      topics.flatMap(({ name, partitions }) =>
        partitions.map(({ partition, leader }) => [keyOf(name, partition), leader] as const),
      ),
    )
    const [bytes, newest] = await Promise.all([
      logSizes(this.#client, (key) => leaders.get(key)),
      newestTimes(this.#client, placesOf(topics)),
    ])
    return { bytes, newest }
  }
}

/** Times of the newest records, where brokers tell them (ListOffsets 7, KIP-734). */
export async function newestTimes(
  client: KafkaClient,
  places: readonly TopicPartition[],
): Promise<ReadonlyMap<string, number>> {
  const version = (await client.connection({ to: 'any' })).versions.pick('ListOffsets') ?? 0
  if (version < 7) return new Map()
  const answers = await listOffsets(
    client,
    places.map(({ topic, partition }) => ({ topic, partition, timestamp: offsetSpecs.maxTimestamp })),
    'read_uncommitted',
    'poll',
  )
  return new Map(
    [...answers].flatMap(([key, answer]) =>
      answer instanceof Error ? [] : [[key, Number(answer.timestamp)] as const],
    ),
  )
}

function placesOf(topics: readonly TopicMetadata[]): TopicPartition[] {
  return topics.flatMap(({ name, partitions }) => partitions.map(({ partition }) => ({ topic: name, partition })))
}

function offsetOf(answer: ListedOffset | Error | undefined): number | undefined {
  return answer === undefined || answer instanceof Error || answer.offset === null ? undefined : Number(answer.offset)
}
