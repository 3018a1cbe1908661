import type { RequestOf, ResponseInput } from '../../protocol/api-types'
import { errorCode } from '../../protocol/errors'
import { type Batch, transactionalProducer } from '../../records/batch'
import { type Call, handler, noResponse } from '../handler'
import { type KafkaFailure, kafkaFailure } from '../kafka-failure'
import { type Appended, type AppendRejected, append } from '../log/append'
import type { Partition } from '../log/partition'
import { schemaProblem } from '../registry/validation'

type PartitionAnswer = NonNullable<
  NonNullable<ResponseInput<'Produce'>['responses']>[number]['partitionResponses']
>[number]

/** Why a partition takes nothing, and for which records where that is known. */
type Rejected = KafkaFailure & Partial<Pick<AppendRejected, 'recordErrors'>>

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
    const refused = requestProblem(request, call)
    const responses = request.topicData.map(({ name, topicId, partitionData }) => ({
      name,
      topicId,
      partitionResponses: partitionData.map(({ index, records }): PartitionAnswer => {
        const outcome = refused ?? produceTo(call.version >= 13 ? { topicId } : { name }, index, records, request, call)
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
    // The producer cannot be told, so Kafka closes its connection: it then fetches metadata again (KafkaApis.handleProduceRequest).
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

/** Produce versions from which a client understands that it must abort its transaction, and from which a partition joins with its first
 * batch (KIP-890, AddPartitionsToTxnManager). */
const firstVersionWithAbortable = 11
const firstVersionOfTv2 = 12

/**
 * Why nothing of a request is taken (KafkaApis.handleProduceRequest, ReplicaManager.handleProduceAppend): transactional records are of
 * one producer, whose transactional id the client names and may use.
 */
function requestProblem({ topicData, transactionalId }: RequestOf<'Produce'>, call: Call): Rejected | undefined {
  let known: ReturnType<typeof transactionalProducer>
  for (const { partitionData } of topicData) {
    for (const { records } of partitionData) {
      const producer = records ? transactionalProducer(records) : undefined
      if (!producer) continue
      if (
        !known &&
        (transactionalId === null ||
          !call.core.authorizer.allows(call.client, 'WRITE', 'TRANSACTIONAL_ID', transactionalId))
      ) {
        return kafkaFailure('TRANSACTIONAL_ID_AUTHORIZATION_FAILED')
      }
      known ??= producer
      if (producer.producerId !== known.producerId || producer.producerEpoch !== known.producerEpoch) {
        return kafkaFailure('INVALID_PRODUCER_ID_MAPPING', 'Transactional records contained more than one producer ID')
      }
    }
  }
  return undefined
}

/**
 * A transactional batch belongs to a transaction that knows of this partition (UnifiedLog.maybeStartTransactionVerification,
 * AddPartitionsToTxnManager); only the first one of a transaction is looked at, the others follow it.
 */
function verifyTransaction(
  partition: Partition,
  { producerId, producerEpoch }: Batch,
  transactionalId: string,
  { core, version }: Call,
): KafkaFailure | undefined {
  const { epoch } = partition.producers.entry(producerId)
  if (producerEpoch < epoch) {
    const text = `Epoch of producer ${producerId} is ${producerEpoch}, which is smaller than the last seen epoch ${epoch}`
    return kafkaFailure('INVALID_PRODUCER_EPOCH', text)
  }
  if (partition.producers.isOpen(producerId, producerEpoch)) return undefined
  const joins = version >= firstVersionOfTv2
  if (!joins && !core.configs.brokerFlag('transaction.partition.verification.enable')) return undefined
  const problem = core.transactions.problem(transactionalId, { producerId: String(producerId), producerEpoch })
  if (problem) return kafkaFailure(problem === 'PRODUCER_FENCED' ? 'INVALID_PRODUCER_EPOCH' : problem)
  const name = partition.key
  if (joins) {
    core.transactions.add(transactionalId, [name], 2)
    return undefined
  }
  if (!core.transactions.verify(transactionalId, name)) return undefined
  return version >= firstVersionWithAbortable
    ? kafkaFailure('TRANSACTION_ABORTABLE')
    : kafkaFailure('INVALID_TXN_STATE', 'Partition was not added to the transaction')
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
  if (!topic && 'topicId' in wanted) return kafkaFailure('UNKNOWN_TOPIC_ID')
  const name = topic?.name ?? ('name' in wanted ? wanted.name : '')
  // Who may not write to a topic does not learn whether it is there.
  if (!core.authorizer.allows(client, 'WRITE', 'TOPIC', name)) return kafkaFailure('TOPIC_AUTHORIZATION_FAILED')
  const partition = topic?.partition(index)
  if (!topic || !partition) return kafkaFailure('UNKNOWN_TOPIC_OR_PARTITION')
  if (records === null) return kafkaFailure('INVALID_RECORD')
  if (request.acks < -1 || request.acks > 1) return kafkaFailure('INVALID_REQUIRED_ACKS')
  if (topic.internal) return kafkaFailure('INVALID_TOPIC_EXCEPTION')
  const { transactionalId } = request
  const settings = core.configs.topic(topic.name)
  const { key, value } = settings.schemaValidation
  const isValidated = key !== null || value !== null
  const appended = append(partition, records, {
    inspect: isValidated
      ? (batches) => schemaProblem(topic.name, batches, settings, () => core.schemas.now())
      : undefined,
    workspace: core.workspace,
    settings,
    produceVersion: version,
    at: call.at,
    transactional: {
      // Without a transactional id nothing transactional came this far.
      verify: (batch) => verifyTransaction(partition, batch, transactionalId ?? '', call),
      bumpsEpoch: version >= firstVersionOfTv2,
    },
  })
  if (!('error' in appended)) {
    const { recordCount } = appended
    const bytes = records.byteLength
    core.commits.whenStored(() => client.produced(topic.name, recordCount, bytes, call.at))
    if (appended.producerId >= 0n) client.wroteAs(appended.producerId)
  }
  return appended
}
