import { zeroUuid } from '../../base/uuid'
import type { RequestOf, ResponseInput } from '../../protocol/api-types'
import { type ErrorName, errorCode } from '../../protocol/errors'
import { type FetchContext, openContext } from '../fetch/context'
import { type PartitionRead, readPartition, recordBytes } from '../fetch/read'
import type { FetchPartition } from '../fetch/session'
import { waitForRecords } from '../fetch/wait'
import { type Answer, type Call, handler } from '../handler'
import type { Partition } from '../log/partition'

type TopicAnswer = NonNullable<ResponseInput<'Fetch'>['responses']>[number]
type PartitionAnswer = NonNullable<TopicAnswer['partitions']>[number]

/** Until version 2 a partition's limit was hard: a larger first batch came cut off (FetchRequest.hardMaxBytesLimit). */
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
      forgotten: request.forgottenTopicsData.flatMap(({ topic, topicId, partitions }) =>
        partitions.map((partition) => ({ topic, topicId, partition })),
      ),
      at: call.at,
    })
    if ('error' in context) return { errorCode: errorCode(context.error), sessionId: 0, responses: [] }
    const deadline = call.at + Math.max(0, request.maxWaitMs)
    const reads = readAll(context, request, call)
    if (isComplete(reads, request) || request.maxWaitMs <= 0) return answer(context, reads, call)
    return wait(context, reads, request, call, deadline)
  },
})

async function wait(
  context: FetchContext,
  reads: readonly PartitionRead[],
  request: RequestOf<'Fetch'>,
  call: Call,
  deadline: number,
): Promise<Answer<'Fetch'>> {
  let current = reads
  for (;;) {
    const partitions = current.flatMap((read) => (read.log ? [read.log] : []))
    const missing = request.minBytes - current.reduce((sum, read) => sum + recordBytes(read), 0)
    const woken = await waitForRecords(partitions, missing, deadline, call)
    current = readAll(context, request, call)
    if (woken !== 'records' || isComplete(current, request)) return answer(context, current, call)
  }
}

function isComplete(reads: readonly PartitionRead[], { minBytes }: RequestOf<'Fetch'>): boolean {
  if (reads.length === 0) return true
  let bytes = 0
  for (const read of reads) {
    if (read.error !== 'NONE' || read.diverging) return true
    bytes += recordBytes(read)
  }
  return bytes >= minBytes
}

function wantedPartitions(request: RequestOf<'Fetch'>, { core, version }: Call): FetchPartition[] {
  return request.topics.flatMap(({ topic, topicId, partitions }) => {
    const name = version >= 13 ? (core.topics.byId(topicId)?.name ?? '') : topic
    const id = version >= 13 ? topicId : zeroUuid
    return partitions.map((wanted) => ({
      topic: name,
      topicId: id,
      partition: wanted.partition,
      currentLeaderEpoch: wanted.currentLeaderEpoch,
      fetchOffset: Number(wanted.fetchOffset),
      lastFetchedEpoch: wanted.lastFetchedEpoch,
      logStartOffset: Number(wanted.logStartOffset),
      maxBytes: wanted.partitionMaxBytes,
    }))
  })
}

function readAll(context: FetchContext, request: RequestOf<'Fetch'>, call: Call): PartitionRead[] {
  const { core, client, version } = call
  const committedOnly = request.isolationLevel === readCommitted
  const most = Math.min(request.maxBytes, core.configs.brokerNumber('fetch.max.bytes'))
  // Nobody gets more at once than its quota for a whole window, for that it would never get.
  let left = Math.min(most, core.quotas.mostPerWindow(client, 'consumer_byte_rate'))
  let first = version >= firstVersionWithWholeBatch
  return context.wanted().map((wanted) => {
    const found = locate(wanted, call)
    if (typeof found === 'string') return { wanted, error: found }
    const read = readPartition(found, wanted, {
      maxBytes: Math.min(left, wanted.maxBytes),
      atLeastOne: first,
      committedOnly,
      fetchVersion: version,
    })
    const bytes = recordBytes(read)
    client.fetched(wanted.topic, wanted.partition, wanted.fetchOffset, bytes, call.at)
    if (bytes > 0) {
      first = false
      left = Math.max(0, left - bytes)
    }
    return read
  })
}

function locate(wanted: FetchPartition, { core, client, version }: Call): Partition | ErrorName {
  const topic = wanted.topicId === zeroUuid ? core.topics.find(wanted.topic) : core.topics.byId(wanted.topicId)
  if (version >= 13 && !topic) return 'UNKNOWN_TOPIC_ID'
  if (!core.authorizer.allows(client, 'READ', 'TOPIC', topic?.name ?? wanted.topic)) return 'TOPIC_AUTHORIZATION_FAILED'
  return topic?.partition(wanted.partition) ?? 'UNKNOWN_TOPIC_OR_PARTITION'
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
