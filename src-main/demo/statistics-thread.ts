import { keyOf, type TopicPartition, type TopicPartitionKey } from '../base/topic-partition'
import { commitOffsets, committedOffsets } from '../client/admin/groups'
import type { KafkaClient } from '../client/client'
import { KafkaError } from '../client/failures'
import { fetchRecords } from '../client/fetch'
import { nextOffset, recordsOf } from '../client/fetched-records'
import { listOffsets, offsetSpecs, valueAt, valuesOf } from '../client/offsets'
import { Producer } from '../client/producer'
import { pause } from '../client/retry'
import { StreamsMember, type StreamsTask, type TaskOffsets } from '../client/streams/member'
import type { NewRecord } from '../records/encode'
import type { LogRecord } from '../records/record'
import { readOrder, readSales, type Sales } from './sales'
import { orders } from './shop'
import {
  byItem,
  changelog,
  sales,
  statisticsDescription,
  statisticsGroup,
  statisticsTopology,
} from './statistics-topology'

const beatEveryMs = 2000
const commitEveryMs = 2000
/** The broker collects records for so long: one answer a second is enough. */
const fetch = { isolation: 'read_uncommitted', maxWaitMs: 1000, minBytes: 1024 * 1024 } as const
const partitionMaxBytes = 256 * 1024
const retryPauseMs = 500

/** A task with where it reads: a copy of the state from the changelog, until that is read to its end; then its input. */
interface Position extends TopicPartition {
  offset: number
  /** End of the changelog, as far as it is known; `null` for an input. */
  end: number | null
  readonly task: StreamsTask
}

export interface ThreadOptions {
  readonly processId: string
  readonly endpoint: { readonly host: string; readonly port: number }
  /** Failures that it recovers from by itself. */
  readonly onError: (error: unknown) => void
}

/** A thread of the demo's streams application, as one of Kafka Streams works: sums of sales by item, with their state in a changelog. */
export class StatisticsThread {
  readonly #client: KafkaClient
  readonly #onError: (error: unknown) => void
  readonly #member: StreamsMember
  readonly #producer: Producer
  /** Of active tasks and of copies. */
  #positions = new Map<TopicPartitionKey, Position>()
  /** The state by partition. */
  readonly #state = new Map<number, Map<string, Sales>>()
  #nextBeatAt = 0
  #nextCommitAt = 0
  #isClosed = false
  #running: Promise<void> | undefined

  constructor(client: KafkaClient, { processId, endpoint, onError }: ThreadOptions) {
    this.#client = client
    this.#onError = onError
    this.#producer = new Producer(client)
    this.#member = new StreamsMember(client, {
      groupId: statisticsGroup,
      processId,
      endpoint,
      topology: statisticsTopology,
      description: statisticsDescription,
    })
  }

  start(): void {
    this.#running ??= this.#run()
  }

  /** Commits, leaves the group and ends the client. */
  async close(): Promise<void> {
    this.#isClosed = true
    try {
      await this.#running
      await this.#commit()
      await this.#member.leave()
    } finally {
      this.#client.dispose()
    }
  }

  async #run(): Promise<void> {
    const { clock } = this.#client
    while (!this.#isClosed) {
      try {
        if (clock.now() >= this.#nextBeatAt) await this.#beat()
        else await this.#poll()
        if (clock.now() >= this.#nextCommitAt) await this.#commit()
      } catch (error) {
        if (this.#isClosed || this.#client.isDisposed) return
        this.#onError(error)
        await pause(clock, retryPauseMs)
      }
    }
  }

  async #beat(): Promise<void> {
    this.#nextBeatAt = this.#client.clock.now() + beatEveryMs
    const copies = [...this.#positions.values()].filter(({ end }) => end !== null)
    const told = (offset: (position: Position) => number): TaskOffsets =>
      copies.map((position) => ({ ...position.task, offset: BigInt(offset(position)) }))
    const isOther = await this.#member.heartbeat({
      offsets: told(({ offset }) => offset),
      ends: told(({ offset, end }) => end ?? offset),
    })
    if (!isOther) return
    await this.#commit()
    await this.#take()
    // The broker waits to hear that revoked tasks are given up.
    this.#nextBeatAt = 0
  }

  /** Positions for the tasks that it has now; a task that it keeps goes on where it is. */
  async #take(): Promise<void> {
    const before = this.#positions
    const { active, standby } = this.#member
    const inputs = active.map((task) => ({ task, ...inputOf(task) }))
    const committed = await committedOffsets(this.#client, statisticsGroup, inputs)
    this.#positions = new Map()
    const put = (position: Position) => this.#positions.set(keyOf(position.topic, position.partition), position)
    for (const task of standby.filter(isStateful)) put(this.#copyOf(task, before))
    for (const input of inputs) {
      const key = keyOf(input.topic, input.partition)
      const known = before.get(key)
      if (isStateful(input.task) && !known) put(this.#copyOf(input.task, before))
      else put(known ?? { ...input, offset: Number(committed.get(key)?.offset ?? 0n), end: null })
    }
  }

  /** The copy that it has already, or a new one from the beginning of the changelog. */
  #copyOf(task: StreamsTask, before: ReadonlyMap<TopicPartitionKey, Position>): Position {
    const known = before.get(keyOf(changelog, task.partition))
    if (known) return known
    this.#state.set(task.partition, new Map())
    return { task, topic: changelog, partition: task.partition, offset: 0, end: 0 }
  }

  async #poll(): Promise<void> {
    const positions = [...this.#positions.values()].map((position) => ({ ...position, maxBytes: partitionMaxBytes }))
    if (positions.length === 0) {
      await pause(this.#client.clock, Math.max(0, this.#nextBeatAt - this.#client.clock.now()))
      return
    }
    const answers = await fetchRecords(this.#client, positions, fetch)
    for (const [key, answer] of answers) {
      const position = this.#positions.get(key)
      if (!position) continue
      if (answer instanceof KafkaError) {
        await this.#recover(position, answer)
        continue
      }
      const records = [...recordsOf(answer, position.offset, fetch.isolation)]
      if (position.topic === orders) await this.#regroup(records)
      if (position.topic === byItem) await this.#addUp(position.partition, records)
      if (position.topic === changelog) this.#copy(position.partition, records)
      position.offset = nextOffset(answer, position.offset)
      if (position.end === null) continue
      position.end = Number(answer.highWatermark)
      if (position.offset >= position.end) await this.#restored(position)
    }
  }

  /** Records that were deleted are left out. */
  async #recover(position: Position, error: KafkaError): Promise<void> {
    if (error.error !== 'OFFSET_OUT_OF_RANGE') throw error
    const query = { topic: position.topic, partition: position.partition, timestamp: offsetSpecs.earliest }
    const { offset } = valueAt(valuesOf(await listOffsets(this.#client, [query], fetch.isolation)), position)
    position.offset = Number(offset ?? 0n)
  }

  async #regroup(records: readonly LogRecord[]): Promise<void> {
    const sent = records.flatMap(({ value, timestamp }): NewRecord[] => {
      const order = readOrder(value)
      return order
        ? [{ key: Buffer.from(order.item), value: Buffer.from(JSON.stringify(order)), timestamp: Number(timestamp) }]
        : []
    })
    if (sent.length > 0) await this.#producer.send(byItem, sent)
  }

  async #addUp(partition: number, records: readonly LogRecord[]): Promise<void> {
    const state = this.#state.get(partition) ?? new Map<string, Sales>()
    this.#state.set(partition, state)
    const changed = new Set<string>()
    for (const { value } of records) {
      const order = readOrder(value)
      if (!order) continue
      const { item, quantity, price } = order
      const known = state.get(item) ?? { orders: 0, pieces: 0, revenue: 0 }
      const revenue = Math.round((known.revenue + quantity * price) * 100) / 100
      state.set(item, { orders: known.orders + 1, pieces: known.pieces + quantity, revenue })
      changed.add(item)
    }
    if (changed.size === 0) return
    const timestamp = this.#client.clock.now()
    const written = [...changed].map((item): NewRecord => {
      return { key: Buffer.from(item), value: Buffer.from(JSON.stringify({ item, ...state.get(item) })), timestamp }
    })
    await Promise.all([this.#producer.sendTo(changelog, partition, written), this.#producer.send(sales, written)])
  }

  #copy(partition: number, records: readonly LogRecord[]): void {
    const state = this.#state.get(partition) ?? new Map<string, Sales>()
    this.#state.set(partition, state)
    for (const { value } of records) {
      const known = readSales(value)
      if (known) state.set(known.item, known)
    }
  }

  /** An active task whose state is complete begins with its input. */
  async #restored({ task, partition }: Position): Promise<void> {
    const isActive = this.#member.active.some((each) => isStateful(each) && each.partition === partition)
    if (!isActive) return
    const input = inputOf(task)
    const key = keyOf(input.topic, input.partition)
    const committed = await committedOffsets(this.#client, statisticsGroup, [input])
    this.#positions.delete(keyOf(changelog, partition))
    this.#positions.set(key, { task, ...input, offset: Number(committed.get(key)?.offset ?? 0n), end: null })
  }

  async #commit(): Promise<void> {
    this.#nextCommitAt = this.#client.clock.now() + commitEveryMs
    const read = [...this.#positions.values()].filter(({ end, offset }) => end === null && offset > 0)
    const offsets = read.map(({ topic, partition, offset }) => ({ topic, partition, offset: BigInt(offset) }))
    try {
      await commitOffsets(this.#client, statisticsGroup, offsets, this.#member.identity)
    } catch (error) {
      // It was removed, or its tasks have moved: what it did is done again by others.
      if (!(error instanceof KafkaError && /^(UNKNOWN_MEMBER_ID|STALE_MEMBER_EPOCH)$/.test(error.error))) throw error
    }
  }
}

function isStateful({ subtopologyId }: StreamsTask): boolean {
  return subtopologyId === '1'
}

function inputOf(task: StreamsTask): TopicPartition {
  return { topic: isStateful(task) ? byItem : orders, partition: task.partition }
}
