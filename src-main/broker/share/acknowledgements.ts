import type { Uuid } from '../../base/uuid'
import {
  type AcknowledgementBatch,
  type AcknowledgeType,
  acknowledge,
  acknowledgeTypes,
} from '../../groups/share/acknowledge'
import type { ErrorName } from '../../protocol/errors'
import type { Call } from '../handler'

/** Acknowledgements of one partition as they came. */
export interface AskedAcknowledgements {
  readonly topicId: Uuid
  readonly partition: number
  readonly batches: readonly {
    readonly firstOffset: bigint
    readonly lastOffset: bigint
    readonly acknowledgeTypes: readonly number[]
  }[]
}

export interface AcknowledgeAnswer {
  readonly topicId: Uuid
  readonly partition: number
  readonly error: ErrorName
  readonly message: string | null
}

/** Offsets that one request may acknowledge one by one in one batch: more than any window holds. */
const maxTypes = 1_000_000

/**
 * Applies the acknowledgements of a request, each partition for itself (KafkaApis.handleAcknowledgements). `knowsRenew`: the version
 * of the request has that type. @throws StorageFailure
 */
export function acknowledgeAll(
  groupId: string,
  memberId: string,
  asked: readonly AskedAcknowledgements[],
  { knowsRenew, isRenewAck }: { readonly knowsRenew: boolean; readonly isRenewAck: boolean },
  call: Call,
): AcknowledgeAnswer[] {
  const { core, client } = call
  return asked.map(({ topicId, partition, batches }) => {
    const answer = (error: ErrorName, message: string | null = null): AcknowledgeAnswer => {
      if (error !== 'NONE') call.failed(error, `acknowledgement for share group ${groupId}`)
      return { topicId, partition, error, message }
    }
    const topic = core.topics.byId(topicId)
    if (!topic) return answer('UNKNOWN_TOPIC_ID')
    if (!core.authorizer.allows(client, 'READ', 'TOPIC', topic.name)) return answer('TOPIC_AUTHORIZATION_FAILED')
    const read = readBatches(batches, knowsRenew, isRenewAck)
    if (!read) return answer('INVALID_REQUEST')
    const open = core.share.partitions.find(groupId, topicId, partition)
    if (!open) return answer('UNKNOWN_TOPIC_OR_PARTITION')
    const result = acknowledge(open.value, memberId, read, core.share.partitions.settings(groupId), call.at)
    if (result.error !== 'NONE') return answer(result.error, result.message)
    core.share.partitions.change(open, result, 'acknowledged')
    return answer('NONE')
  })
}

/** The batches by name of their types; `undefined` when they are not valid (KafkaApis.validateAcknowledgementBatches). */
function readBatches(
  batches: AskedAcknowledgements['batches'],
  knowsRenew: boolean,
  isRenewAck: boolean,
): AcknowledgementBatch[] | undefined {
  let before = -1n
  const read: AcknowledgementBatch[] = []
  for (const { firstOffset, lastOffset, acknowledgeTypes: codes } of batches) {
    if (firstOffset > lastOffset || firstOffset < before || lastOffset > BigInt(Number.MAX_SAFE_INTEGER))
      return undefined
    before = lastOffset
    const [first, last] = [Number(firstOffset), Number(lastOffset)]
    if (codes.length === 0 || codes.length > maxTypes) return undefined
    if (codes.length > 1 && codes.length !== last - first + 1) return undefined
    const types = codes.map((code) => acknowledgeTypes[code])
    if (types.some((type) => type === undefined || (type === 'renew' && !(knowsRenew && isRenewAck)))) return undefined
    read.push({ first, last, types: types as AcknowledgeType[] })
  }
  return read
}
