import type { Clock } from '../../base/clock'
import { Emitter, type Listen } from '../../base/emitter'
import type { EndedTransaction, TransactionLine } from '../../contract/workspace'
import type { ClusterSource } from '../source/source'
import type { TransactionChange, TransactionSource } from '../source/transactions'
import type { KeptMap } from '../source/workspace'

/** Ends of transactions that are remembered for each transactional id. */
const keptEnds = 50
/** An application may end ten transactions a second: what became of them is stored together. */
const storedEveryMs = 10_000

/** What became of the transactions of one id. */
interface Ends {
  committed: number
  aborted: number
  /** The newest first. */
  ended: readonly EndedTransaction[]
}

interface Parts {
  readonly source: Pick<ClusterSource, 'transactions' | 'kept'>
  readonly clock: Clock
  readonly beat: Listen<void>
  readonly onError: (error: unknown) => void
}

/** The coordinator knows how a transaction stands; this remembers how the ones before ended, and keeps it with the workspace. */
export class TransactionRecords {
  readonly changed: Listen<void>
  readonly #changes: Emitter<void>
  readonly #source: TransactionSource
  readonly #clock: Clock
  readonly #kept: KeptMap<Ends>
  readonly #byId = new Map<string, Ends>()
  /** Ids whose ends are not stored yet. */
  readonly #unstored = new Set<string>()
  readonly #loaded: Promise<void>
  readonly #stops: readonly (() => void)[]
  #storedAt: number

  constructor({ source, clock, beat, onError }: Parts) {
    this.#source = source.transactions
    this.#clock = clock
    this.#kept = source.kept.map('transaction-ends')
    this.#storedAt = clock.now()
    this.#changes = new Emitter(onError)
    this.changed = this.#changes.listen
    this.#stops = [
      source.transactions.changed((change) => {
        this.#note(change)
        this.#changes.emit()
      }),
      beat(() => void this.#storeSometimes().catch(onError)),
    ]
    this.#loaded = this.#load()
    this.#loaded.catch(onError)
  }

  /** The one that changed last first. */
  async lines(): Promise<Omit<TransactionLine, 'blocked'>[]> {
    await this.#loaded
    return (await this.#source.list())
      .map(({ transactionalId, producerId, producerEpoch, state, partitions, startedAt, updatedAt, timeoutMs }) => {
        const { committed = 0, aborted = 0, ended = [] } = this.#byId.get(transactionalId) ?? {}
        return {
          transactionalId,
          producerId,
          producerEpoch,
          state,
          partitions,
          // A transaction that ended keeps when it began; what is shown is how long one has been open.
          startedAt: state === 'Ongoing' ? startedAt : -1,
          updatedAt,
          timeoutMs,
          committed,
          aborted,
          ended,
        }
      })
      .sort((a, b) => b.updatedAt - a.updatedAt)
  }

  dispose(): void {
    for (const stop of this.#stops) stop()
  }

  #note({ transaction: { transactionalId }, at, cause, startedAt, partitions }: TransactionChange): void {
    if (cause === 'initialised' || cause === 'opened' || cause === 'grew') return
    this.#unstored.add(transactionalId)
    if (cause === 'expired') {
      this.#byId.delete(transactionalId)
      return
    }
    const { committed, aborted, ended } = this.#byId.get(transactionalId) ?? { committed: 0, aborted: 0, ended: [] }
    const end = { at, outcome: cause, startedAt, partitions }
    this.#byId.set(transactionalId, {
      committed: committed + (cause === 'committed' ? 1 : 0),
      aborted: aborted + (cause === 'committed' ? 0 : 1),
      ended: [end, ...ended.slice(0, keptEnds - 1)],
    })
  }

  /** What was before this run; ends that were noted meanwhile are newer. */
  async #load(): Promise<void> {
    for (const [transactionalId, before] of await this.#kept.entries()) {
      const since = this.#byId.get(transactionalId) ?? { committed: 0, aborted: 0, ended: [] }
      this.#byId.set(transactionalId, {
        committed: before.committed + since.committed,
        aborted: before.aborted + since.aborted,
        ended: [...since.ended, ...before.ended].slice(0, keptEnds),
      })
    }
  }

  async #storeSometimes(): Promise<void> {
    const at = this.#clock.now()
    if (this.#unstored.size === 0 || Math.abs(at - this.#storedAt) < storedEveryMs) return
    this.#storedAt = at
    await this.#loaded
    const ids = [...this.#unstored]
    this.#unstored.clear()
    try {
      await Promise.all(ids.map((id) => this.#kept.set(id, this.#byId.get(id) ?? null)))
    } catch (error) {
      // They are stored with those that come.
      for (const id of ids) this.#unstored.add(id)
      throw error
    }
  }
}
