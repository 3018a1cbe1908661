import { finishedCount } from '../../groups/share/share-partition'
import { combinedRuns, loadSharePartition, type StoredRun, unpackRuns } from '../../groups/share/stored-runs'
import { type ErrorName, errorCode, errorMessage } from '../../protocol/errors'
import { allowsOnCluster } from '../authorization'
import { type Call, handler } from '../handler'
import { type KafkaFailure, kafkaFailure, storageFailure, unauthorized } from '../kafka-failure'
import type { StoredSharePartition } from '../share/stored-partitions'

/** What a partition of such a request names. */
interface Place {
  readonly groupId: string
  readonly topicId: string
  readonly partition: number
}

/** RecordState by its id; ARCHIVING (3) only lasts while a dead letter is written, which is one step here. */
const states = ['available', undefined, 'acknowledged', 'archived', 'archived'] as const
const stateIds = { available: 0, acknowledged: 2, archived: 4 } as const

/** Offsets are numbers here: no log reaches beyond them. */
const outOfRange = kafkaFailure('INVALID_REQUEST', 'The start offset is out of range.')
const uninitialized = 'operation on uninitialized share partition not allowed.'

/** InitializeShareGroupState 0 (ShareCoordinatorShard.initializeState): makes the state of share-partitions, whatever there was. */
export const initializeShareGroupState = handler({
  api: 'InitializeShareGroupState',
  versions: [0, 0],
  handle: ({ groupId, topics }, call) => ({
    results: each(topics, (topicId, asked) => {
      const { partition, stateEpoch } = asked
      const startOffset = Number(asked.startOffset)
      const problem = problemWith({ groupId, topicId, partition }, call)
      if (problem) return failed(partition, problem)
      if (startOffset < -1)
        return failed(partition, kafkaFailure('INVALID_REQUEST', 'The start offset must not be negative.'))
      if (startOffset > Number.MAX_SAFE_INTEGER) return failed(partition, outOfRange)
      const known = call.core.share.partitions.stored(groupId, topicId, partition)
      if (known && stateEpoch < known.stateEpoch) return failed(partition, described('FENCED_STATE_EPOCH'))
      call.core.share.partitions.initialize(groupId, topicId, partition, stateEpoch, startOffset)
      return failed(partition, kafkaFailure('NONE'))
    }),
  }),
  storageFailed: ({ topics }) => ({ results: each(topics, (_, { partition }) => failed(partition, storageFailure)) }),
})

/** ReadShareGroupState 0 (ShareCoordinatorShard.readStateAndMaybeUpdateLeaderEpoch). */
export const readShareGroupState = handler({
  api: 'ReadShareGroupState',
  versions: [0, 0],
  handle: ({ groupId, topics }, call) => ({
    results: each(topics, (topicId, { partition, leaderEpoch }) => {
      const found = find({ groupId, topicId, partition }, call, `Read ${uninitialized}`)
      const problem =
        'error' in found ? found : leaderEpoch < found.leaderEpoch ? described('FENCED_LEADER_EPOCH') : undefined
      if (problem || 'error' in found) {
        return {
          ...failed(partition, problem ?? kafkaFailure('INVALID_REQUEST')),
          stateEpoch: 0,
          startOffset: 0n,
          stateBatches: [],
        }
      }
      if (leaderEpoch > found.leaderEpoch) call.core.share.partitions.write({ ...found, leaderEpoch })
      return {
        ...failed(partition, kafkaFailure('NONE')),
        stateEpoch: found.stateEpoch,
        startOffset: BigInt(found.startOffset),
        stateBatches: unpackRuns(found.packed).map(({ first, last, state, deliveryCount }) => ({
          firstOffset: BigInt(first),
          lastOffset: BigInt(last),
          deliveryState: stateIds[state],
          deliveryCount,
        })),
      }
    }),
  }),
})

/** WriteShareGroupState 0-1 (ShareCoordinatorShard.writeState). */
export const writeShareGroupState = handler({
  api: 'WriteShareGroupState',
  versions: [0, 1],
  handle: ({ groupId, topics }, call) => ({
    results: each(topics, (topicId, asked) => {
      const { partition, stateEpoch, leaderEpoch } = asked
      const found = find({ groupId, topicId, partition }, call, `Write ${uninitialized}`)
      if ('error' in found) return failed(partition, found)
      if (leaderEpoch < found.leaderEpoch) return failed(partition, described('FENCED_LEADER_EPOCH'))
      if (stateEpoch < found.stateEpoch) return failed(partition, described('FENCED_STATE_EPOCH'))
      if (asked.startOffset > BigInt(Number.MAX_SAFE_INTEGER)) return failed(partition, outOfRange)
      const written = runsOf(asked.stateBatches)
      if (!written) return failed(partition, kafkaFailure('INVALID_REQUEST'))
      const startOffset = Math.max(found.startOffset, Number(asked.startOffset))
      const packed = combinedRuns([...unpackRuns(found.packed), ...written], startOffset)
      const finishedCount = finishedAfter(found, Number(asked.startOffset), asked.deliveryCompleteCount)
      call.core.share.partitions.write({ ...found, stateEpoch, leaderEpoch, startOffset, packed, finishedCount })
      return failed(partition, kafkaFailure('NONE'))
    }),
  }),
  storageFailed: ({ topics }) => ({ results: each(topics, (_, { partition }) => failed(partition, storageFailure)) }),
})

/** DeleteShareGroupState 0: what is not there is no error. */
export const deleteShareGroupState = handler({
  api: 'DeleteShareGroupState',
  versions: [0, 0],
  handle: ({ groupId, topics }, call) => ({
    results: each(topics, (topicId, { partition }) => {
      const problem = problemWith({ groupId, topicId, partition }, call)
      if (!problem) call.core.share.partitions.delete(groupId, topicId, partition)
      return failed(partition, problem ?? kafkaFailure('NONE'))
    }),
  }),
  storageFailed: ({ topics }) => ({ results: each(topics, (_, { partition }) => failed(partition, storageFailure)) }),
})

/** ReadShareGroupStateSummary 0-1 (KIP-1226 added how many offsets are finished). */
export const readShareGroupStateSummary = handler({
  api: 'ReadShareGroupStateSummary',
  versions: [0, 1],
  handle: ({ groupId, topics }, call) => ({
    results: each(topics, (topicId, { partition }) => {
      const place = { groupId, topicId, partition }
      const problem = problemWith(place, call)
      const found = problem ? undefined : call.core.share.partitions.stored(groupId, topicId, partition)
      const finished = found ? finishedIn(found) : -1
      return {
        ...failed(partition, problem ?? kafkaFailure('NONE')),
        stateEpoch: found?.stateEpoch ?? 0,
        leaderEpoch: found?.leaderEpoch ?? 0,
        startOffset: BigInt(found?.startOffset ?? -1),
        ...(call.version >= 1 ? { deliveryCompleteCount: finished } : {}),
      }
    }),
  }),
})

function finishedIn({ finishedCount: written, startOffset, packed }: StoredSharePartition): number {
  return written ?? finishedCount(loadSharePartition(startOffset, packed))
}

/** A start offset that stays only gains finished offsets, and an older one says nothing of them (ShareGroupOffset). */
function finishedAfter(found: StoredSharePartition, startOffset: number, finished: number): number {
  if (startOffset > found.startOffset) return finished
  return startOffset === found.startOffset ? Math.max(finishedIn(found), finished) : finishedIn(found)
}

/** Only brokers say these things to each other (KafkaApis: CLUSTER_ACTION). */
function problemWith({ topicId, partition }: Place, { core, client }: Call): KafkaFailure | undefined {
  if (!allowsOnCluster({ core, client }, 'CLUSTER_ACTION')) {
    return unauthorized('CLUSTER_AUTHORIZATION_FAILED')
  }
  return core.topics.byId(topicId)?.partition(partition) ? undefined : described('UNKNOWN_TOPIC_OR_PARTITION')
}

/** An error with Kafka's own sentence for it. */
function described(error: ErrorName): KafkaFailure {
  return kafkaFailure(error, errorMessage(error))
}

function find(place: Place, call: Call, missing: string): StoredSharePartition | KafkaFailure {
  return (
    problemWith(place, call) ??
    call.core.share.partitions.stored(place.groupId, place.topicId, place.partition) ??
    kafkaFailure('INVALID_REQUEST', missing)
  )
}

function failed(partition: number, { error, message }: { readonly error: ErrorName; readonly message: string | null }) {
  return { partition, errorCode: errorCode(error), errorMessage: message }
}

function each<T, R>(
  topics: readonly { readonly topicId: string; readonly partitions: readonly T[] }[],
  answer: (topicId: string, partition: T) => R,
): { topicId: string; partitions: R[] }[] {
  return topics.map(({ topicId, partitions }) => ({
    topicId,
    partitions: partitions.map((asked) => answer(topicId, asked)),
  }))
}

/** The batches as runs; `undefined` when they are not valid. */
function runsOf(
  batches: readonly {
    readonly firstOffset: bigint
    readonly lastOffset: bigint
    readonly deliveryState: number
    readonly deliveryCount: number
  }[],
): StoredRun[] | undefined {
  const runs: StoredRun[] = []
  for (const { firstOffset, lastOffset, deliveryState, deliveryCount } of batches) {
    const state = states[deliveryState]
    if (state === undefined || firstOffset > lastOffset || firstOffset < 0n) return undefined
    if (lastOffset > BigInt(Number.MAX_SAFE_INTEGER)) return undefined
    runs.push({ first: Number(firstOffset), last: Number(lastOffset), state, deliveryCount })
  }
  return runs
}
