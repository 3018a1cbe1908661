import type { Int64 } from '../../base/int64'
import { type Batch, placeBatch } from '../../records/batch'
import { RecordsError } from '../../records/failures'
import { validateProduce } from '../../records/validate'
import type { Workspace } from '../../storage'
import type { TopicSettings } from '../config/topic-settings'
import { type KafkaFailure, kafkaFailure } from '../kafka-failure'
import { leaderEpoch } from './leader-epoch'
import type { Partition } from './partition'

export interface AppendOptions {
  readonly workspace: Workspace
  readonly settings: TopicSettings
  readonly produceVersion: number
  readonly at: number
  /** A further look at what would be stored (schema validation). */
  readonly inspect?: ((batches: readonly Batch[]) => AppendRejected | undefined) | undefined
  /** Rules for transactional batches; the app itself writes none. */
  readonly transactional?: {
    /** May veto one (KIP-890: its partition must be part of the transaction). Asked before anything else, as by Kafka. */
    readonly verify: (batch: Batch) => KafkaFailure | undefined
    /** The client has transaction version 2: each of its transactions has an epoch. */
    readonly bumpsEpoch: boolean
  }
}

export interface Appended {
  readonly baseOffset: number
  /** -1 unless the topic stamps records with the broker's time. */
  readonly logAppendTimeMs: Int64
  readonly logStartOffset: number
  readonly recordCount: number
  /** -1: it is not idempotent. */
  readonly producerId: bigint
}

export interface AppendRejected extends KafkaFailure {
  readonly recordErrors: readonly { readonly batchIndex: number; readonly batchIndexErrorMessage: string | null }[]
}

/**
 * Appends what a client sent to one partition (UnifiedLog.append), to be stored with the turn's group commit.
 *
 * @throws StorageFailure
 */
export function append(partition: Partition, records: Uint8Array, options: AppendOptions): Appended | AppendRejected {
  const batches = validated(partition, records, options)
  if (!Array.isArray(batches)) return batches
  const rejected = options.inspect?.(batches)
  if (rejected) return rejected
  let first: Appended | undefined
  for (const batch of batches) {
    const outcome = appendBatch(partition, batch, options)
    if ('error' in outcome) return { recordErrors: [], ...outcome }
    first ??= outcome
  }
  return first ?? { recordErrors: [], ...kafkaFailure('INVALID_RECORD', 'The request holds no record batch') }
}

/** Batches to store of what a client sent, or the reason why there are none. */
export function validated(partition: Partition, records: Uint8Array, options: AppendOptions): Batch[] | AppendRejected {
  const { settings, produceVersion, at } = options
  try {
    const batches = validateProduce(records, {
      produceVersion,
      partition: partition.name,
      isCompacted: settings.compact,
      timestampType: settings.timestampType,
      timestampBeforeMaxMs: settings.timestampBeforeMaxMs,
      timestampAfterMaxMs: settings.timestampAfterMaxMs,
      maxMessageBytes: settings.maxMessageBytes,
      compressionType: settings.compressionType,
      now: at,
    })
    // After the checks of a single batch, as in UnifiedLog.append: a producer splits its batch on MESSAGE_TOO_LARGE only.
    const sizeBytes = batches.reduce((sum, { bytes }) => sum + bytes.byteLength, 0)
    if (sizeBytes <= settings.segmentBytes) return batches
    const text = `Message batch size is ${sizeBytes} bytes in append to partition ${partition.name}, which exceeds the maximum configured segment size of ${settings.segmentBytes}.`
    return { recordErrors: [], ...kafkaFailure('RECORD_LIST_TOO_LARGE', text) }
  } catch (error) {
    if (!(error instanceof RecordsError)) throw error
    return { error: error.error, message: error.message, recordErrors: error.recordErrors }
  }
}

function appendBatch(partition: Partition, batch: Batch, options: AppendOptions): Appended | KafkaFailure {
  const { settings, at, transactional } = options
  const stamped = settings.timestampType === 'LogAppendTime'
  if (batch.producerId >= 0n) {
    const { producers } = partition
    const veto = batch.isTransactional ? transactional?.verify(batch) : undefined
    if (veto) return veto
    const isFirst = batch.isTransactional && !producers.isOpen(batch.producerId, batch.producerEpoch)
    const verdict = producers.check(batch, isFirst && transactional?.bumpsEpoch)
    if (verdict.kind === 'refuse') return kafkaFailure(verdict.error, verdict.message)
    if (verdict.kind === 'duplicate') {
      const { baseOffset, recordCount, maxTimestamp } = verdict.batch
      return {
        baseOffset,
        recordCount,
        producerId: batch.producerId,
        // Also where records keep their own time (UnifiedLog.append).
        logAppendTimeMs: maxTimestamp,
        logStartOffset: partition.logStartOffset,
      }
    }
  }
  const { baseOffset } = store(partition, batch, options)
  return {
    baseOffset,
    logAppendTimeMs: stamped ? at : -1,
    logStartOffset: partition.logStartOffset,
    recordCount: batch.recordCount,
    producerId: batch.producerId,
  }
}

/**
 * Puts a batch at the end of the log: of a client, of the app, or a marker. Its bytes are changed (offset and leader epoch) and kept.
 *
 * @throws StorageFailure
 */
export function store(
  partition: Partition,
  batch: Batch,
  { workspace, at }: Pick<AppendOptions, 'workspace' | 'at'>,
): { readonly baseOffset: number; readonly lastOffset: number } {
  const baseOffset = partition.facts.logEnd
  const lastOffset = baseOffset + (batch.lastOffset - batch.baseOffset)
  placeBatch(batch.bytes, baseOffset, leaderEpoch)
  const isOfProducer = batch.producerId >= 0n && !batch.isControl
  const opens = isOfProducer && partition.producers.opens(batch)
  workspace.append(partition.facts, {
    baseOffset,
    lastOffset,
    maxTimestamp: batch.maxTimestamp,
    appendedAt: at,
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    attributes: batch.attributes,
    recordCount: batch.recordCount,
    bytes: batch.bytes,
  })
  if (opens) {
    const transaction = { producerId: batch.producerId, firstOffset: baseOffset }
    workspace.write(() => workspace.transactionIndex.open(partition.facts.id, transaction))
  }
  // A failure above has changed nothing in memory.
  if (isOfProducer) partition.producers.appended(batch, { baseOffset, lastOffset })
  partition.touch(batch.bytes.byteLength)
  return { baseOffset, lastOffset }
}
