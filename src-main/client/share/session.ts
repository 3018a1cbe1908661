import type { TopicPartition } from '../../base/topic-partition'
import type { Uuid } from '../../base/uuid'
import type { RequestInput } from '../../protocol/api-types'
import { errorName } from '../../protocol/errors'
import type { LogRecord } from '../../records/record'
import { readRecords } from '../../records/record'
import type { KafkaClient } from '../client'
import { check, KafkaError, recoveryOf } from '../failures'
import { batchesOf } from '../fetched-records'

/** org.apache.kafka.clients.consumer.AcknowledgeType by its code; 0 is an offset without a record. */
export const acknowledgeCodes = { gap: 0, accept: 1, release: 2, reject: 3 } as const
export type AcknowledgeType = Exclude<keyof typeof acknowledgeCodes, 'gap'>

export interface SharedPlace extends TopicPartition {
  readonly topicId: Uuid
}

/** Offsets that this member acquired, and the records in them. */
export interface Acquired extends SharedPlace {
  readonly first: number
  readonly last: number
  readonly deliveryCount: number
  readonly records: readonly LogRecord[]
}

/** One acknowledge code for each offset from `first` on. */
export interface Acknowledgement extends SharedPlace {
  readonly first: number
  readonly codes: readonly number[]
}

export interface ShareLimits {
  readonly maxWaitMs: number
  readonly maxRecords: number
}

const maxBytes = 50 * 1024 * 1024
const finalEpoch = -1
/** Java's ShareConsumer: with these a session begins again, and what was not acknowledged is delivered again. */
const lost: ReadonlySet<string> = new Set([
  'SHARE_SESSION_NOT_FOUND',
  'INVALID_SHARE_SESSION_EPOCH',
  'SHARE_SESSION_LIMIT_REACHED',
])

/** The share session of one member with one broker (KIP-932). */
export class ShareSession {
  readonly #client: KafkaClient
  readonly #nodeId: number
  readonly #groupId: string
  readonly #memberId: string
  #epoch = 0
  #known: readonly SharedPlace[] = []

  constructor(client: KafkaClient, nodeId: number, groupId: string, memberId: string) {
    this.#client = client
    this.#nodeId = nodeId
    this.#groupId = groupId
    this.#memberId = memberId
  }

  /**
   * Acknowledges what was acquired before, and acquires what comes next. After an error of the session the next call begins a new one.
   *
   * @throws KafkaError, ClientError
   */
  async fetch(
    places: readonly SharedPlace[],
    acknowledgements: readonly Acknowledgement[],
    { maxWaitMs, maxRecords }: ShareLimits,
  ): Promise<Acquired[]> {
    // A session that begins cannot acknowledge what an earlier one acquired: the broker has given that back.
    const done = this.#epoch === 0 ? [] : acknowledgements
    const gone = this.#known.filter((known) => !places.some((place) => isSame(place, known)))
    const answer = await this.#client.ask(
      { to: 'node', nodeId: this.#nodeId },
      'ShareFetch',
      {
        groupId: this.#groupId,
        memberId: this.#memberId,
        shareSessionEpoch: this.#epoch,
        maxWaitMs,
        minBytes: 1,
        maxBytes,
        maxRecords,
        batchSize: maxRecords,
        topics: topicsOf(places, done),
        forgottenTopicsData: gone.map(({ topicId, partition }) => ({ topicId, partitions: [partition] })),
      },
      { lane: 'fetch', timeoutMs: maxWaitMs + this.#client.settings.requestTimeoutMs },
    )
    this.#next(answer.errorCode, 'fetch')
    this.#known = places
    return answer.responses.flatMap(({ topicId, partitions }) =>
      partitions.flatMap(({ partitionIndex, errorCode, records, acquiredRecords }): Acquired[] => {
        const place = places.find((each) => each.topicId === topicId && each.partition === partitionIndex)
        if (!place) return []
        const failure = errorCode === 0 ? null : new KafkaError(errorName(errorCode), `${nameOf(place)} cannot be read`)
        if (failure && recoveryOf(failure) === 'none') throw failure
        return acquiredOf(place, records ?? new Uint8Array(), acquiredRecords)
      }),
    )
  }

  /** Acknowledges, and gives back what is still held. @throws KafkaError, ClientError */
  async close(acknowledgements: readonly Acknowledgement[]): Promise<void> {
    if (this.#epoch === 0) return
    const answer = await this.#client.ask(
      { to: 'node', nodeId: this.#nodeId },
      'ShareAcknowledge',
      {
        groupId: this.#groupId,
        memberId: this.#memberId,
        shareSessionEpoch: finalEpoch,
        topics: topicsOf([], acknowledgements),
      },
      { lane: 'fetch' },
    )
    this.#epoch = 0
    check(answer.errorCode, `The share session of ${this.#groupId} cannot be closed`)
  }

  #next(code: number, what: string): void {
    if (code !== 0) this.#epoch = 0
    if (lost.has(errorName(code))) return
    check(code, `A member of share group ${this.#groupId} cannot ${what}`)
    this.#epoch++
  }
}

function isSame(a: SharedPlace, b: SharedPlace): boolean {
  return a.topicId === b.topicId && a.partition === b.partition
}

const nameOf = ({ topic, partition }: TopicPartition) => `${topic}-${partition}`

/** Partitions of the session, and those of the acknowledgements, each once. */
function topicsOf(
  places: readonly SharedPlace[],
  acknowledgements: readonly Acknowledgement[],
): NonNullable<RequestInput<'ShareFetch'>['topics']> {
  const topics = new Map<Uuid, Map<number, Acknowledgement[]>>()
  const at = ({ topicId, partition }: SharedPlace) => {
    const partitions = topics.get(topicId) ?? new Map<number, Acknowledgement[]>()
    topics.set(topicId, partitions)
    const mine = partitions.get(partition) ?? []
    partitions.set(partition, mine)
    return mine
  }
  for (const place of places) at(place)
  for (const one of acknowledgements) at(one).push(one)
  return [...topics].map(([topicId, partitions]) => ({
    topicId,
    partitions: [...partitions].map(([partitionIndex, mine]) => ({
      partitionIndex,
      acknowledgementBatches: mine.sort((a, b) => a.first - b.first).map(batchOf),
    })),
  }))
}

function batchOf({ first, codes }: Acknowledgement) {
  const [only] = codes
  const isUniform = codes.every((code) => code === only)
  return {
    firstOffset: BigInt(first),
    lastOffset: BigInt(first + codes.length - 1),
    acknowledgeTypes: isUniform && only !== undefined ? [only] : [...codes],
  }
}

function acquiredOf(
  place: SharedPlace,
  bytes: Uint8Array,
  ranges: readonly { readonly firstOffset: bigint; readonly lastOffset: bigint; readonly deliveryCount: number }[],
): Acquired[] {
  if (ranges.length === 0) return []
  const records: LogRecord[] = []
  for (const one of batchesOf(bytes)) {
    if (one.kind === 'batch' && !one.batch.isControl) records.push(...readRecords(one.batch))
  }
  return ranges.map(({ firstOffset, lastOffset, deliveryCount }) => {
    const [first, last] = [Number(firstOffset), Number(lastOffset)]
    const mine = records.filter(({ offset }) => offset >= first && offset <= last)
    return { ...place, first, last, deliveryCount, records: mine }
  })
}
