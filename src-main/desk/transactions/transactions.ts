import { Emitter, type Listen } from '../../base/emitter'
import type { EndedTransaction, TransactionLine } from '../../contract/workspace'
import type { TransactionChange, TransactionSource } from '../source/transactions'

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
  readonly #source: TransactionSource
  readonly #byId = new Map<string, Record>()
  readonly #end: () => void

  constructor(source: TransactionSource, onError: (error: unknown) => void) {
    this.#source = source
    this.#changes = new Emitter(onError)
    this.changed = this.#changes.listen
    this.#end = source.changed((change) => {
      this.#note(change)
      this.#changes.emit()
    })
  }

  /** The one that changed last first. */
  async lines(): Promise<Omit<TransactionLine, 'blocked'>[]> {
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
    this.#end()
  }

  #note({ transaction, at, cause }: TransactionChange): void {
    const { transactionalId, startedAt, partitions } = transaction
    if (cause === 'expired') {
      this.#byId.delete(transactionalId)
      return
    }
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
