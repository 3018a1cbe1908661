import { keyOf, type TopicPartition, type TopicPartitionKey } from '../../base/topic-partition'
import type { LogRecord } from '../../records/record'
import { commitOffsets, committedOffsets } from '../admin/groups'
import type { KafkaClient } from '../client'
import { KafkaError, recoveryOf } from '../failures'
import { fetchRecords } from '../fetch'
import { nextOffset, recordsOf } from '../fetched-records'
import { type Isolation, listOffsets, offsetSpecs, valueAt, valuesOf } from '../offsets'
import { pause } from '../retry'
import { GroupMember, type MemberOptions, mustRejoin } from './member'

export interface ConsumerOptions extends MemberOptions {
  readonly heartbeatMs: number
  readonly commitEveryMs: number
  readonly isolation: Isolation
  /** Where to begin without a committed offset (auto.offset.reset). */
  readonly reset: 'earliest' | 'latest'
  readonly onRecords: (partition: TopicPartition, records: readonly LogRecord[]) => void
  /** Failures that the consumer recovers from by itself. */
  readonly onError: (error: unknown) => void
}

const fetchWaitMs = 500
const partitionMaxBytes = 1024 * 1024
/** After a failure that may pass. */
const retryPauseMs = 500

/** A consumer of a group: joins, reads what it is assigned, commits, and joins again at each rebalance. */
export class GroupConsumer {
  readonly #client: KafkaClient
  readonly #options: ConsumerOptions
  readonly #member: GroupMember
  /** The next offset to read of each assigned partition. */
  #positions = new Map<TopicPartitionKey, TopicPartition & { offset: number }>()
  #uncommitted = false
  #committedAt = 0
  #rejoin = false
  #isClosed = false
  #cancelHeartbeat: () => void = () => {}
  #running: Promise<void> | undefined

  constructor(client: KafkaClient, options: ConsumerOptions) {
    this.#client = client
    this.#options = options
    this.#member = new GroupMember(client, options)
  }

  /** Begins to consume. */
  start(): void {
    this.#running ??= this.#run()
  }

  /** Commits, leaves the group and ends. The client stays open. @throws KafkaError, ClientError when that was not possible */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancelHeartbeat()
    await this.#running
    await this.#commit()
    await this.#member.leave()
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      try {
        await this.#join()
        while (!this.#isClosed && !this.#rejoin) await this.#poll()
        if (!this.#isClosed) await this.#commit()
      } catch (error) {
        if (this.#isClosed || this.#client.isDisposed) return
        if (mustRejoin(error)) continue
        this.#options.onError(error)
        await pause(this.#client.clock, retryPauseMs)
      } finally {
        this.#cancelHeartbeat()
      }
    }
  }

  async #join(): Promise<void> {
    this.#rejoin = false
    this.#positions = new Map()
    this.#uncommitted = false
    const assigned = await this.#member.join()
    this.#heartbeatLater()
    const committed = await committedOffsets(this.#client, this.#options.groupId, assigned)
    const unknown = assigned.filter(({ topic, partition }) => !committed.has(keyOf(topic, partition)))
    const begins = await this.#beginnings(unknown)
    for (const place of assigned) {
      const key = keyOf(place.topic, place.partition)
      const offset = committed.get(key)?.offset ?? valueAt(begins, place)
      this.#positions.set(key, { ...place, offset: Number(offset) })
    }
  }

  async #beginnings(places: readonly TopicPartition[]): Promise<Map<TopicPartitionKey, bigint>> {
    const timestamp = offsetSpecs[this.#options.reset]
    const found = valuesOf(
      await listOffsets(
        this.#client,
        places.map((place) => ({ ...place, timestamp })),
        this.#options.isolation,
      ),
    )
    return new Map([...found].map(([key, { offset }]) => [key, offset ?? 0n]))
  }

  async #poll(): Promise<void> {
    const { isolation, onRecords } = this.#options
    if (this.#positions.size === 0) {
      await pause(this.#client.clock, fetchWaitMs)
      return
    }
    const positions = [...this.#positions.values()].map((position) => ({ ...position, maxBytes: partitionMaxBytes }))
    const answers = await fetchRecords(this.#client, positions, { isolation, maxWaitMs: fetchWaitMs, minBytes: 1 })
    for (const [key, answer] of answers) {
      const position = this.#positions.get(key)
      if (!position) continue
      if (answer instanceof KafkaError) {
        await this.#recover(position, answer)
        continue
      }
      const records = [...recordsOf(answer, position.offset, isolation)]
      const next = nextOffset(answer, position.offset)
      if (records.length > 0) onRecords(position, records)
      if (next === position.offset) continue
      position.offset = next
      this.#uncommitted = true
    }
    if (this.#client.clock.now() - this.#committedAt >= this.#options.commitEveryMs) await this.#commit()
  }

  /** A position outside the log begins where `reset` says; other errors pass, or are the caller's. */
  async #recover(position: TopicPartition & { offset: number }, error: KafkaError): Promise<void> {
    if (error.error === 'OFFSET_OUT_OF_RANGE') {
      position.offset = Number(valueAt(await this.#beginnings([position]), position))
      return
    }
    if (recoveryOf(error) === 'none') throw error
  }

  async #commit(): Promise<void> {
    if (!this.#uncommitted) return
    const offsets = [...this.#positions.values()].map(({ topic, partition, offset }) => ({
      topic,
      partition,
      offset: BigInt(offset),
    }))
    this.#uncommitted = false
    this.#committedAt = this.#client.clock.now()
    await commitOffsets(this.#client, this.#options.groupId, offsets, this.#member.identity)
  }

  #heartbeatLater(): void {
    const { clock } = this.#client
    this.#cancelHeartbeat = clock.at(clock.now() + this.#options.heartbeatMs, () => {
      this.#member.heartbeat().then(
        () => {
          if (!this.#isClosed && !this.#rejoin) this.#heartbeatLater()
        },
        (error: unknown) => {
          // The loop joins again; what the failure was shows there when it has not passed.
          this.#rejoin = true
          if (!mustRejoin(error) && !this.#isClosed) this.#options.onError(error)
        },
      )
    })
  }
}
