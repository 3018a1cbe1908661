import { keyOf, type TopicPartition } from '../../base/topic-partition'
import type { KafkaClient } from '../../client/client'
import { KafkaError } from '../../client/failures'
import { listOffsets, offsetSpecs, valueAt, valuesOf } from '../../client/offsets'
import { Producer } from '../../client/producer'
import type { LogTime } from '../../contract/reset'
import type { Codec } from '../../records/batch'
import type { NewRecord } from '../../records/encode'
import type { SchemaSource } from '../decoders/framing'
import type { BatchReader } from '../messages/batch-reader'
import { ScanJobs } from '../messages/scan-jobs'
import type {
  AppendOutcome,
  Behind,
  CountRange,
  OverTime,
  OverTimePlan,
  PlacedRecord,
  ReadBatch,
  RecordSource,
  Scan,
  ScanPlan,
  ScanRange,
  ScanReply,
} from '../source/records'
import type { LogFacts } from '../source/topics'
import { remoteOverTime } from './over-time'
import type { RemoteTopics } from './topics'
import { WrittenTimes } from './written-times'

/** A live scan looks for new records this often. */
const livePauseMs = 500
/** Brokers that a connection is opened to before anything is fetched. */
const mostPrepared = 12
/** For more places than this the age of what is behind is not looked up: it costs a fetch each. */
const maxAged = 50

/** Records of a cluster elsewhere, read by Fetch and written by a producer of this app. */
export class RemoteRecords implements RecordSource {
  readonly #client: KafkaClient
  readonly #topics: RemoteTopics
  readonly #reader: BatchReader
  readonly #jobs: ScanJobs
  readonly #listeners = new Map<number, (reply: ScanReply) => void>()
  readonly #producers = new Map<Codec, Producer>()
  readonly #writtenTimes: WrittenTimes
  #lastScan = 0

  constructor(client: KafkaClient, topics: RemoteTopics, reader: BatchReader, schemas: SchemaSource) {
    this.#client = client
    this.#topics = topics
    this.#reader = reader
    this.#writtenTimes = new WrittenTimes(client.clock, (place, offset) => this.#writtenAt(place, offset))
    this.#jobs = new ScanJobs(reader, (id, reply) => this.#listeners.get(id)?.(reply), schemas)
  }

  prepare(): void {
    const nodes = [...this.#client.metadata.nodes.keys()].slice(0, mostPrepared)
    for (const nodeId of nodes) {
      // Whoever fetches first learns why there is no connection.
      this.#client.connection({ to: 'node', nodeId }, 'fetch').catch(() => {})
    }
  }

  scan(plan: ScanPlan, listener: (reply: ScanReply) => void): Scan {
    const id = ++this.#lastScan
    this.#listeners.set(id, listener)
    this.#jobs.start(id, plan)
    let ranges = plan.ranges
    const stopLive = plan.live ? this.#follow(id, () => ranges, plan.committed) : () => {}
    return {
      taken: () => this.#jobs.taken(id),
      more: () => this.#jobs.more(id),
      add: (more) => {
        ranges = [...ranges, ...more]
        this.#jobs.add(id, more).catch((error: unknown) => listener({ kind: 'failed', message: String(error) }))
      },
      stop: () => {
        stopLive()
        this.#listeners.delete(id)
        this.#jobs.stop(id)
      },
    }
  }

  async read(place: TopicPartition, offset: number): Promise<ReadBatch | null> {
    const before = Number.MAX_SAFE_INTEGER
    const [found] = await this.#reader.batches(place, { from: offset, before, maxBytes: 1, backward: false })
    return found ? { bytes: found.batch.bytes, transaction: found.transaction } : null
  }

  async offsetsAt(places: readonly TopicPartition[], at: number): Promise<readonly number[]> {
    const ask = async (timestamp: bigint) =>
      valuesOf(
        await listOffsets(
          this.#client,
          places.map(({ topic, partition }) => ({ topic, partition, timestamp })),
        ),
      )
    const [found, ends] = await Promise.all([ask(BigInt(Math.max(0, at))), ask(offsetSpecs.latest)])
    return places.map((place) => Number(valueAt(found, place).offset ?? valueAt(ends, place).offset ?? 0n))
  }

  overTime(plan: OverTimePlan): OverTime {
    return remoteOverTime(this.#client, this.#topics, plan)
  }

  /** Offsets: a cluster does not tell which of them hold a record. */
  async count(ranges: readonly CountRange[]): Promise<readonly number[]> {
    return ranges.map(({ from, before }) => Math.max(0, before - from))
  }

  async behind(
    places: readonly (TopicPartition & { readonly offset: number; readonly lag?: number })[],
  ): Promise<readonly (Behind | null)[]> {
    const logs = await this.#logs(places)
    return await Promise.all(
      places.map(async (place): Promise<Behind | null> => {
        const log = logs.get(keyOf(place.topic, place.partition))
        if (!log) return null
        const from = Math.max(place.offset, log.start)
        const isBeyond = place.offset > log.end
        if (from >= log.end || place.lag === 0) return { records: 0, oldestAt: null, isBeyond }
        const oldestAt = places.length > maxAged ? null : await this.#writtenTimes.at(place, from)
        return { records: place.lag ?? log.end - from, oldestAt, isBeyond }
      }),
    )
  }

  async times(place: TopicPartition, steps: number): Promise<readonly LogTime[]> {
    const log = (await this.#logs([place])).get(keyOf(place.topic, place.partition))
    if (!log || log.end <= log.start) return []
    const last = log.end - 1
    const offsets = Array.from(
      { length: steps + 1 },
      (_, i) => log.start + Math.round(((last - log.start) * i) / steps),
    )
    const found: LogTime[] = []
    for (const offset of offsets) {
      const window = { from: offset, before: log.end, maxBytes: 1, backward: false }
      const [first] = await this.#reader.batches(place, window)
      found.push({ offset, at: first ? Number(first.batch.maxTimestamp) : (found.at(-1)?.at ?? -1) })
    }
    return found
  }

  /** One batch per partition. Batches that were written stay, also when another is rejected. */
  async append(topic: string, records: readonly PlacedRecord[], codec: Codec): Promise<AppendOutcome> {
    try {
      return await this.#write(topic, records, codec)
    } finally {
      this.#topics.forgetLogs()
    }
  }

  async #write(topic: string, records: readonly PlacedRecord[], codec: Codec): Promise<AppendOutcome> {
    let producer = this.#producers.get(codec)
    if (!producer) this.#producers.set(codec, (producer = new Producer(this.#client, { codec })))
    const byPartition = new Map<number, NewRecord[]>()
    for (const { partition, record } of records) {
      byPartition.set(partition, [...(byPartition.get(partition) ?? []), record])
    }
    let written = 0
    let first: AppendOutcome['first'] = null
    for (const [partition, some] of byPartition) {
      try {
        const { baseOffset } = await producer.sendTo(topic, partition, some)
        written += some.length
        if (baseOffset !== null) first ??= { partition, offset: Number(baseOffset) }
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error
        const index = records.findIndex((one) => one.partition === partition)
        return { written, first, refused: { index, why: error.message.replace(/\.$/, '') } }
      }
    }
    return { written, first, refused: null }
  }

  async #logs(places: readonly TopicPartition[]): Promise<ReadonlyMap<string, LogFacts>> {
    const logs = await this.#topics.logs([...new Set(places.map(({ topic }) => topic))].sort())
    return new Map([...logs.values()].flat().map((log) => [keyOf(log.topic, log.partition), log]))
  }

  async #writtenAt(place: TopicPartition, from: number): Promise<number | null> {
    const window = { from, before: from + 1, maxBytes: 1, backward: false }
    const [found] = await this.#reader.batches(place, window)
    if (!found || found.batch.baseTimestamp < 0) return null
    return Number(found.batch.baseTimestamp)
  }

  /** Tells a live scan how far its logs have grown, until it is stopped. */
  #follow(id: number, ranges: () => readonly ScanRange[], committed: boolean): () => void {
    const { clock } = this.#client
    const isolation = committed ? 'read_committed' : 'read_uncommitted'
    let isStopped = false
    let cancel = () => {}
    const look = async () => {
      const queries = ranges().map(({ topic, partition }) => ({ topic, partition, timestamp: offsetSpecs.latest }))
      const answers = await listOffsets(this.#client, queries, isolation)
      const ends = [...answers].flatMap(([key, answer]) =>
        answer instanceof Error || answer.offset === null ? [] : [[key, Number(answer.offset)] as const],
      )
      if (!isStopped) this.#jobs.grown(id, Object.fromEntries(ends))
    }
    const later = () => {
      cancel = clock.at(clock.now() + livePauseMs, () => {
        look().then(again, (error: unknown) => {
          const message = error instanceof Error ? error.message : String(error)
          if (!isStopped) this.#listeners.get(id)?.({ kind: 'failed', message })
        })
      })
    }
    const again = () => {
      if (!isStopped) later()
    }
    later()
    return () => {
      isStopped = true
      cancel()
    }
  }
}
