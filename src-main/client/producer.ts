import { groupByTopic, keyOf, type TopicPartition, type TopicPartitionKey } from '../base/topic-partition'
import { errorName } from '../protocol/errors'
import { type Batch, batchOfProducer, type Codec } from '../records/batch'
import { encodeBatch, type NewRecord } from '../records/encode'
import { partitionFor } from '../records/partitioner'
import type { Destination, KafkaClient } from './client'
import { ClientError, check, KafkaError } from './failures'
import { askLeaders } from './leaders'

export interface ProducerOptions {
  /** Null: idempotent without transactions. */
  readonly transactionalId?: string | null
  readonly transactionTimeoutMs?: number
  readonly codec?: Codec
}

/** A batch that was written. */
export interface Written extends TopicPartition {
  /** Of its first record; null when the broker had it already and no longer knows where (DUPLICATE_SEQUENCE_NUMBER). */
  readonly baseOffset: bigint | null
}

interface Identity {
  readonly producerId: bigint
  readonly producerEpoch: number
}

/** Makes the bytes of a batch of this producer. */
type Encode = (by: Identity & { readonly baseSequence: number }) => Buffer

/** Sequence numbers go round at 2^31 (DefaultRecordBatch.incrementSequence). */
const sequences = 2 ** 31
/** Transactional requests stay at what needs AddPartitionsToTxn: newer versions begin transactions by themselves (KIP-890). */
const transactionV1 = { produce: 11, addPartitions: 3, endTxn: 4 } as const
/** From version 13 on topics are named by their ids. */
const newestProduce = 12

/**
 * An idempotent producer: one batch at a time per partition, each with its sequence number, so that a repeated request writes
 * nothing twice. With a transactional id its batches stand between `begin` and `commit` or `abort`.
 */
export class Producer {
  readonly #client: KafkaClient
  readonly #transactionalId: string | null
  readonly #transactionTimeoutMs: number
  readonly #codec: Codec
  readonly #sequences = new Map<TopicPartitionKey, number>()
  /** The last batch of each partition: the next one follows it. */
  readonly #last = new Map<TopicPartitionKey, Promise<unknown>>()
  readonly #inTransaction = new Set<TopicPartitionKey>()
  #identity: Promise<Identity> | undefined
  #nextPartition = 0
  #isOpen = false

  constructor(client: KafkaClient, options: ProducerOptions = {}) {
    this.#client = client
    this.#transactionalId = options.transactionalId ?? null
    this.#transactionTimeoutMs = options.transactionTimeoutMs ?? 60_000
    this.#codec = options.codec ?? 'none'
  }

  /** Gets the producer id; a transactional one fences its predecessors. @throws KafkaError, ClientError */
  async init(): Promise<void> {
    await this.#identified()
  }

  /** Spreads records over the partitions of a topic by their keys, as Java does. @throws KafkaError of the first batch that failed */
  async send(topic: string, records: readonly NewRecord[]): Promise<Written[]> {
    const [found] = await this.#client.retry(() => this.#client.topics([topic], { isNew: true }))
    const count = found?.partitions.length ?? 0
    const any = this.#nextPartition++
    const byPartition = new Map<number, NewRecord[]>()
    for (const record of records) {
      const partition = partitionFor(record.key, count, any)
      byPartition.set(partition, [...(byPartition.get(partition) ?? []), record])
    }
    return await Promise.all([...byPartition].map(([partition, some]) => this.sendTo(topic, partition, some)))
  }

  /** Writes one batch to one partition. @throws KafkaError, ClientError */
  sendTo(
    topic: string,
    partition: number,
    records: readonly NewRecord[],
    codec: Codec = this.#codec,
  ): Promise<Written> {
    const isTransactional = this.#transactionalId !== null
    return this.#inOrder(topic, partition, records.length, (by) =>
      encodeBatch(records, { codec, isTransactional, ...by }),
    )
  }

  /** Writes a batch of another log with its records as they are. It must have no gaps, and times of its producer. */
  sendBatch(topic: string, partition: number, batch: Batch): Promise<Written> {
    return this.#inOrder(topic, partition, batch.recordCount, (by) => batchOfProducer(batch, by))
  }

  #inOrder(topic: string, partition: number, count: number, encode: Encode): Promise<Written> {
    const key = keyOf(topic, partition)
    const run = () => this.#write({ topic, partition }, count, encode)
    const written = (this.#last.get(key) ?? Promise.resolve()).then(run, run)
    this.#last.set(key, written)
    const done = () => {
      if (this.#last.get(key) === written) this.#last.delete(key)
    }
    written.then(done, done)
    return written
  }

  /** Begins a transaction; the broker learns of it with the first batch. */
  begin(): void {
    if (this.#transactionalId === null) throw new Error('the producer has no transactional id')
    if (this.#isOpen) throw new Error('a transaction is open')
    this.#isOpen = true
    this.#inTransaction.clear()
  }

  commit(): Promise<void> {
    return this.#end(true)
  }

  abort(): Promise<void> {
    return this.#end(false)
  }

  async #end(committed: boolean): Promise<void> {
    if (!this.#isOpen) throw new Error('no transaction is open')
    await Promise.allSettled(this.#last.values())
    this.#isOpen = false
    // A transaction without a batch does not exist for the broker.
    if (this.#inTransaction.size === 0) return
    const { producerId, producerEpoch } = await this.#identified()
    const transactionalId = this.#transactionalId as string
    try {
      await this.#client.retry(async () => {
        const body = { transactionalId, producerId, producerEpoch, committed }
        const answer = await this.#client.ask(this.#coordinator(), 'EndTxn', body, { maxVersion: transactionV1.endTxn })
        check(answer.errorCode, `The transaction of ${transactionalId} was not ${committed ? 'committed' : 'aborted'}`)
      })
    } catch (error) {
      this.#forget()
      throw error
    }
  }

  #coordinator(): Destination {
    if (this.#transactionalId === null) return { to: 'any' }
    return { to: 'coordinator', keyType: 'transaction', key: this.#transactionalId }
  }

  #identified(): Promise<Identity> {
    if (this.#identity) return this.#identity
    const identity = this.#initialised()
    this.#identity = identity
    // Whoever waits for it learns why; the next call tries again.
    identity.catch(() => {
      if (this.#identity === identity) this.#identity = undefined
    })
    return identity
  }

  async #initialised(): Promise<Identity> {
    const transactionalId = this.#transactionalId
    return await this.#client.retry(async () => {
      const { versions } = await this.#client.connection(this.#coordinator())
      if (transactionalId === null && versions.pick('InitProducerId') === undefined) return anonymous
      const answer = await this.#client.ask(this.#coordinator(), 'InitProducerId', {
        transactionalId,
        transactionTimeoutMs: transactionalId === null ? 0x7fffffff : this.#transactionTimeoutMs,
      })
      check(answer.errorCode, `There is no producer id${transactionalId === null ? '' : ` for ${transactionalId}`}`)
      return { producerId: answer.producerId, producerEpoch: answer.producerEpoch }
    })
  }

  async #write(to: TopicPartition, count: number, encode: Encode): Promise<Written> {
    const identity = await this.#identified()
    if (this.#transactionalId !== null) await this.#join(to, identity)
    const key = keyOf(to.topic, to.partition)
    const sequence = this.#sequences.get(key) ?? 0
    const batch = encode({ ...identity, baseSequence: identity === anonymous ? -1 : sequence })
    const outcome = await this.#ask(to, batch)
    if (outcome instanceof KafkaError && outcome.error !== 'DUPLICATE_SEQUENCE_NUMBER') {
      // A batch that was rejected for what it is leaves its sequence number free; after other errors it is unknown what was written.
      if (!rejected.has(outcome.error)) this.#forget()
      throw outcome
    }
    this.#sequences.set(key, (sequence + count) % sequences)
    return { ...to, baseOffset: outcome instanceof KafkaError ? null : outcome }
  }

  async #ask(to: TopicPartition, batch: Buffer): Promise<bigint | KafkaError> {
    const transactionalId = this.#transactionalId
    const { requestTimeoutMs } = this.#client.settings
    const send = async (nodeId: number) => {
      const answer = await this.#client.ask(
        { to: 'node', nodeId },
        'Produce',
        {
          transactionalId,
          acks: -1,
          timeoutMs: requestTimeoutMs,
          topicData: [{ name: to.topic, partitionData: [{ index: to.partition, records: batch }] }],
        },
        { maxVersion: transactionalId === null ? newestProduce : transactionV1.produce },
      )
      return answer.responses.flatMap(({ name, partitionResponses }) =>
        partitionResponses.map(({ index, errorCode, baseOffset }) => ({
          topic: name,
          partition: index,
          error: errorName(errorCode),
          value: baseOffset,
        })),
      )
    }
    const what = ({ topic, partition }: TopicPartition) => `The records for ${topic}-${partition} were not written`
    try {
      const answers = await askLeaders(this.#client, [to], what, send)
      return answers.get(keyOf(to.topic, to.partition)) ?? new KafkaError('UNKNOWN_SERVER_ERROR', what(to))
    } catch (error) {
      if (error instanceof ClientError) this.#forget()
      throw error
    }
  }

  /** Adds a partition to the open transaction, before its first batch. */
  async #join(to: TopicPartition, { producerId, producerEpoch }: Identity): Promise<void> {
    if (!this.#isOpen) throw new Error('no transaction is open')
    const key = keyOf(to.topic, to.partition)
    if (this.#inTransaction.has(key)) return
    await this.#client.retry(async () => {
      const answer = await this.#client.ask(
        this.#coordinator(),
        'AddPartitionsToTxn',
        {
          v3AndBelowTransactionalId: this.#transactionalId as string,
          v3AndBelowProducerId: producerId,
          v3AndBelowProducerEpoch: producerEpoch,
          v3AndBelowTopics: [...groupByTopic([to])].map(([name, some]) => ({
            name,
            partitions: some.map(({ partition }) => partition),
          })),
        },
        { maxVersion: transactionV1.addPartitions },
      )
      for (const { name, resultsByPartition } of answer.resultsByTopicV3AndBelow) {
        for (const { partitionIndex, partitionErrorCode } of resultsByPartition) {
          check(
            partitionErrorCode,
            `${name}-${partitionIndex} cannot be added to the transaction of ${this.#transactionalId}`,
          )
        }
      }
    })
    this.#inTransaction.add(key)
  }

  /** The next batch begins with a new producer id or epoch: nothing that was sent before can be taken for it. */
  #forget(): void {
    this.#identity = undefined
    this.#sequences.clear()
  }
}

/** Where a service has no producer ids (Event Hubs): a batch that is sent again may be there twice. */
const anonymous: Identity = { producerId: -1n, producerEpoch: -1 }

/** Errors with which a broker rejects a batch before it looks at its sequence number. */
const rejected: ReadonlySet<string> = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'INVALID_TIMESTAMP',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'UNSUPPORTED_COMPRESSION_TYPE',
  'INVALID_TOPIC_EXCEPTION',
])
