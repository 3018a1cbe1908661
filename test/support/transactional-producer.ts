import { type ErrorName, errorName } from '../../src-main/protocol/errors'
import type { Codec } from '../../src-main/records/batch'
import { encodeBatch, type NewRecord } from '../../src-main/records/encode'
import { batchOf, type TestClient } from './core'

/** The versions of a client without and with transaction version 2 (KIP-890). */
const versions = {
  1: { produce: 9, offsets: 3, end: 3 },
  2: { produce: 12, offsets: 5, end: 5 },
} as const

/** A producer with a transactional id, as a client library drives one: it counts sequences, and names partitions where it must. */
export class TransactionalProducer {
  readonly transactionalId: string
  readonly version: keyof typeof versions
  producerId = -1n
  epoch = -1
  /** Replaced when it connects to a broker that was started again. */
  client: TestClient
  #sequences = new Map<string, number>()
  #added = new Set<string>()

  constructor(client: TestClient, transactionalId: string, version: keyof typeof versions = 2) {
    this.client = client
    this.transactionalId = transactionalId
    this.version = version
  }

  /** One that knows the same, and whose answers this one never hears. */
  twin(): TransactionalProducer {
    const twin = new TransactionalProducer(this.client, this.transactionalId, this.version)
    twin.producerId = this.producerId
    twin.epoch = this.epoch
    twin.#sequences = new Map(this.#sequences)
    twin.#added = new Set(this.#added)
    return twin
  }

  /** `recovers`: says who it is, to go on after an error (KIP-360). */
  async init({ timeoutMs = 60_000, recovers = false } = {}): Promise<ErrorName> {
    const answer = await this.client.ask('InitProducerId', 5, {
      transactionalId: this.transactionalId,
      transactionTimeoutMs: timeoutMs,
      producerId: recovers ? this.producerId : -1n,
      producerEpoch: recovers ? this.epoch : -1,
    })
    if (answer.errorCode === 0) this.#become(answer.producerId, answer.producerEpoch)
    return errorName(answer.errorCode)
  }

  /** Init, until an open transaction of the same id is out of the way. */
  async take(): Promise<this> {
    for (let error = await this.init(); error !== 'NONE'; error = await this.init()) {
      if (error !== 'CONCURRENT_TRANSACTIONS') throw new Error(`init: ${error}`)
    }
    return this
  }

  /** AddPartitionsToTxn, as clients without transaction version 2 send it. */
  async add(topic: string, partition = 0): Promise<ErrorName> {
    const { resultsByTopicV3AndBelow } = await this.client.ask('AddPartitionsToTxn', 3, {
      v3AndBelowTransactionalId: this.transactionalId,
      v3AndBelowProducerId: this.producerId,
      v3AndBelowProducerEpoch: this.epoch,
      v3AndBelowTopics: [{ name: topic, partitions: [partition] }],
    })
    const error = errorName(resultsByTopicV3AndBelow[0]?.resultsByPartition[0]?.partitionErrorCode ?? -1)
    if (error === 'NONE') this.#added.add(`${topic}:${partition}`)
    return error
  }

  /** Produces without asking whether the partition was added. */
  async write(
    topic: string,
    values: readonly string[],
    {
      partition = 0,
      version = versions[this.version].produce as number,
      transactionalId = this.transactionalId as string | null,
      baseSequence = this.#sequences.get(`${topic}:${partition}`) ?? 0,
    } = {},
  ): Promise<ErrorName> {
    const records = batchOf(values, {
      producerId: this.producerId,
      producerEpoch: this.epoch,
      baseSequence,
      isTransactional: true,
    })
    const { errorCode } = await this.client.produce(topic, records, partition, transactionalId, version)
    if (errorCode === 0) this.#sequences.set(`${topic}:${partition}`, baseSequence + values.length)
    return errorName(errorCode)
  }

  /** Produces as a client library does. */
  async produce(topic: string, values: readonly string[], partition = 0): Promise<ErrorName> {
    if (this.version === 1 && !this.#added.has(`${topic}:${partition}`)) {
      const error = await this.add(topic, partition)
      if (error !== 'NONE') return error
    }
    return await this.write(topic, values, { partition })
  }

  /** Produces records with keys and times of their own, as a client library does. */
  async produceRecords(topic: string, records: readonly NewRecord[], codec: Codec = 'none'): Promise<ErrorName> {
    if (this.version === 1 && !this.#added.has(`${topic}:0`)) {
      const error = await this.add(topic)
      if (error !== 'NONE') return error
    }
    const baseSequence = this.#sequences.get(`${topic}:0`) ?? 0
    const { producerId, epoch: producerEpoch, transactionalId } = this
    const batch = encodeBatch(records, { codec, producerId, producerEpoch, baseSequence, isTransactional: true })
    const { errorCode } = await this.client.produce(topic, batch, 0, transactionalId, versions[this.version].produce)
    if (errorCode === 0) this.#sequences.set(`${topic}:0`, baseSequence + records.length)
    return errorName(errorCode)
  }

  /** AddOffsetsToTxn, as clients without transaction version 2 send it. */
  async addOffsets(groupId: string): Promise<ErrorName> {
    const { transactionalId, producerId, epoch: producerEpoch } = this
    return errorName(
      (await this.client.ask('AddOffsetsToTxn', 3, { transactionalId, producerId, producerEpoch, groupId })).errorCode,
    )
  }

  /** TxnOffsetCommit, without asking whether the group was added. */
  async commitOffset(
    groupId: string,
    topic: string,
    offset: number,
    { partition = 0, metadata = '', version = versions[this.version].offsets as number } = {},
  ): Promise<ErrorName> {
    const { topics } = await this.client.ask('TxnOffsetCommit', version, {
      transactionalId: this.transactionalId,
      groupId,
      producerId: this.producerId,
      producerEpoch: this.epoch,
      topics: [
        {
          name: topic,
          partitions: [{ partitionIndex: partition, committedOffset: BigInt(offset), committedMetadata: metadata }],
        },
      ],
    })
    return errorName(topics[0]?.partitions[0]?.errorCode ?? -1)
  }

  /** Sends an offset as a client library does. */
  async sendOffset(groupId: string, topic: string, offset: number, partition = 0): Promise<ErrorName> {
    if (this.version === 1) {
      const error = await this.addOffsets(groupId)
      if (error !== 'NONE') return error
    }
    return await this.commitOffset(groupId, topic, offset, { partition })
  }

  /** Commits or aborts; with transaction version 2 it goes on with the next epoch. */
  async end(committed: boolean): Promise<ErrorName> {
    const answer = await this.client.ask('EndTxn', versions[this.version].end, {
      transactionalId: this.transactionalId,
      producerId: this.producerId,
      producerEpoch: this.epoch,
      committed,
    })
    if (answer.errorCode !== 0) return errorName(answer.errorCode)
    this.#added.clear()
    if (this.version === 2) this.#become(answer.producerId, answer.producerEpoch)
    return 'NONE'
  }

  #become(producerId: bigint, epoch: number): void {
    if (producerId !== this.producerId || epoch !== this.epoch) this.#sequences.clear()
    this.#added.clear()
    this.producerId = producerId
    this.epoch = epoch
  }
}
