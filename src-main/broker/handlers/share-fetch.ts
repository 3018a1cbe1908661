import type { RequestOf } from '../../protocol/api-types'
import { type ErrorName, errorCode } from '../../protocol/errors'
import { type Answer, type Call, handler } from '../handler'
import { type AcknowledgeAnswer, type AskedAcknowledgements, acknowledgeAll } from '../share/acknowledgements'
import { fetchShares, letGoOf, type ShareGiven } from '../share/fetch'
import { byTopicId, shareRequestProblem } from '../share/request'
import { finalEpoch, initialEpoch, type ShareSession, sessionKeyOf } from '../share/sessions'

type Request = RequestOf<'ShareFetch'>

const recordLimit = 1

/**
 * ShareFetch 1-2 (KIP-932): acknowledges what was handed out before, and acquires what comes next. Rules: groups/share/SPEC.md. The session
 * is opened or used even when the fetch gives nothing; membership of the group is not looked at, as in Kafka.
 */
export const shareFetch = handler({
  api: 'ShareFetch',
  versions: [1, 2],
  handle(request, call): Answer<'ShareFetch'> | Promise<Answer<'ShareFetch'>> {
    const { groupId, memberId, shareSessionEpoch: epoch } = request
    const problem = shareRequestProblem(groupId, memberId, call)
    if (problem || groupId === null || memberId === null) {
      return refused(problem ?? 'INVALID_REQUEST', call)
    }
    const wrong = renewProblem(request, call)
    if (wrong) return refused('INVALID_REQUEST', call, wrong)
    const acknowledgements = acknowledgementsOf(request)
    const session = sessionOf(groupId, memberId, request, acknowledgements.length > 0, call)
    if (session === 'SHARE_SESSION_LIMIT_REACHED') return refusedLater(session, request.maxWaitMs, call)
    if (typeof session === 'string') return refused(session, call)
    return serve(groupId, memberId, epoch, session, request, acknowledgements, call)
  },
  storageFailed: (_request: Request, call) => refused('KAFKA_STORAGE_ERROR', call),
})

async function serve(
  groupId: string,
  memberId: string,
  epoch: number,
  session: ShareSession,
  request: Request,
  acknowledgements: readonly AskedAcknowledgements[],
  call: Call,
): Promise<Answer<'ShareFetch'>> {
  const { core, version } = call
  const rules = { knowsRenew: version >= 2, isRenewAck: request.isRenewAck }
  const acknowledged = acknowledgeAll(groupId, memberId, acknowledgements, rules, call)
  if (epoch === finalEpoch) {
    core.share.end(session)
    await core.commits.settled
    return answer(groupId, [], acknowledged, call)
  }
  // Acknowledgements are stored before anything that follows from them is told.
  await core.commits.settled
  const wanted = rotated([...session.partitions.values()], epoch)
  const isStillWanted = () => core.share.sessions.find(groupId, memberId) === session
  const mostBytes = mostBytesOf(request, call)
  const wish = {
    groupId,
    memberId,
    mode: request.shareAcquireMode === recordLimit ? ('recordLimit' as const) : ('batchOptimized' as const),
    maxWaitMs: request.maxWaitMs,
    minBytes: Math.min(request.minBytes, mostBytes),
    maxBytes: mostBytes,
    maxRecords: request.maxRecords,
    batchSize: Math.max(1, request.batchSize),
  }
  session.askedAt = call.at
  session.isWaiting = true
  const given = await fetchShares(wish, wanted, isStillWanted, call).finally(() => {
    session.isWaiting = false
  })
  try {
    return answer(groupId, answered(session, epoch, given), acknowledged, call)
  } finally {
    letGoOf(given)
  }
}

/**
 * Bytes that an answer may have: of the client, of the broker, or of the client's quota for a whole window. A client that waits for more would wait for
 * what it never gets (KafkaApis.handleFetchFromShareFetchRequest).
 */
function mostBytesOf({ maxBytes }: Request, { core, client }: Call): number {
  const quota = core.quotas.mostPerWindow(client, 'consumer_byte_rate')
  return Math.min(maxBytes, core.configs.brokerNumber('fetch.max.bytes'), Math.max(1, quota))
}

/** KIP-1222: a request that only renews locks fetches nothing. */
function renewProblem(request: Request, { version }: Call): string | undefined {
  if (version < 2 || !request.isRenewAck) return undefined
  const wrong = (['maxBytes', 'minBytes', 'maxRecords', 'maxWaitMs'] as const).filter((name) => request[name] !== 0)
  if (wrong.length === 0) return undefined
  const named = wrong.map((name) => `${name} should be 0`)
  return `The renew ack share fetch request has unexpected values: ${named.join(', ')}.`
}

function acknowledgementsOf({ topics }: Request): AskedAcknowledgements[] {
  return topics.flatMap(({ topicId, partitions }) =>
    partitions
      .filter(({ acknowledgementBatches }) => acknowledgementBatches.length > 0)
      .map((each) => ({ topicId, partition: each.partitionIndex, batches: each.acknowledgementBatches })),
  )
}

/** Opens, uses or is about to end the session of a request (SharePartitionManager.newContext). */
function sessionOf(
  groupId: string,
  memberId: string,
  request: Request,
  acknowledges: boolean,
  { core, client, at }: Call,
): ShareSession | ErrorName {
  const { sessions } = core.share
  const { shareSessionEpoch: epoch } = request
  if (epoch === finalEpoch) return sessions.find(groupId, memberId) ?? 'SHARE_SESSION_NOT_FOUND'
  if (epoch === initialEpoch) {
    if (acknowledges) return 'INVALID_REQUEST'
    const isFull = sessions.size >= core.configs.brokerNumber('group.share.max.share.sessions')
    if (isFull && !sessions.find(groupId, memberId)) return 'SHARE_SESSION_LIMIT_REACHED'
    const session = sessions.open(groupId, memberId, client.connection.id, at)
    update(session, request)
    return session
  }
  const session = sessions.use(groupId, memberId, epoch)
  if (typeof session !== 'string') update(session, request)
  return session
}

/** What is named is added, what is forgotten goes: named and forgotten in one request is forgotten. */
function update(session: ShareSession, { topics, forgottenTopicsData }: Request): void {
  for (const { topicId, partitions } of topics) {
    for (const { partitionIndex: partition } of partitions) {
      const key = sessionKeyOf(topicId, partition)
      if (!session.partitions.has(key)) session.partitions.set(key, { topicId, partition, mustAnswer: true })
    }
  }
  for (const { topicId, partitions } of forgottenTopicsData) {
    for (const partition of partitions) session.partitions.delete(sessionKeyOf(topicId, partition))
  }
}

/** PartitionRotateStrategy.ROUND_ROBIN: no partition is first every time. */
function rotated<T>(partitions: readonly T[], epoch: number): T[] {
  const by = partitions.length === 0 ? 0 : epoch % partitions.length
  return [...partitions.slice(by), ...partitions.slice(0, by)]
}

/** The first answer of a session has all partitions, later ones those with news (ShareSessionContext). */
function answered(session: ShareSession, epoch: number, given: readonly ShareGiven[]): ShareGiven[] {
  return given.filter(({ wanted, error, acquired }) => {
    const key = sessionKeyOf(wanted.topicId, wanted.partition)
    const partition = session.partitions.get(key)
    if (!partition) return true
    const isNews = epoch === initialEpoch || partition.mustAnswer || error !== 'NONE' || acquired.length > 0
    partition.mustAnswer = error !== 'NONE'
    if (acquired.length > 0) {
      session.partitions.delete(key)
      session.partitions.set(key, partition)
    }
    return isNews
  })
}

function answer(
  groupId: string,
  given: readonly ShareGiven[],
  acknowledged: readonly AcknowledgeAnswer[],
  call: Call,
): Answer<'ShareFetch'> {
  const { core } = call
  const bytes = given.reduce((sum, { records }) => records.reduce((all, each) => all + each.byteLength, sum), 0)
  const throttleTimeMs = call.throttle(core.quotas.record(call.client, 'consumer_byte_rate', bytes))
  const results = new Map(acknowledged.map((each) => [sessionKeyOf(each.topicId, each.partition), each]))
  const rows = given.map(({ wanted, error, records, acquired }) => {
    const key = sessionKeyOf(wanted.topicId, wanted.partition)
    const result = results.get(key)
    results.delete(key)
    if (error !== 'NONE') call.failed(error, `share fetch of ${wanted.topicId}-${wanted.partition}`)
    return { ...wanted, error, records, acquired, result }
  })
  for (const result of results.values()) {
    rows.push({
      topicId: result.topicId,
      partition: result.partition,
      error: 'NONE',
      records: [],
      acquired: [],
      result,
    })
  }
  return {
    errorCode: 0,
    throttleTimeMs,
    acquisitionLockTimeoutMs: core.share.partitions.settings(groupId).lockMs,
    responses: [...byTopicId(rows)].map(([topicId, partitions]) => ({
      topicId,
      partitions: partitions.map(({ partition, error, records, acquired, result }) => ({
        partitionIndex: partition,
        errorCode: errorCode(error),
        acknowledgeErrorCode: errorCode(result?.error ?? 'NONE'),
        acknowledgeErrorMessage: result?.message ?? null,
        currentLeader: { leaderId: 0, leaderEpoch: 0 },
        records,
        acquiredRecords: acquired.map(({ first, last, deliveryCount }) => ({
          firstOffset: BigInt(first),
          lastOffset: BigInt(last),
          deliveryCount,
        })),
      })),
    })),
    nodeEndpoints: [],
  }
}

function refused(error: ErrorName, { failed }: Call, why = 'share fetch'): Answer<'ShareFetch'> {
  failed(error, why)
  return {
    errorCode: errorCode(error),
    errorMessage: null,
    acquisitionLockTimeoutMs: 0,
    responses: [],
    nodeEndpoints: [],
  }
}

/** A client without a session would ask again at once: it is told after the time that it wanted to wait. */
function refusedLater(error: ErrorName, maxWaitMs: number, call: Call): Promise<Answer<'ShareFetch'>> {
  return new Promise((resolve) => {
    const end = () => {
      cancel()
      call.client.leaving.delete(end)
      resolve(refused(error, call))
    }
    const cancel = call.core.clock.at(call.at + Math.max(0, maxWaitMs), end)
    call.client.leaving.add(end)
  })
}
