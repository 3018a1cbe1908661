/** What became of a transaction. */
export interface ModelTransaction {
  outcome: 'open' | 'committed' | 'aborted'
  readonly deadline: number
  readonly partitions: Set<number>
  /** The offset that it sent for its group. */
  sent: number | undefined
}

type Entry = { readonly value: string; readonly of: ModelTransaction } | { readonly marker: string }

/** The least that a log with transactions must be: per partition a list of records and markers, and of each record its transaction. */
export class TransactionModel {
  readonly logs: readonly Entry[][]
  readonly open = new Map<string, ModelTransaction>()
  /** By transactional id: each moves its own partition of the group. */
  readonly offsets = new Map<string, number>()

  constructor(partitions: number) {
    this.logs = Array.from({ length: partitions }, () => [])
  }

  /** Adds a partition to the open transaction of an id, or opens one. */
  add(id: string, now: number, timeoutMs: number, partition?: number): ModelTransaction {
    let transaction = this.open.get(id)
    if (!transaction) {
      transaction = { outcome: 'open', deadline: now + timeoutMs, partitions: new Set(), sent: undefined }
      this.open.set(id, transaction)
    }
    if (partition !== undefined) transaction.partitions.add(partition)
    return transaction
  }

  append(partition: number, value: string, of: ModelTransaction): void {
    this.logs[partition]!.push({ value, of })
  }

  end(id: string, committed: boolean): void {
    const transaction = this.open.get(id)
    if (!transaction) return
    this.open.delete(id)
    transaction.outcome = committed ? 'committed' : 'aborted'
    for (const partition of transaction.partitions) this.logs[partition]!.push({ marker: transaction.outcome })
    if (committed && transaction.sent !== undefined) this.offsets.set(id, transaction.sent)
  }

  /** Aborts what is due until `end`; the ids, in order. */
  pass(now: number, end: number): string[] {
    const aborted: string[] = []
    for (;;) {
      const next = Math.min(...[...this.open.values()].map(({ deadline }) => deadline))
      if (next > end) return aborted
      const due = [...this.open].filter(([, { deadline }]) => deadline <= Math.max(now, next)).map(([id]) => id)
      for (const id of due.sort()) {
        this.end(id, false)
        aborted.push(id)
      }
    }
  }

  logEnd(partition: number): number {
    return this.logs[partition]!.length
  }

  lastStableOffset(partition: number): number {
    const first = this.logs[partition]!.findIndex((entry) => 'of' in entry && entry.of.outcome === 'open')
    return first < 0 ? this.logEnd(partition) : first
  }

  /** `offset:value` of all records, or of those that a `read_committed` consumer may see. */
  values(partition: number, isolation: 'read_committed' | 'read_uncommitted'): string[] {
    const end = isolation === 'read_committed' ? this.lastStableOffset(partition) : this.logEnd(partition)
    return this.logs[partition]!.slice(0, end).flatMap((entry, offset) =>
      'of' in entry && (isolation === 'read_uncommitted' || entry.of.outcome === 'committed')
        ? [`${offset}:${entry.value}`]
        : [],
    )
  }
}
