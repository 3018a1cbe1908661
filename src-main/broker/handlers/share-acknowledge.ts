import type { RequestOf } from '../../protocol/api-types'
import { type ErrorName, errorCode } from '../../protocol/errors'
import { type Answer, type Call, handler } from '../handler'
import { acknowledgeAll } from '../share/acknowledgements'
import { byTopicId, shareRequestProblem } from '../share/request'
import { finalEpoch, initialEpoch } from '../share/sessions'

/** ShareAcknowledge 1-2 (KIP-932): outcomes without a fetch. Rules: groups/share/SPEC.md [D15]-[D21]. */
export const shareAcknowledge = handler({
  api: 'ShareAcknowledge',
  versions: [1, 2],
  handle(request, call) {
    const { core, version } = call
    const { groupId, memberId, shareSessionEpoch: epoch } = request
    const problem = shareRequestProblem(groupId, memberId, call)
    if (problem || groupId === null || memberId === null) {
      return refused(problem ?? 'INVALID_REQUEST', call)
    }
    // A session begins with a fetch.
    if (epoch === initialEpoch) return refused('INVALID_SHARE_SESSION_EPOCH', call)
    const session = core.share.sessions.use(groupId, memberId, epoch)
    if (typeof session === 'string') return refused(session, call)
    const asked = request.topics.flatMap(({ topicId, partitions }) =>
      partitions.map((each) => ({ topicId, partition: each.partitionIndex, batches: each.acknowledgementBatches })),
    )
    const rules = { knowsRenew: version >= 2, isRenewAck: request.isRenewAck }
    const answers = acknowledgeAll(groupId, memberId, asked, rules, call)
    if (epoch === finalEpoch) core.share.end(session)
    const topics = byTopicId(answers)
    return {
      errorCode: 0,
      acquisitionLockTimeoutMs: core.share.partitions.settings(groupId).lockMs,
      responses: [...topics].map(([topicId, partitions]) => ({
        topicId,
        partitions: partitions.map(({ partition, error, message }) => ({
          partitionIndex: partition,
          errorCode: errorCode(error),
          errorMessage: message,
          currentLeader: { leaderId: 0, leaderEpoch: 0 },
        })),
      })),
      nodeEndpoints: [],
    }
  },
  storageFailed: (_request: RequestOf<'ShareAcknowledge'>, call) => refused('KAFKA_STORAGE_ERROR', call),
})

function refused(error: ErrorName, { failed }: Call, why = 'share acknowledgement'): Answer<'ShareAcknowledge'> {
  failed(error, why)
  return {
    errorCode: errorCode(error),
    errorMessage: null,
    acquisitionLockTimeoutMs: 0,
    responses: [],
    nodeEndpoints: [],
  }
}
