import { zeroUuid } from '../../base/uuid'
import type { RequestOf, ResponseInput } from '../../protocol/api-types'
import { type ErrorName, errorCode } from '../../protocol/errors'
import { type FetchContext, openContext } from '../fetch/context'
import { type PartitionRead, type ReadLimits, readPartition, recordBytes } from '../fetch/read'
import type { FetchPartition } from '../fetch/session'
import { waitForRecords } from '../fetch/wait'
import { type Answer, type Call, handler } from '../handler'
import { orError } from '../log/failing'
import type { Partition } from '../log/partition'

type TopicAnswer = NonNullable<ResponseInput<'Fetch'>['responses']>[number]
type PartitionAnswer = NonNullable<TopicAnswer['partitions']>[number]

/** Until version 2 a partition's limit was hard: a larger first batch does not come at all (FetchRequest.hardMaxBytesLimit). */
const firstVersionWithWholeBatch = 3
const firstVersionWithThrottle = 1
const readCommitted = 1

/**
 * Fetch 0-18. A request that finds less than `minBytes` waits for the append that fills it, or for `maxWaitMs`
 * (DelayedFetch); any error answers at once.
 */
export const fetch = handler({
  api: 'Fetch',
  versions: [0, 18],
  handle(request, call) {
    const context = openContext(call.core.fetchSessions, request.sessionId, request.sessionEpoch, {
      usesTopicIds: call.version >= 13,
      wanted: wantedPartitions(request, call),
      forgotten: forgottenPartitions(request),
      nameOf: (topicId) => call.core.topics.byId(topicId)?.name,
      at: call.at,
    })
    if ('error' in context) return { errorCode: errorCode(context.error), sessionId: 0, responses: [] }
    const deadline = call.at + Math.max(0, request.maxWaitMs)
    const limits = limitsOf(request, call)
    const reads = readAll(context, limits, call)
    if (isComplete(reads, limits) || request.maxWaitMs <= 0) return answer(context, reads.partitions, call)
    return wait(context, reads, limits, call, deadline)
  },
})

/** One answer is no larger, unless the request waits for more: what is read for it lies in memory until it is sent, where Kafka sends from its files. */
const mostAnswerBytes = 16 * 1024 * 1024

/** How much a request waits for, and gets at most, over all its partitions. */
interface FetchLimits {
  readonly minBytes: number
  readonly maxBytes: number
  readonly committedOnly: boolean
}

/**
 * The minimum is never above the maximum, which is that of the client, of the broker, or of the client's quota for a whole window: more
 * it would never get (KafkaApis.handleFetchRequest, KIP-541).
 */
function limitsOf(request: RequestOf<'Fetch'>, { core, client }: Call): FetchLimits {
  const quota = core.quotas.mostPerWindow(client, 'consumer_byte_rate')
  const mostBytes = Math.min(request.maxBytes, core.configs.brokerNumber('fetch.max.bytes'), quota)
  const minBytes = Math.min(request.minBytes, mostBytes)
  return {
    minBytes,
    maxBytes: Math.min(mostBytes, Math.max(mostAnswerBytes, minBytes)),
    committedOnly: request.isolationLevel === readCommitted,
  }
}

/** What all partitions gave. */
interface Reads {
  readonly partitions: readonly PartitionRead[]
  /** The next batch is larger than what is left of the maximum: Kafka would cut it off, and have the minimum. */
  readonly isFull: boolean
}

async function wait(
  context: FetchContext,
  reads: Reads,
  limits: FetchLimits,
  call: Call,
  deadline: number,
): Promise<Answer<'Fetch'>> {
  let current = reads
  for (;;) {
    const logs: Partition[] = []
    let bytes = limits.minBytes
    for (const read of current.partitions) {
      if (read.log) logs.push(read.log)
      bytes -= recordBytes(read)
    }
    const woken = await waitForRecords(logs, { bytes, committedOnly: limits.committedOnly }, deadline, call)
    current = readAll(context, limits, call)
    if (woken !== 'records' || isComplete(current, limits)) return answer(context, current.partitions, call)
  }
}

function isComplete({ partitions, isFull }: Reads, { minBytes }: FetchLimits): boolean {
  if (partitions.length === 0 || isFull) return true
  let bytes = 0
  for (const read of partitions) {
    if (read.error !== 'NONE' || read.diverging) return true
    bytes += recordBytes(read)
  }
  return bytes >= minBytes
}

function wantedPartitions(request: RequestOf<'Fetch'>, { core, version }: Call): FetchPartition[] {
  const all: FetchPartition[] = []
  for (const { topic, topicId, partitions } of request.topics) {
    const name = version >= 13 ? (core.topics.byId(topicId)?.name ?? '') : topic
    const id = version >= 13 ? topicId : zeroUuid
    for (const wanted of partitions) {
      all.push({
        topic: name,
        topicId: id,
        partition: wanted.partition,
        currentLeaderEpoch: wanted.currentLeaderEpoch,
        fetchOffset: Number(wanted.fetchOffset),
        lastFetchedEpoch: wanted.lastFetchedEpoch,
        logStartOffset: Number(wanted.logStartOffset),
        maxBytes: wanted.partitionMaxBytes,
      })
    }
  }
  return all
}

function forgottenPartitions({ forgottenTopicsData }: RequestOf<'Fetch'>) {
  const all: { readonly topic: string; readonly topicId: string; readonly partition: number }[] = []
  for (const { topic, topicId, partitions } of forgottenTopicsData) {
    for (const partition of partitions) all.push({ topic, topicId, partition })
  }
  return all
}

function readAll(context: FetchContext, limits: FetchLimits, call: Call): Reads {
  let left = limits.maxBytes
  let first = call.version >= firstVersionWithWholeBatch
  let isFull = false
  const at = call.core.clock.now()
  const partitions = context.wanted().map((wanted) => {
    const found = locate(wanted, call)
    if (typeof found === 'string') return { wanted, error: found }
    const read = readSafely(found, wanted, call, {
      maxBytes: Math.min(left, wanted.maxBytes),
      atLeastOne: first,
      committedOnly: limits.committedOnly,
      fetchVersion: call.version,
    })
    const bytes = recordBytes(read)
    const { fetchOffset: from } = wanted
    const given = { from, next: read.nextOffset ?? from, bytes, committedOnly: limits.committedOnly }
    call.client.fetched(found, given, at)
    if (read.isCut && left < wanted.maxBytes) isFull = true
    if (bytes > 0) {
      first = false
      left = Math.max(0, left - bytes)
    }
    return read
  })
  return { partitions, isFull }
}

function readSafely(log: Partition, wanted: FetchPartition, { core }: Call, limits: ReadLimits): PartitionRead {
  const read = orError(
    core.log,
    () => `Reading ${log.name} at ${wanted.fetchOffset}`,
    () => readPartition(log, wanted, limits),
  )
  return typeof read === 'string' ? { wanted, error: read } : read
}

/** Kafka's three errors for a topic that is not the one that was asked for (KafkaApis.handleFetchRequest, ReplicaManager.readFromLog). */
function locate(wanted: FetchPartition, { core, client, version }: Call): Partition | ErrorName {
  const { topic: name, topicId, partition: number } = wanted
  const byId = version >= 13
  // An id that never had a name here.
  if (byId && name === '') return 'UNKNOWN_TOPIC_ID'
  if (!core.authorizer.allows(client, 'READ', 'TOPIC', name)) return 'TOPIC_AUTHORIZATION_FAILED'
  // Deleted since the session began.
  const topic = core.topics.find(name)
  const partition = topic?.partition(number)
  if (!topic || !partition) return 'UNKNOWN_TOPIC_OR_PARTITION'
  // Deleted and created again.
  return byId && topic.id !== topicId ? 'INCONSISTENT_TOPIC_ID' : partition
}

function answer(context: FetchContext, reads: readonly PartitionRead[], call: Call): Answer<'Fetch'> {
  const topics = new Map<string, TopicAnswer & { partitions: PartitionAnswer[] }>()
  const sessionId = context.finish(call.at)
  const throttleTimeMs = throttled(reads, call)
  // Who has had too much gets nothing now, and comes again (FetchContext.getThrottledResponse).
  if (throttleTimeMs > 0) return { errorCode: 0, throttleTimeMs, sessionId, responses: [] }
  for (const read of reads) {
    const { wanted, error } = read
    const keep = context.answers(wanted, {
      failed: error !== 'NONE',
      recordBytes: recordBytes(read),
      highWatermark: read.highWatermark ?? -1,
      logStartOffset: read.logStartOffset ?? -1,
      diverging: read.diverging !== undefined,
    })
    if (!keep) continue
    if (error !== 'NONE') call.failed(error, `fetch of ${wanted.topic || wanted.topicId}-${wanted.partition}`)
    const key = call.version >= 13 ? wanted.topicId : wanted.topic
    let topic = topics.get(key)
    if (!topic) topics.set(key, (topic = { topic: wanted.topic, topicId: wanted.topicId, partitions: [] }))
    topic.partitions.push(partitionAnswer(read))
  }
  return { errorCode: 0, sessionId, responses: [...topics.values()] }
}

/** For how many ms the client must pause because of what it would get; then it does not count as had. */
function throttled(reads: readonly PartitionRead[], { core, client, version, throttle }: Call): number {
  if (version < firstVersionWithThrottle) return 0
  const bytes = reads.reduce((sum, read) => sum + recordBytes(read), 0)
  const ms = core.quotas.record(client, 'consumer_byte_rate', bytes)
  if (ms > 0) core.quotas.record(client, 'consumer_byte_rate', -bytes)
  return throttle(ms)
}

function partitionAnswer(read: PartitionRead): PartitionAnswer {
  return {
    partitionIndex: read.wanted.partition,
    errorCode: errorCode(read.error),
    highWatermark: BigInt(read.highWatermark ?? -1),
    lastStableOffset: BigInt(read.lastStableOffset ?? -1),
    logStartOffset: BigInt(read.logStartOffset ?? -1),
    abortedTransactions:
      read.abortedTransactions?.map(({ producerId, firstOffset }) => ({
        producerId,
        firstOffset: BigInt(firstOffset),
      })) ?? null,
    ...(read.diverging
      ? { divergingEpoch: { epoch: read.diverging.epoch, endOffset: BigInt(read.diverging.endOffset) } }
      : {}),
    records: read.records ?? [],
  }
}
