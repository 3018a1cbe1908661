import { Emitter, type Listen } from '../../base/emitter'
import type { Core } from '../../broker/core'
import type { TransactionChange } from '../../broker/transactions/transactions'
import type { EndedTransaction, TransactionLine } from '../../contract/workspace'

/** Ends of transactions that are remembered for each transactional id. */
const keptEnds = 50

/** What became of the transactions of one id since the broker started. */
interface Record {
  committed: number
  aborted: number
  ended: readonly EndedTransaction[]
  /** The one that is open: its partitions and when it began, which its end no longer says. */
  open: { readonly startedAt: number; readonly partitions: readonly string[] } | null
}

/** The coordinator knows how a transaction stands; this remembers how the ones before ended. */
export class TransactionRecords {
  readonly changed: Listen<void>
  readonly #changes: Emitter<void>
  readonly #core: Core
  readonly #byId = new Map<string, Record>()
  readonly #end: () => void

  constructor(core: Core, onError: (error: unknown) => void) {
    this.#core = core
    this.#changes = new Emitter(onError)
    this.changed = this.#changes.listen
    this.#end = core.transactions.changed((change) => {
      this.#note(change)
      this.#changes.emit()
    })
  }

  lines(): TransactionLine[] {
    return this.#core.transactions
      .all()
      .map(({ transactionalId, producerId, producerEpoch, state, partitions, startedAt, updatedAt, timeoutMs }) => {
        const { committed = 0, aborted = 0, ended = [] } = this.#byId.get(transactionalId) ?? {}
        // A transaction that ended keeps when it began; what is shown is how long one has been open.
        const openSince = state === 'Ongoing' ? startedAt : -1
        const now = {
          transactionalId,
          producerId,
          producerEpoch,
          state,
          partitions,
          startedAt: openSince,
          updatedAt,
          timeoutMs,
        }
        return { ...now, committed, aborted, ended }
      })
      .sort((a, b) => b.updatedAt - a.updatedAt)
  }

  /**
   * Aborts the open transaction of an id and fences its producer, as an administrator's `fenceProducers` does.
   *
   * @throws Error with a sentence
   */
  async abort(transactionalId: string): Promise<void> {
    const { transactions, commits } = this.#core
    const open = transactions.find(transactionalId)
    if (open?.state !== 'Ongoing') throw new Error(`${transactionalId} has no open transaction any more.`)
    transactions.init(transactionalId, { timeoutMs: open.timeoutMs, producerId: '-1', producerEpoch: -1 })
    await commits.settled
  }

  dispose(): void {
    this.#end()
  }

  #note({ transaction, at, cause }: TransactionChange): void {
    const { transactionalId, startedAt, partitions } = transaction
    const record = this.#byId.get(transactionalId) ?? { committed: 0, aborted: 0, ended: [], open: null }
    this.#byId.set(transactionalId, record)
    if (cause === 'opened' || cause === 'grew') {
      record.open = { startedAt, partitions }
    } else if (cause !== 'initialised') {
      if (cause === 'committed') record.committed++
      else record.aborted++
      const { startedAt: began = -1, partitions: written = [] } = record.open ?? {}
      const end = { at, outcome: cause, startedAt: began, partitions: written }
      record.ended = [end, ...record.ended.slice(0, keptEnds - 1)]
      record.open = null
    }
  }
}
