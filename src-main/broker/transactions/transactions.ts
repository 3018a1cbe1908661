import type { Clock, Millis } from '../../base/clock'
import { Emitter, type Listen } from '../../base/emitter'
import type { Log } from '../../base/log'
import { readBatch } from '../../records/batch'
import { encodeMarker } from '../../records/encode'
import { StorageFailure, type Workspace } from '../../storage'
import {
  addPartitions,
  type Decision,
  type End,
  end,
  expiresAt,
  type Init,
  init,
  type Markers,
  newTransaction,
  type Producer,
  producerProblem,
  type Transaction,
  type TransactionError,
  timeOut,
} from '../../transactions/coordinator'
import type { Commits, Uncommitted } from '../commits'
import type { Configs } from '../config/configs'
import type { GroupOffsets } from '../groups/offsets'
import { store } from '../log/append'
import type { Partition } from '../log/partition'
import type { Topics } from '../log/topics'

const kind = 'transaction'
const counterKind = 'counter'
const producerIdKey = 'producer-id'
/** Ids are taken in blocks, so that most take no write (ProducerIdsBlock). What is left of a block at the end of a run is not used. */
const blockSize = 1000

interface TransactionsParts {
  readonly workspace: Workspace
  readonly commits: Commits
  readonly configs: Configs
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
  readonly cause: 'initialised' | 'opened' | 'grew' | 'committed' | 'aborted' | 'timed out'
}

/**
 * The transaction coordinator: asks the machine, keeps what it decides, and writes its markers in the same group commit. A transaction
 * therefore ends in all its partitions, and in the offsets that it sent, or in none.
 */
export class Transactions implements Uncommitted {
  readonly #parts: TransactionsParts
  readonly #all = new Map<string, Transaction>()
  readonly #changes: Emitter<TransactionChange>
  readonly changed: Listen<TransactionChange>
  #nextProducerId = 0n
  #blockEnd = 0n
  #wakeAt: Millis | undefined
  #cancelTimer: (() => void) | undefined

  constructor(parts: TransactionsParts) {
    this.#parts = parts
    this.#changes = new Emitter(parts.onError)
    this.changed = this.#changes.listen
    this.#load()
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
      const { documents } = this.#parts.workspace
      const start = BigInt(documents.get(counterKind, producerIdKey) ?? '0')
      const end = start + BigInt(blockSize)
      this.#parts.workspace.write(() => documents.set(counterKind, producerIdKey, String(end)))
      this.#parts.commits.touch(this)
      this.#nextProducerId = start
      this.#blockEnd = end
    }
    return this.#nextProducerId++
  }

  /** Gives the transactional id to a producer. @throws StorageFailure */
  init(transactionalId: string, request: Omit<Init, 'freshProducerId'>): Decision {
    const at = this.#parts.clock.now()
    const fresh: Init = { ...request, freshProducerId: String(this.newProducerId()) }
    const decision = init(this.#all.get(transactionalId) ?? newTransaction(transactionalId, fresh, at), fresh, at)
    this.#apply(decision, decision.markers ? 'aborted' : 'initialised')
    return decision
  }

  /** Why a producer may not use a transactional id. */
  problem(transactionalId: string, producer: Producer): TransactionError | undefined {
    return producerProblem(this.#all.get(transactionalId), producer)
  }

  /** Adds partitions (`orders:3`) to the transaction of a producer that `problem` found nothing wrong with. @throws StorageFailure */
  add(transactionalId: string, partitions: readonly string[], clientVersion: 0 | 2): void {
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
    const needsFresh = request.clientVersion === 2 && before.producerEpoch >= 32_766
    const freshProducerId = needsFresh ? String(this.newProducerId()) : '-1'
    const decision = end(before, { ...request, freshProducerId }, this.#parts.clock.now())
    if (decision.transaction !== before) this.#apply(decision, request.committed ? 'committed' : 'aborted')
    return decision
  }

  /** Ends whatever a producer has open in one partition (WriteTxnMarkers, of an administrator). @throws StorageFailure */
  mark(
    partition: Partition,
    marker: {
      readonly committed: boolean
      readonly producerId: bigint
      readonly producerEpoch: number
      readonly coordinatorEpoch: number
    },
  ): void {
    const { workspace, clock } = this.#parts
    const at = clock.now()
    const { producerId, producerEpoch, coordinatorEpoch, committed } = marker
    const bytes = encodeMarker(committed ? 'COMMIT' : 'ABORT', {
      producerId,
      producerEpoch,
      coordinatorEpoch,
      timestamp: at,
    })
    const { lastOffset } = store(partition, readBatch(bytes), { workspace, at })
    const firstOffset = partition.producers.marked(producerId, producerEpoch, coordinatorEpoch, at)
    if (firstOffset === undefined) return
    workspace.write(() => {
      workspace.transactionIndex.close(partition.facts.id, producerId)
      if (!committed) workspace.transactionIndex.addAborted(partition.facts.id, { producerId, firstOffset, lastOffset })
    })
  }

  /** Forgets transactional ids that were not used for long (`transactional.id.expiration.ms`). */
  expireIds(): void {
    const { clock, configs, workspace, commits } = this.#parts
    const before = clock.now() - configs.brokerNumber('transactional.id.expiration.ms')
    for (const { transactionalId, state, updatedAt } of this.all()) {
      if (state === 'Ongoing' || updatedAt > before) continue
      workspace.write(() => workspace.documents.set(kind, transactionalId, null))
      this.#all.delete(transactionalId)
      commits.touch(this)
    }
  }

  committed(): void {}

  rolledBack(): void {
    this.#blockEnd = 0n
    this.#nextProducerId = 0n
    this.#load()
  }

  dispose(): void {
    this.#cancelTimer?.()
  }

  #load(): void {
    this.#all.clear()
    for (const { key, value } of this.#parts.workspace.documents.list(kind)) {
      const transaction = JSON.parse(value) as Transaction
      this.#all.set(key, transaction)
      this.#arm(transaction)
    }
  }

  #apply({ transaction, markers }: Decision, cause: TransactionChange['cause']): void {
    const { workspace, commits, clock } = this.#parts
    this.#all.set(transaction.transactionalId, transaction)
    workspace.write(() => workspace.documents.set(kind, transaction.transactionalId, JSON.stringify(transaction)))
    commits.touch(this)
    if (markers) this.#write(markers)
    this.#arm(transaction)
    this.#changes.emit({ transaction, at: clock.now(), cause })
  }

  #write({ committed, producerId, producerEpoch, partitions }: Markers): void {
    for (const name of partitions) {
      const colon = name.lastIndexOf(':')
      const partition = this.#parts.topics.partition(name.slice(0, colon), Number(name.slice(colon + 1)))
      // A topic that was deleted in the meantime has nothing left to mark.
      if (partition)
        this.mark(partition, { committed, producerId: BigInt(producerId), producerEpoch, coordinatorEpoch: 0 })
    }
    this.#parts.offsets.completeProducer(BigInt(producerId), committed)
  }

  #arm(transaction: Transaction): void {
    const at = expiresAt(transaction)
    if (at === undefined || (this.#wakeAt !== undefined && this.#wakeAt <= at)) return
    this.#cancelTimer?.()
    this.#wakeAt = at
    this.#cancelTimer = this.#parts.clock.at(at, () => this.#wake())
  }

  #wake(): void {
    this.#wakeAt = undefined
    const now = this.#parts.clock.now()
    for (const transaction of this.all()) {
      const at = expiresAt(transaction)
      if (at === undefined) continue
      if (at > now) this.#arm(transaction)
      else this.#timeOut(transaction, now)
    }
  }

  #timeOut(transaction: Transaction, now: Millis): void {
    const { log } = this.#parts
    log.info(
      `The transaction of ${transaction.transactionalId} is aborted: it was open for longer than its ${transaction.timeoutMs} ms.`,
    )
    try {
      this.#apply(timeOut(transaction, now), 'timed out')
    } catch (error) {
      // It stays open in the file, and is looked at again when that can be written.
      if (!(error instanceof StorageFailure)) throw error
    }
  }
}
