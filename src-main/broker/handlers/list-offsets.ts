import { int64 } from '../../base/int64'
import { type ErrorName, errorCode } from '../../protocol/errors'
import { handler } from '../handler'
import { orError } from '../log/failing'
import { leaderEpoch, leaderEpochProblem } from '../log/leader-epoch'
import type { Partition } from '../log/partition'

/** ListOffsetsRequest's special timestamps. */
const latest = -1n
const earliest = -2n
const maxTimestamp = -3n
const earliestLocal = -4n
const latestTiered = -5n
const earliestPendingUpload = -6n

const readCommitted = 1
const firstVersionWithLeaderEpoch = 4

interface Found {
  readonly offset: number
  readonly timestamp: bigint
  readonly leaderEpoch: number
}

const nothing: Found = { offset: -1, timestamp: -1n, leaderEpoch: -1 }

/** ListOffsets 0-11 (ReplicaManager.fetchOffset). Consumers see no further than the high watermark, or the last stable offset. */
export const listOffsets = handler({
  api: 'ListOffsets',
  versions: [0, 11],
  handle(request, call) {
    return {
      topics: request.topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map((wanted) => {
          const { partitionIndex, timestamp } = wanted
          const outcome = ((): Found | ErrorName => {
            if (!call.core.authorizer.allows(call.client, 'DESCRIBE', 'TOPIC', name))
              return 'TOPIC_AUTHORIZATION_FAILED'
            const partition = call.core.topics.find(name)?.partition(partitionIndex)
            if (!partition) return 'UNKNOWN_TOPIC_OR_PARTITION'
            const problem = leaderEpochProblem(wanted.currentLeaderEpoch)
            if (problem) return problem
            if (timestamp < minimumTimestamp(call.version)) return 'UNSUPPORTED_VERSION'
            return orError(
              call.core.log,
              () => `Looking up time ${timestamp} in ${partition.name}`,
              () => find(partition, timestamp, request.isolationLevel === readCommitted),
            )
          })()
          if (typeof outcome === 'string') return { partitionIndex, errorCode: errorCode(outcome), oldStyleOffsets: [] }
          return call.version === 0
            ? { partitionIndex, errorCode: 0, oldStyleOffsets: oldStyle(outcome, wanted.maxNumOffsets) }
            : {
                partitionIndex,
                errorCode: 0,
                timestamp: outcome.timestamp,
                offset: BigInt(outcome.offset),
                ...(call.version >= firstVersionWithLeaderEpoch ? { leaderEpoch: outcome.leaderEpoch } : {}),
              }
        }),
      })),
    }
  },
})

/** The special timestamps came one by one: KIP-734 (7), KIP-405 (8), KIP-1005 (9), KIP-1023 (11). */
function minimumTimestamp(version: number): bigint {
  if (version >= 11) return earliestPendingUpload
  if (version >= 9) return latestTiered
  if (version >= 8) return earliestLocal
  if (version >= 7) return maxTimestamp
  return earliest
}

function find(partition: Partition, timestamp: bigint, committedOnly: boolean): Found {
  const end = committedOnly ? partition.lastStableOffset : partition.highWatermark
  if (timestamp === latest) return { offset: end, timestamp: -1n, leaderEpoch }
  if (timestamp === earliest || timestamp === earliestLocal) {
    return { offset: partition.logStartOffset, timestamp: -1n, leaderEpoch }
  }
  // Without tiered storage there is neither (UnifiedLog.fetchOffsetByTimestamp).
  if (timestamp === latestTiered || timestamp === earliestPendingUpload) return nothing
  const found =
    timestamp === maxTimestamp ? partition.offsetOfMaxTimestamp() : partition.offsetAtTime(int64(timestamp), end)
  // A record that this reader may not see yet counts as absent.
  if (!found || found.offset >= end) return nothing
  return { offset: found.offset, timestamp: BigInt(found.timestamp), leaderEpoch }
}

/** Version 0 gave the start offsets of segments; ours has one segment, so the found offset alone. */
function oldStyle(found: Found, maxNumOffsets: number): bigint[] {
  return found.offset < 0 || maxNumOffsets < 1 ? [] : [BigInt(found.offset)]
}
