import type { Disposable } from '../../base/disposable'
import { type Batch, readBatch } from '../../records/batch'
import { encodeBatch, type NewRecord } from '../../records/encode'
import { type LogRecord, readRecords } from '../../records/record'
import { StorageFailure } from '../../storage'
import type { TopicSettings } from '../config/topic-settings'
import type { Core } from '../core'
import type { Partition } from './partition'

/** Batches that one turn of the event loop rewrites at most: what is produced meanwhile waits no longer than that takes. */
const batchesPerTurn = 64
const latin1 = 'latin1'

/**
 * Retention and compaction (LogManager.cleanupLogs, LogCleaner): old records go by time and size, and compacted topics keep the newest
 * record of each key. Runs every `log.retention.check.interval.ms`, and whenever it is asked to.
 */
export class Cleaner implements Disposable {
  readonly #core: Core
  #cancel: (() => void) | undefined
  #isDisposed = false
  /** Up to where each partition is clean: what lies before has been compared with everything behind it. */
  readonly #cleanUntil = new Map<Partition, number>()

  constructor(core: Core) {
    this.#core = core
    this.#later()
  }

  /** One round over all topics. */
  async run(): Promise<void> {
    for (const topic of this.#core.topics.all()) {
      const settings = this.#core.configs.topic(topic.name)
      for (const partition of topic.partitions()) {
        if (this.#isDisposed) return
        if (settings.deletes) this.#retain(partition, settings)
        if (settings.compact) await this.#compact(partition, settings)
      }
    }
  }

  dispose(): void {
    this.#isDisposed = true
    this.#cancel?.()
  }

  #later(): void {
    const { clock, configs, log } = this.#core
    const everyMs = configs.brokerNumber('log.retention.check.interval.ms')
    this.#cancel = clock.at(clock.now() + everyMs, () => {
      this.run()
        .catch((error: unknown) => {
          // A disk that is full now may not be at the next round; anything else is a mistake of ours.
          log.error(`Cleaning the logs stopped: ${error instanceof StorageFailure ? error.message : String(error)}.`)
        })
        .finally(() => {
          if (!this.#isDisposed) this.#later()
        })
    })
  }

  #retain(partition: Partition, { retentionMs, retentionBytes }: TopicSettings): void {
    const { clock, workspace } = this.#core
    const before = retentionMs < 0 ? -1 : clock.now() - retentionMs
    const start = workspace.batches.retainedStart(partition.facts, before, retentionBytes)
    partition.deleteBefore(Math.min(start, partition.highWatermark))
  }

  /** Everything but the newest batch is cleaned: a log's end, and an open transaction, stay as they are. */
  async #compact(partition: Partition, settings: TopicSettings): Promise<void> {
    const { workspace } = this.#core
    const dirtyFrom = Math.max(this.#cleanUntil.get(partition) ?? partition.logStartOffset, partition.logStartOffset)
    const newest = workspace.batches.read(
      partition.facts,
      partition.highWatermark - 1,
      1,
      true,
      partition.highWatermark,
    ).batches[0]
    const before = Math.min(partition.lastStableOffset, newest ? readBatch(newest).baseOffset : 0)
    if (before <= dirtyFrom) return
    const latest = await this.#newestOffsets(partition, dirtyFrom, before, settings)
    if (latest.size === 0) return
    const deleteBefore = this.#core.clock.now() - settings.deleteRetentionMs
    await this.#eachBatch(partition, partition.logStartOffset, before, (row) => {
      const batch = readBatch(row.bytes)
      if (batch.isControl) return
      const records = [...readRecords(batch)]
      const kept = records.filter((record) => isKept(record, latest, deleteBefore))
      if (kept.length === records.length) return
      const bytes = kept.length === 0 && !isNeeded(batch) ? null : rewritten(batch, kept)
      workspace.write(() =>
        workspace.batches.replace(
          partition.facts,
          row,
          bytes && {
            bytes,
            maxTimestamp: readBatch(bytes).maxTimestamp,
            recordCount: kept.length,
            attributes: batch.attributes,
          },
        ),
      )
      partition.touch(0)
    })
    this.#cleanUntil.set(partition, before)
  }

  /** The newest offset of each key that the dirty part holds. */
  async #newestOffsets(
    partition: Partition,
    from: number,
    before: number,
    settings: TopicSettings,
  ): Promise<Map<string, number>> {
    const youngest = this.#core.clock.now() - settings.minCompactionLagMs
    const latest = new Map<string, number>()
    await this.#eachBatch(partition, from, before, ({ bytes }) => {
      const batch = readBatch(bytes)
      if (batch.isControl || (settings.minCompactionLagMs > 0 && batch.maxTimestamp > youngest)) return
      for (const { key, offset } of readRecords(batch)) if (key) latest.set(key.toString(latin1), offset)
    })
    return latest
  }

  async #eachBatch(
    partition: Partition,
    from: number,
    before: number,
    visit: (row: ReturnType<Core['workspace']['batches']['rows']>[number]) => void,
  ): Promise<void> {
    for (let at = from; at < before; ) {
      const rows = this.#core.workspace.batches.rows(partition.facts, at, before, batchesPerTurn)
      const last = rows[rows.length - 1]
      if (!last) return
      for (const row of rows) visit(row)
      at = last.lastOffset + 1
      await this.#core.commits.settled
      await new Promise<void>((resolve) => void setImmediate(resolve))
    }
  }
}

/** A record stays while none behind it has its key; a tombstone stays so long that every consumer has had time to see it. */
function isKept(
  { key, value, offset, timestamp }: LogRecord,
  latest: ReadonlyMap<string, number>,
  deleteBefore: number,
): boolean {
  if (key === null) return false
  if (offset < (latest.get(key.toString(latin1)) ?? -1)) return false
  return value !== null || timestamp >= deleteBefore
}

/** Without its last batch a producer's sequence would be forgotten (LogCleaner keeps such batches empty). */
function isNeeded(batch: Batch): boolean {
  return batch.producerId >= 0n
}

/** The kept records in a batch with the same offsets, codec and producer. */
function rewritten(batch: Batch, records: readonly LogRecord[]): Buffer {
  const kept: NewRecord[] = records.map(({ key, value, headers, timestamp, offset }) => ({
    key,
    value,
    headers,
    timestamp,
    offset,
  }))
  return encodeBatch(kept, {
    codec: batch.codec,
    baseOffset: batch.baseOffset,
    lastOffset: batch.lastOffset,
    leaderEpoch: batch.leaderEpoch,
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    isTransactional: batch.isTransactional,
    timestampType: batch.timestampType,
    ...(batch.timestampType === 'LogAppendTime' || records.length === 0 ? { maxTimestamp: batch.maxTimestamp } : {}),
  })
}
