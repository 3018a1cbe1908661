import type { Millis } from '../../base/clock'
import type { Int64 } from '../../base/int64'
import type { Log } from '../../base/log'
import { keyOf, type TopicPartitionKey } from '../../base/topic-partition'
import { readBatch } from '../../records/batch'
import { RecordsError } from '../../records/failures'
import { readRecords } from '../../records/record'
import type { AbortedTransaction, BatchRange, LogFacts, Workspace } from '../../storage'
import { type AppendedBatch, ProducerStates } from '../../transactions/producer-state'
import type { Commits, Uncommitted } from '../commits'

/** A record's place: what ListOffsets answers. */
export interface RecordPosition {
  readonly offset: number
  readonly timestamp: Int64
}

/**
 * Told how many bytes became readable, and how many of them are committed records (below the last stable offset); Infinity when whoever
 * waits must look again.
 */
export type Waiter = (grownBytes: number, stableGrownBytes: number) => void

/** One partition: its log in the workspace, and who waits for it, produces to it, may read how far. */
export class Partition implements Uncommitted {
  readonly topic: string
  readonly number: number
  /** `orders-3`, as Kafka writes a TopicPartition. */
  readonly name: string
  readonly key: TopicPartitionKey
  readonly facts: LogFacts
  /** Called when there may be something to read. */
  readonly waiters = new Set<Waiter>()
  readonly #workspace: Workspace
  readonly #commits: Commits
  /** The log as it was when it was opened: what is more was written since. */
  readonly opened: { readonly end: number; readonly bytes: number }
  readonly #forgetsBefore: () => Millis
  readonly #log: Log
  #producers: ProducerStates | undefined
  #highWatermark: number
  #lastStableOffset: number
  #uncommittedBytes = 0

  /** `forgetsBefore`: since when a producer must have written to be known. */
  constructor(
    topic: string,
    number: number,
    facts: LogFacts,
    workspace: Workspace,
    commits: Commits,
    forgetsBefore: () => Millis,
    log: Log,
  ) {
    this.topic = topic
    this.number = number
    this.name = `${topic}-${number}`
    this.key = keyOf(topic, number)
    this.facts = facts
    this.#workspace = workspace
    this.#commits = commits
    this.#forgetsBefore = forgetsBefore
    this.#log = log
    this.opened = { end: facts.logEnd, bytes: facts.sizeBytes }
    this.#highWatermark = facts.logEnd
    this.#lastStableOffset = this.#stableEnd()
  }

  /** The offset after the last record of the last group commit: everything before it is stored, and can be read. */
  get highWatermark(): number {
    return this.#highWatermark
  }

  /** The first offset of the first open transaction, or the high watermark: a `read_committed` consumer reads up to here. */
  get lastStableOffset(): number {
    return this.#lastStableOffset
  }

  get logStartOffset(): number {
    return this.facts.logStart
  }

  get producers(): ProducerStates {
    return (this.#producers ??= new ProducerStates(
      (producerId, limit) => this.#ifReadable(() => this.#batchesOf(producerId, limit)) ?? [],
      (marker) => this.#ifReadable(() => this.#coordinatorEpochOf(marker)) ?? -1,
      this.#workspace.transactionIndex.listOpen(this.facts.id),
      this.#forgetsBefore,
    ))
  }

  /** Says that this turn changed the log; readers see it when it is committed. */
  touch(grownBytes: number): void {
    this.#uncommittedBytes += grownBytes
    this.#commits.touch(this)
  }

  committed(): void {
    const grown = this.#uncommittedBytes
    this.#uncommittedBytes = 0
    const stableBefore = this.#lastStableOffset
    const wasStable = stableBefore === this.#highWatermark
    this.#highWatermark = this.facts.logEnd
    this.#lastStableOffset = this.#stableEnd()
    const moved = this.#lastStableOffset !== stableBefore
    const isStable = this.#lastStableOffset === this.#highWatermark
    // How much the end of a transaction makes readable is not counted: the reader looks again.
    const stableGrown = wasStable && isStable ? grown : moved ? Number.POSITIVE_INFINITY : 0
    for (const wake of [...this.waiters]) wake(grown, stableGrown)
  }

  rolledBack(): void {
    this.#uncommittedBytes = 0
    this.#producers = undefined
  }

  /** Whoever waits looks again: the topic is gone, or something else than an append changed what they would see. */
  wakeAll(): void {
    for (const wake of [...this.waiters]) wake(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)
  }

  /** Whole batches from the one that holds `from`, none of them reaching `end`. */
  read(from: number, maxBytes: number, atLeastOne: boolean, end: number): BatchRange {
    return this.#workspace.batches.read(this.facts, from, maxBytes, atLeastOne, end)
  }

  /** As `read`; the bytes are there until the turn of the event loop ends. */
  lend(from: number, maxBytes: number, atLeastOne: boolean, end: number): BatchRange {
    return this.#workspace.batches.lend(this.facts, from, maxBytes, atLeastOne, end)
  }

  /** Aborted transactions with a record in [from, before), as consumers need them to leave records out. */
  abortedTransactions(from: number, before: number): AbortedTransaction[] {
    return this.#workspace.transactionIndex.abortedIn(this.facts.id, from, before)
  }

  /** The first record before `end` with `timestamp` or later (UnifiedLog.fetchOffsetByTimestamp). */
  offsetAtTime(timestamp: Int64, end: number): RecordPosition | undefined {
    for (let from = this.logStartOffset; from < end; ) {
      const found = this.#workspace.batches.reaching(this.facts, timestamp, from)
      if (!found || found.baseOffset >= end) return undefined
      for (const record of readRecords(found)) {
        if (record.timestamp < timestamp || record.offset < this.logStartOffset) continue
        return record.offset < end ? { offset: record.offset, timestamp: record.timestamp } : undefined
      }
      from = found.lastOffset + 1
    }
    return undefined
  }

  /** The first record with the largest timestamp (KIP-734); `undefined` when no record has one. */
  offsetOfMaxTimestamp(): RecordPosition | undefined {
    const { maxTimestamp, offsetOfMaxTimestamp } = this.facts
    if (maxTimestamp < 0 || offsetOfMaxTimestamp < 0 || offsetOfMaxTimestamp >= this.#highWatermark) return undefined
    const { batches } = this.read(offsetOfMaxTimestamp, 1, true, this.#highWatermark)
    if (!batches[0]) return undefined
    for (const { offset, timestamp } of readRecords(readBatch(batches[0]))) {
      if (timestamp >= maxTimestamp) return { offset, timestamp }
    }
    return undefined
  }

  /** Everything before `offset` is gone. Returns where the log begins now. */
  deleteBefore(offset: number): number {
    if (offset > this.facts.logStart) {
      this.#workspace.write(() => this.#workspace.batches.deleteBefore(this.facts, offset))
      this.touch(0)
    }
    return this.facts.logStart
  }

  /** Where an open transaction begins, as far as that is still in the log (UnifiedLog.maybeIncrementFirstUnstableOffset). */
  #stableEnd(): number {
    const { logStart, logEnd } = this.facts
    return Math.min(logEnd, Math.max(logStart, this.producers.firstUnstableOffset ?? logEnd))
  }

  /** Of a producer whose rows are damaged nothing is known, as of one whose batches were deleted: it may go on, and others are not held up. */
  #ifReadable<T>(read: () => T): T | undefined {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof RecordsError || error instanceof RangeError)) throw error
      this.#log.warn(
        `What a producer wrote to ${this.name} cannot be read, so its retries are not known: ${error.message}.`,
      )
      return undefined
    }
  }

  /** The coordinator epoch in the one record of a marker, behind its version (EndTransactionMarker). */
  #coordinatorEpochOf({ baseOffset, lastOffset }: AppendedBatch): number {
    const { batches } = this.read(baseOffset, 1, true, lastOffset + 1)
    if (!batches[0]) return -1
    for (const { value } of readRecords(readBatch(batches[0]))) return value ? Buffer.from(value).readInt32BE(2) : -1
    return -1
  }

  #batchesOf(producerId: bigint, limit: number): AppendedBatch[] {
    return this.#workspace.batches.ofProducer(this.facts, producerId, limit).map((batch) => ({
      producerEpoch: batch.producerEpoch,
      baseSequence: batch.baseSequence,
      // Not the count of records, of which compaction may have left fewer: sequences count what was sent.
      recordCount: batch.lastOffset - batch.baseOffset + 1,
      baseOffset: batch.baseOffset,
      lastOffset: batch.lastOffset,
      maxTimestamp: batch.maxTimestamp,
      isControl: batch.isControl,
    }))
  }
}
