import { keyOf, type TopicPartition, type TopicPartitionKey } from '../base/topic-partition'
import type { KafkaClient } from '../client/client'
import { KafkaError } from '../client/failures'
import { type Fetched, fetchRecords } from '../client/fetch'
import { dataBatchesOf, type FetchedBatch, nextOffset } from '../client/fetched-records'
import { listOffsets, offsetSpecs, valueAt, valuesOf } from '../client/offsets'
import { Producer } from '../client/producer'
import { pause } from '../client/retry'
import type { Batch, Codec } from '../records/batch'
import { type LogRecord, readRecords } from '../records/record'
import type { Mask } from './mask'
import type { Bookmarks } from './positions'
import type { Slice } from './slice'

/** Bytes of one partition, and of one answer. */
const partitionBytes = 1024 * 1024
const answerBytes = 16 * 1024 * 1024
/** Partitions of one fetch. */
const partitionsAtOnce = 32
/** Smaller batches are joined: a request for every message would take minutes. */
const smallBytes = 16 * 1024
/** Joined batches stay below max.message.bytes of a broker that nobody configured. */
const joinedBytes = 512 * 1024
/** Waits of half a second for messages that ListOffsets promised. */
const maxIdleRounds = 20
const waitMs = 500

export interface Totals {
  messages: number
  /** As they lie in the log of the source. */
  bytes: number
  /** Messages that --filter left out. */
  filtered: number
  /** Messages whose value is not JSON, so that --mask cannot mask them. */
  unmasked: number
}

export interface TransferParts {
  readonly source: KafkaClient
  readonly target: KafkaClient
  /** The name of the copy of a topic. */
  readonly nameOf: (topic: string) => string
  readonly filter: ((record: LogRecord, place: TopicPartition) => boolean) | null
  readonly mask: Mask | null
  readonly bookmarks: Bookmarks
  /** Bytes per second; null: as fast as it goes. */
  readonly rate: number | null
  readonly totals: Totals
  readonly warn: (text: string) => void
  /** Called after each round, when all that was read is written: the offsets at which to continue. */
  readonly onRound: (next: ReadonlyMap<TopicPartitionKey, number>) => void
}

/** What one Produce request writes: a batch as it is, or messages of one codec. */
type Portion =
  | { readonly kind: 'batch'; readonly batch: Batch }
  | { readonly kind: 'records'; readonly records: readonly LogRecord[]; readonly codec: Codec }

/** Reads slices of a cluster and writes them to another, partition by partition in their order. */
export class Transfer {
  readonly #parts: TransferParts
  readonly #producer: Producer
  readonly #next = new Map<TopicPartitionKey, number>()
  readonly #ends = new Map<TopicPartitionKey, number>()

  constructor(parts: TransferParts) {
    this.#parts = parts
    this.#producer = new Producer(parts.target)
  }

  /**
   * @param signal ends it behind what is being written
   * @returns false when it was ended so
   * @throws KafkaError, ClientError, RecordsError
   */
  async run(slices: readonly Slice[], signal?: AbortSignal): Promise<boolean> {
    const { source, rate, totals, onRound } = this.#parts
    const began = source.clock.now()
    const before = totals.bytes
    for (const { topic, partition, from } of slices) this.#next.set(keyOf(topic, partition), from)
    let idle = 0
    for (let left = this.#left(slices); left.length > 0; left = this.#left(slices)) {
      if (signal?.aborted) return false
      const moved = await this.#round(left.slice(0, partitionsAtOnce))
      idle = moved ? 0 : idle + 1
      if (idle === maxIdleRounds) throw new KafkaError('REQUEST_TIMED_OUT', `${nameOf(left)}: no further messages came`)
      onRound(this.#next)
      const due = rate === null ? 0 : began + ((totals.bytes - before) / rate) * 1000
      if (due > source.clock.now()) await pause(source.clock, due - source.clock.now())
    }
    await this.#finish(slices)
    return true
  }

  #left(slices: readonly Slice[]): Slice[] {
    return slices.filter(({ topic, partition, to }) => (this.#next.get(keyOf(topic, partition)) ?? to) < to)
  }

  /** @returns whether any partition came further */
  async #round(slices: readonly Slice[]): Promise<boolean> {
    const positions = slices.map(({ topic, partition }) => ({
      topic,
      partition,
      offset: this.#next.get(keyOf(topic, partition)) ?? 0,
      maxBytes: partitionBytes,
    }))
    const answers = await fetchRecords(this.#parts.source, positions, {
      isolation: 'read_committed',
      maxWaitMs: waitMs,
      minBytes: 1,
      maxBytes: answerBytes,
    })
    const moved = await Promise.all(
      slices.map(async (slice) => {
        const key = keyOf(slice.topic, slice.partition)
        const answer = answers.get(key)
        const from = this.#next.get(key) ?? 0
        const next =
          answer instanceof KafkaError
            ? await this.#skipped(slice, answer, from)
            : await this.#write(slice, answer, from)
        this.#next.set(key, next)
        return next > from
      }),
    )
    return moved.includes(true)
  }

  /** Retention may delete what is still to be copied. @throws KafkaError for any other error */
  async #skipped({ topic, partition }: Slice, error: KafkaError, from: number): Promise<number> {
    if (error.error !== 'OFFSET_OUT_OF_RANGE') throw error
    const place = { topic, partition, timestamp: offsetSpecs.earliest }
    const start = Number(valueAt(valuesOf(await listOffsets(this.#parts.source, [place])), place).offset ?? 0n)
    if (start <= from) throw error
    this.#parts.warn(`${topic}-${partition}: offsets ${from} to ${start - 1} were deleted while the copy was made.`)
    return start
  }

  async #write(slice: Slice, fetched: Fetched | undefined, from: number): Promise<number> {
    if (!fetched || fetched.records.length === 0) return from
    const { totals } = this.#parts
    for (const portion of joined(this.#portions(slice, fetched, from))) await this.#produce(slice, portion)
    totals.bytes += fetched.records.length
    return nextOffset(fetched, from)
  }

  async #produce({ topic, partition }: Slice, portion: Portion): Promise<void> {
    const { nameOf: name, bookmarks, totals } = this.#parts
    const count = portion.kind === 'batch' ? portion.batch.recordCount : portion.records.length
    const { baseOffset } =
      portion.kind === 'batch'
        ? await this.#producer.sendBatch(name(topic), partition, portion.batch)
        : await this.#producer.sendTo(name(topic), partition, portion.records.map(unplaced), portion.codec)
    // A broker that had the batch already, after a lost answer, may no longer know where: it was the last one.
    const base = baseOffset === null ? (await this.#targetEnd({ topic, partition })) - count : Number(baseOffset)
    bookmarks.wrote({ topic, partition }, () => offsetsOf(portion), base)
    this.#ends.set(keyOf(topic, partition), base + count)
    totals.messages += count
  }

  /** What is left of each batch: of a whole one that nothing must be changed in, the batch itself. */
  *#portions(slice: Slice, fetched: Fetched, from: number): Generator<Portion> {
    const { filter, mask } = this.#parts
    for (const one of dataBatchesOf(fetched, 'read_committed')) {
      if (one.kind === 'batch' && !filter && !mask && isWhole(one.batch, slice, from)) {
        yield { kind: 'batch', batch: one.batch }
      } else {
        const records = this.#kept(slice, one, from)
        if (records.length > 0) yield { kind: 'records', records, codec: codecOf(one) }
      }
    }
  }

  #kept(slice: Slice, one: FetchedBatch, from: number): LogRecord[] {
    const { filter, mask, totals } = this.#parts
    const kept: LogRecord[] = []
    for (const record of one.kind === 'batch' ? readRecords(one.batch) : one.records) {
      if (record.offset < from || record.offset >= slice.to) continue
      if (filter && !filter(record, slice)) {
        totals.filtered++
        continue
      }
      const value = mask && record.value ? mask(record.value) : record.value
      if (value === null && record.value !== null) totals.unmasked++
      else kept.push(value === record.value ? record : { ...record, value: value && Buffer.from(value) })
    }
    return kept
  }

  /** Bookmarks behind the last message stand at the end of the copy. */
  async #finish(slices: readonly Slice[]): Promise<void> {
    for (const { topic, partition } of slices) {
      if (!this.#parts.bookmarks.isOpen({ topic, partition })) continue
      const end = this.#ends.get(keyOf(topic, partition)) ?? (await this.#targetEnd({ topic, partition }))
      this.#parts.bookmarks.finish({ topic, partition }, end)
    }
  }

  async #targetEnd({ topic, partition }: TopicPartition): Promise<number> {
    const place = { topic: this.#parts.nameOf(topic), partition, timestamp: offsetSpecs.latest }
    return Number(valueAt(valuesOf(await listOffsets(this.#parts.target, [place])), place).offset ?? 0n)
  }
}

/** A batch that a broker takes from a producer as it is: no gaps (LogValidator counts them), times of the producer, all of it wanted. */
function isWhole(batch: Batch, { to }: Slice, from: number): boolean {
  const isDense = batch.lastOffset - batch.baseOffset + 1 === batch.recordCount
  const isInside = batch.baseOffset >= from && batch.lastOffset < to
  return isDense && isInside && batch.timestampType === 'CreateTime' && !batch.hasDeleteHorizon
}

/** Small portions of one codec become one. */
function* joined(portions: Iterable<Portion>): Generator<Portion> {
  let records: LogRecord[] = []
  let codec: Codec = 'none'
  let bytes = 0
  const waiting = function* (): Generator<Portion> {
    if (records.length > 0) yield { kind: 'records', records, codec }
    records = []
    bytes = 0
  }
  for (const portion of portions) {
    if (portion.kind === 'batch' && portion.batch.bytes.length >= smallBytes) {
      yield* waiting()
      yield portion
      continue
    }
    const own = portion.kind === 'batch' ? portion.batch.codec : portion.codec
    if (own !== codec) yield* waiting()
    codec = own
    for (const record of portion.kind === 'batch' ? readRecords(portion.batch) : portion.records) {
      const size = sizeOf(record)
      if (bytes + size > joinedBytes) yield* waiting()
      records.push(record)
      bytes += size
    }
  }
  yield* waiting()
}

function sizeOf({ key, value, headers }: LogRecord): number {
  const ofHeaders = headers.reduce((sum, header) => sum + header.key.length + (header.value?.length ?? 0) + 10, 0)
  return (key?.length ?? 0) + (value?.length ?? 0) + ofHeaders + 30
}

/** The record without its offset in the source. */
function unplaced({ key, value, headers, timestamp }: LogRecord) {
  return { key, value, headers, timestamp }
}

function offsetsOf(portion: Portion): number[] {
  if (portion.kind === 'records') return portion.records.map(({ offset }) => offset)
  return Array.from({ length: portion.batch.recordCount }, (_, i) => portion.batch.baseOffset + i)
}

function codecOf(one: FetchedBatch): Codec {
  return one.kind === 'batch' ? one.batch.codec : 'none'
}

function nameOf(slices: readonly Slice[]): string {
  const [first] = slices
  return first ? `${first.topic}-${first.partition}` : ''
}
