import type { ErrorName } from '../../protocol/errors'
import { RecordsError } from '../../records/failures'
import { downConvert } from '../../records/legacy'
import { leaderEpoch, leaderEpochProblem } from '../log/leader-epoch'
import type { Partition } from '../log/partition'
import type { FetchPartition } from './session'

/** What one partition gave to one fetch. */
export interface PartitionRead {
  readonly wanted: FetchPartition
  readonly error: ErrorName
  readonly log?: Partition
  readonly highWatermark?: number
  readonly lastStableOffset?: number
  readonly logStartOffset?: number
  /** Whole batches, by reference: there until the turn of the event loop ends, or as long as they are held. */
  readonly records?: readonly Uint8Array[]
  /** The offset behind the last of them; `wanted.fetchOffset` when there are none. */
  readonly nextOffset?: number
  /** There is a batch behind these that the size did not allow. */
  readonly isCut?: boolean
  readonly abortedTransactions?: readonly { readonly producerId: bigint; readonly firstOffset: number }[]
  readonly diverging?: { readonly epoch: number; readonly endOffset: number }
}

export interface ReadLimits {
  readonly maxBytes: number
  /** One batch is given even when it is larger than `maxBytes`, so that a consumer always gets on (KIP-74). */
  readonly atLeastOne: boolean
  readonly committedOnly: boolean
  readonly fetchVersion: number
}

export function recordBytes(read: PartitionRead): number {
  let bytes = 0
  if (read.records) for (const chunk of read.records) bytes += chunk.byteLength
  return bytes
}

/** ReplicaManager.readFromLog for one partition. */
export function readPartition(log: Partition, wanted: FetchPartition, limits: ReadLimits): PartitionRead {
  const problem = leaderEpochProblem(wanted.currentLeaderEpoch)
  if (problem) return { wanted, error: problem }
  const { fetchOffset, lastFetchedEpoch } = wanted
  const facts = {
    wanted,
    log,
    highWatermark: log.highWatermark,
    lastStableOffset: log.lastStableOffset,
    logStartOffset: log.logStartOffset,
  }
  // KIP-595: a reader that is past the end of an epoch learns where that epoch ended.
  if (lastFetchedEpoch !== -1 && (lastFetchedEpoch > leaderEpoch || fetchOffset > log.highWatermark)) {
    return { ...facts, error: 'NONE', diverging: { epoch: leaderEpoch, endOffset: log.highWatermark } }
  }
  if (fetchOffset < log.logStartOffset || fetchOffset > log.highWatermark) {
    return { ...facts, error: 'OFFSET_OUT_OF_RANGE' }
  }
  const end = limits.committedOnly ? log.lastStableOffset : log.highWatermark
  const { batches, lastOffset } = log.lend(fetchOffset, limits.maxBytes, limits.atLeastOne, end)
  const abortedTransactions =
    limits.committedOnly && batches.length > 0 ? log.abortedTransactions(fetchOffset, lastOffset + 1) : []
  const records = limits.fetchVersion < 4 ? downConvert(batches, limits.fetchVersion < 2 ? 0 : 1, fetchOffset) : batches
  if (records instanceof RecordsError) return { wanted, error: records.error }
  const nextOffset = batches.length > 0 ? lastOffset + 1 : fetchOffset
  return {
    ...facts,
    error: 'NONE',
    records,
    nextOffset,
    isCut: nextOffset < end,
    ...(limits.committedOnly ? { abortedTransactions } : {}),
  }
}
