import type { RequestOf, ResponseInput } from '../../protocol/api-types'
import { type ErrorName, errorCode } from '../../protocol/errors'
import type { Batch } from '../../records/batch'
import { type Call, handler, noResponse } from '../handler'
import { append } from '../log/append'
import type { Partition } from '../log/partition'
import { type Refusal, refusal } from '../refusal'

type PartitionAnswer = NonNullable<
  NonNullable<ResponseInput<'Produce'>['responses']>[number]['partitionResponses']
>[number]

const noAcks = 0
const firstVersionWithThrottle = 1

/**
 * Produce 0-13 (ReplicaManager.appendRecords). The answer leaves after the group commit; when that fails, every partition
 * answers KAFKA_STORAGE_ERROR and nothing of the request is stored.
 */
export const produce = handler({
  api: 'Produce',
  versions: [0, 13],
  handle(request, call) {
    let failed = false
    const responses = request.topicData.map(({ name, topicId, partitionData }) => ({
      name,
      topicId,
      partitionResponses: partitionData.map(({ index, records }): PartitionAnswer => {
        const outcome = produceTo(call.version >= 13 ? { topicId } : { name }, index, records, request, call)
        if (!('error' in outcome)) {
          const { baseOffset, logAppendTimeMs, logStartOffset } = outcome
          return {
            index,
            errorCode: 0,
            baseOffset: BigInt(baseOffset),
            logAppendTimeMs: BigInt(logAppendTimeMs),
            logStartOffset: BigInt(logStartOffset),
          }
        }
        failed = true
        call.failed(outcome.error, outcome.message ?? '')
        return {
          index,
          errorCode: errorCode(outcome.error),
          baseOffset: -1n,
          errorMessage: outcome.message,
          recordErrors: outcome.recordErrors ?? [],
        }
      }),
    }))
    const throttleTimeMs = call.throttle(
      call.core.quotas.record(call.client, 'producer_byte_rate', recordBytesOf(request)),
    )
    if (request.acks !== noAcks)
      return call.version >= firstVersionWithThrottle ? { throttleTimeMs, responses } : { responses }
    // The producer cannot be told, so Kafka closes its connection: it then fetches metadata anew (KafkaApis.handleProduceRequest).
    if (failed) call.closeConnection('a produce request with acks=0 failed')
    return noResponse
  },
  storageFailed: (request) =>
    request.acks === noAcks
      ? noResponse
      : {
          responses: request.topicData.map(({ name, topicId, partitionData }) => ({
            name,
            topicId,
            partitionResponses: partitionData.map(({ index }) => ({
              index,
              errorCode: errorCode('KAFKA_STORAGE_ERROR'),
              baseOffset: -1n,
            })),
          })),
        },
})

function recordBytesOf({ topicData }: RequestOf<'Produce'>): number {
  let bytes = 0
  for (const { partitionData } of topicData) for (const { records } of partitionData) bytes += records?.byteLength ?? 0
  return bytes
}

/** Produce versions from which a partition joins the transaction with its first batch (KIP-890). */
const firstVersionOfTv2 = 12

/**
 * A transactional batch belongs to a transaction that knows of this partition (AddPartitionsToTxnManager); only the first one of a
 * transaction is looked at, the others follow it.
 */
function verifyTransaction(
  partition: Partition,
  batch: Batch,
  transactionalId: string | null,
  { core, version }: Call,
): Refusal | undefined {
  if (partition.producers.entry(batch.producerId).firstOffset !== undefined || transactionalId === null)
    return undefined
  const producer = { producerId: String(batch.producerId), producerEpoch: batch.producerEpoch }
  const problem = core.transactions.problem(transactionalId, producer)
  if (problem) return refusal(problem === 'PRODUCER_FENCED' ? 'INVALID_PRODUCER_EPOCH' : (problem as ErrorName))
  const name = `${partition.topic}:${partition.number}`
  if (version >= firstVersionOfTv2) {
    core.transactions.add(transactionalId, [name], 2)
    return undefined
  }
  const transaction = core.transactions.find(transactionalId)
  if (transaction?.state === 'Ongoing' && transaction.partitions.includes(name)) return undefined
  return core.configs.brokerFlag('transaction.partition.verification.enable') ? refusal('INVALID_TXN_STATE') : undefined
}

interface Appended {
  readonly baseOffset: number
  readonly logAppendTimeMs: number
  readonly logStartOffset: number
}

interface Rejected extends Refusal {
  readonly recordErrors?: readonly { readonly batchIndex: number; readonly batchIndexErrorMessage: string | null }[]
}

function produceTo(
  wanted: { readonly name: string } | { readonly topicId: string },
  index: number,
  records: Uint8Array | null,
  request: { readonly acks: number; readonly transactionalId: string | null },
  call: Call,
): Appended | Rejected {
  const { core, client, version } = call
  const topic = 'name' in wanted ? core.topics.find(wanted.name) : core.topics.byId(wanted.topicId)
  if (!topic) return refusal('name' in wanted ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'UNKNOWN_TOPIC_ID')
  if (!core.authorizer.allows(client, 'WRITE', 'TOPIC', topic.name)) return refusal('TOPIC_AUTHORIZATION_FAILED')
  const { transactionalId } = request
  if (transactionalId !== null && !core.authorizer.allows(client, 'WRITE', 'TRANSACTIONAL_ID', transactionalId)) {
    return refusal('TRANSACTIONAL_ID_AUTHORIZATION_FAILED')
  }
  if (request.acks < -1 || request.acks > 1) return refusal('INVALID_REQUIRED_ACKS')
  if (topic.internal) return refusal('INVALID_TOPIC_EXCEPTION')
  const partition = topic.partition(index)
  if (!partition) return refusal('UNKNOWN_TOPIC_OR_PARTITION')
  if (records === null) return refusal('INVALID_RECORD')
  const appended = append(partition, records, {
    workspace: core.workspace,
    settings: core.configs.topic(topic.name),
    produceVersion: version,
    at: call.at,
    verify: (batch) => verifyTransaction(partition, batch, request.transactionalId, call),
  })
  if (!('error' in appended)) {
    const use = core.clients.topic(client, topic.name).produced
    use.records += appended.recordCount
    use.bytes += records.byteLength
    use.lastAt = call.at
  }
  return appended
}
