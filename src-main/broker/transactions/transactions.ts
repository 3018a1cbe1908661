import type { Clock, Millis } from '../../base/clock'
import { Emitter, type Listen } from '../../base/emitter'
import type { Log } from '../../base/log'
import { parseKey, type TopicPartitionKey } from '../../base/topic-partition'
import { readBatch } from '../../records/batch'
import { encodeMarker } from '../../records/encode'
import { StorageFailure, type Workspace } from '../../storage'
import {
  addPartitions,
  type Decision,
  type End,
  end,
  expiresAt,
  fence,
  type Init,
  init,
  type Markers,
  newTransaction,
  noProducerId,
  type Producer,
  producerProblem,
  setBackTransaction,
  type Transaction,
  type TransactionError,
  type TransactionVersion,
} from '../../transactions/coordinator'
import type { Marker } from '../../transactions/producer-state'
import type { Commits, Uncommitted } from '../commits'
import type { Configs } from '../config/configs'
import { type Deadline, Deadlines } from '../deadlines'
import { DocumentMap } from '../document-map'
import type { Features } from '../features'
import type { GroupOffsets } from '../groups/offsets'
import { store } from '../log/append'
import type { Partition } from '../log/partition'
import type { Topics } from '../log/topics'

const producerIdKey = 'producer-id'
/** Ids are taken in blocks, so that most take no write (ProducerIdsBlock). What is left of a block at the end of a run is not used. */
const blockSize = 1000
/** Epochs that a new producer id follows. */
const lastUsableEpoch = 32_766
/** When a transaction that should have been aborted is looked at again, after the file could not be written. */
const retryMs = 5000
/** After the machine slept, a transaction gets this long, or its timeout if that is shorter: the default session of a consumer. */
const longestGraceMs = 45_000

interface TransactionsParts {
  readonly workspace: Workspace
  readonly commits: Commits
  readonly configs: Configs
  readonly features: Features
  readonly clock: Clock
  readonly log: Log
  readonly topics: Topics
  readonly offsets: GroupOffsets
  readonly onError: (error: unknown) => void
}

/** Something that happened to a transactional id. */
export interface TransactionChange {
  readonly transaction: Transaction
  readonly at: Millis
  readonly cause: 'initialised' | 'opened' | 'grew' | 'committed' | 'aborted' | 'timed out' | 'expired'
  /** Of the transaction that opened, grew or ended: when it began, and where it wrote, which its end no longer says. */
  readonly startedAt: Millis
  readonly partitions: readonly string[]
}

/**
 * The transaction coordinator: asks the machine, keeps what it decides, and writes its markers in the same group commit. A transaction
 * therefore ends in all its partitions, and in the offsets that it sent, or in none.
 */
export class Transactions implements Uncommitted {
  readonly #parts: TransactionsParts
  readonly #all: DocumentMap<Transaction>
  readonly #deadlines: Deadlines
  readonly #counters: DocumentMap<string>
  readonly #changes: Emitter<TransactionChange>
  readonly changed: Listen<TransactionChange>
  #nextProducerId = 0n
  #blockEnd = 0n
  #uncommitted: TransactionChange[] = []

  constructor(parts: TransactionsParts) {
    this.#parts = parts
    this.#changes = new Emitter(parts.onError)
    this.changed = this.#changes.listen
    this.#deadlines = new Deadlines({
      clock: parts.clock,
      list: () => this.#deadlinesOf(),
      expire: (transactionalId, now) => this.#timeOut(transactionalId, now),
      setBack: (now) => this.#setBack(now),
    })
    const { workspace, commits } = parts
    const verbatim = { encode: (text: string) => text, decode: (text: string) => text }
    this.#counters = new DocumentMap({
      workspace,
      commits,
      kind: 'counter',
      codec: verbatim,
      rolledBack: () => this.#takeNewBlock(),
    })
    this.#all = new DocumentMap({
      workspace,
      commits,
      kind: 'transaction',
      rolledBack: () => this.#holdAll(parts.clock.now() + retryMs),
    })
    this.#deadlines.armAll()
  }

  all(): Transaction[] {
    return [...this.#all.values()]
  }

  find(transactionalId: string): Transaction | undefined {
    return this.#all.get(transactionalId)
  }

  /** An id that no producer had before. @throws StorageFailure */
  newProducerId(): bigint {
    if (this.#nextProducerId >= this.#blockEnd) {
      const start = BigInt(this.#counters.get(producerIdKey) ?? '0')
      const end = start + BigInt(blockSize)
      this.#counters.set(producerIdKey, String(end))
      this.#nextProducerId = start
      this.#blockEnd = end
    }
    return this.#nextProducerId++
  }

  /** Gives the transactional id to a producer. @throws StorageFailure */
  init(transactionalId: string, request: Omit<Init, 'freshProducerId' | 'clusterVersion'>): Decision {
    const at = this.#parts.clock.now()
    const { clusterVersion } = this
    const fresh: Init = { ...request, freshProducerId: String(this.newProducerId()), clusterVersion }
    const before = this.#all.get(transactionalId) ?? newTransaction(transactionalId, fresh, at)
    const decision = init(before, fresh, at)
    if (decision.transaction !== before) this.#apply(decision, decision.markers ? 'aborted' : 'initialised')
    return decision
  }

  /** Why a producer may not use a transactional id. */
  problem(transactionalId: string, producer: Producer): TransactionError | undefined {
    return producerProblem(this.#all.get(transactionalId), producer)
  }

  /**
   * Why a partition (`orders:3`) may not be written to by a producer that `problem` found nothing wrong with: it was not added to its
   * transaction (TransactionCoordinator.handleVerifyPartitionsInTransaction).
   */
  verify(transactionalId: string, partition: TopicPartitionKey): 'TRANSACTION_ABORTABLE' | undefined {
    return this.#all.get(transactionalId)?.partitions.includes(partition) ? undefined : 'TRANSACTION_ABORTABLE'
  }

  /** Adds partitions to the transaction of a producer that `problem` found nothing wrong with. @throws StorageFailure */
  add(transactionalId: string, partitions: readonly TopicPartitionKey[], clientVersion: TransactionVersion): void {
    const before = this.#all.get(transactionalId)
    if (!before) return
    const after = addPartitions(before, partitions, clientVersion, this.#parts.clock.now())
    if (after === before) return
    this.#apply({ transaction: after, error: 'NONE' }, before.state === 'Ongoing' ? 'grew' : 'opened')
  }

  /** @throws StorageFailure */
  end(transactionalId: string, request: Omit<End, 'freshProducerId'>): Decision | undefined {
    const before = this.#all.get(transactionalId)
    if (!before) return undefined
    const freshProducerId = this.#freshProducerId(before, request.clientVersion)
    const decision = end(before, { ...request, freshProducerId }, this.#parts.clock.now())
    if (decision.transaction !== before) this.#apply(decision, request.committed ? 'committed' : 'aborted')
    return decision
  }

  /**
   * Ends whatever a producer has open in one partition: of a transaction, or of an administrator (WriteTxnMarkers), who asks
   * `markerProblem` before.
   *
   * @throws StorageFailure
   */
  mark(partition: Partition, marker: Omit<Marker, 'transactionVersion'> & { readonly committed: boolean }): void {
    const { workspace, clock } = this.#parts
    const at = clock.now()
    const { producerId, committed } = marker
    const { firstOffset } = partition.producers.entry(producerId)
    const bytes = encodeMarker(committed ? 'COMMIT' : 'ABORT', { ...marker, timestamp: at })
    const { lastOffset } = store(partition, readBatch(bytes), { workspace, at })
    if (firstOffset !== undefined) {
      workspace.write(() => {
        workspace.transactionIndex.close(partition.facts.id, producerId)
        if (!committed)
          workspace.transactionIndex.addAborted(partition.facts.id, { producerId, firstOffset, lastOffset })
      })
    }
    partition.producers.marked(marker, at)
  }

  /** Forgets transactional ids that were not used for long (`transactional.id.expiration.ms`). */
  expireIds(): void {
    const { clock, commits, configs } = this.#parts
    const at = clock.now()
    const before = at - configs.brokerNumber('transactional.id.expiration.ms')
    for (const transaction of this.all()) {
      const { transactionalId, state, updatedAt } = transaction
      if (state === 'Ongoing' || updatedAt > before) continue
      this.#all.delete(transactionalId)
      commits.touch(this)
      this.#uncommitted.push({ transaction, at, cause: 'expired', startedAt: -1, partitions: [] })
    }
  }

  /** Of the cluster: what UpdateFeatures says; its level 1 changes nothing that a client sees. */
  get clusterVersion(): TransactionVersion {
    return this.#parts.features.level('transaction.version') >= 2 ? 2 : 0
  }

  committed(): void {
    const changes = this.#uncommitted
    this.#uncommitted = []
    for (const change of changes) this.#changes.emit(change)
  }

  rolledBack(): void {
    this.#uncommitted = []
  }

  dispose(): void {
    this.#deadlines.dispose()
  }

  /** The rest of a block may belong to a write that was lost: the next id begins another one. */
  #takeNewBlock(): void {
    this.#blockEnd = 0n
    this.#nextProducerId = 0n
  }

  *#deadlinesOf(): Generator<Deadline> {
    for (const transaction of this.#all.values()) {
      const at = expiresAt(transaction)
      const { transactionalId: key, timeoutMs } = transaction
      if (at !== undefined) yield { key, at, graceMs: Math.min(timeoutMs, longestGraceMs) }
    }
  }

  #setBack(now: Millis): void {
    try {
      for (const before of this.all()) {
        const after = setBackTransaction(before, now)
        if (after === before) continue
        this.#all.set(before.transactionalId, after)
        this.#parts.commits.touch(this)
      }
    } catch (error) {
      if (!(error instanceof StorageFailure)) throw error
      this.#parts.log.warn(
        `The clock was set back, and transactions may stay open for as much longer: ${error.message}`,
      )
    }
  }

  #holdAll(until: Millis): void {
    for (const { key } of this.#deadlinesOf()) this.#deadlines.hold(key, until)
  }

  /** The file first: what cannot be written changes nothing here, and what is rolled back later goes with it. */
  #apply({ transaction, markers }: Decision, cause: TransactionChange['cause']): void {
    const { commits, clock } = this.#parts
    this.#all.set(transaction.transactionalId, transaction)
    commits.touch(this)
    if (markers) this.#write(markers)
    const at = expiresAt(transaction)
    if (at !== undefined) this.#deadlines.arm(at)
    const { startedAt, partitions } = transaction
    const written = markers?.partitions ?? partitions
    this.#uncommitted.push({ transaction, at: clock.now(), cause, startedAt, partitions: written })
  }

  #write({ committed, producerId, producerEpoch, partitions }: Markers): void {
    for (const name of partitions) {
      const place = parseKey(name)
      const partition = this.#parts.topics.partition(place.topic, place.partition)
      // A topic that was deleted in the meantime has nothing left to mark.
      if (partition)
        this.mark(partition, { committed, producerId: BigInt(producerId), producerEpoch, coordinatorEpoch: 0 })
    }
    this.#parts.offsets.completeProducer(BigInt(producerId), committed)
  }

  #freshProducerId({ producerEpoch }: Transaction, version: TransactionVersion): string {
    return version === 2 && producerEpoch >= lastUsableEpoch ? String(this.newProducerId()) : noProducerId
  }

  #timeOut(transactionalId: string, now: Millis): void {
    const transaction = this.#all.get(transactionalId)
    if (!transaction) return
    const { clusterVersion } = this
    try {
      const freshProducerId = this.#freshProducerId(transaction, clusterVersion)
      this.#apply(fence(transaction, { clusterVersion, freshProducerId }, now), 'timed out')
      this.#parts.log.info(
        `The transaction of ${transaction.transactionalId} is aborted: it was open for longer than its ${transaction.timeoutMs} ms.`,
      )
    } catch (error) {
      if (!(error instanceof StorageFailure)) throw error
      // It stays open, and is looked at again when the file can perhaps be written.
      this.#deadlines.hold(transactionalId, now + retryMs)
    }
  }
}
