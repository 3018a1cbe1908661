import { keyOf, type TopicPartitionKey } from '../../base/topic-partition'
import type { MessageRow } from '../../contract/messages'
import { maxWatched } from '../messages/open-rows'
import type { ScanPlan, ScanRange, ScanReply } from '../source/records'

/** What is known of a live scan outside its thread: enough to go on in another one, with nothing lost and no row twice. */
export class LiveScan {
  readonly #plan: ScanPlan
  /** Counts over time begin again; rows go on behind those that were given. */
  readonly #startsAgain: boolean
  #ranges: readonly ScanRange[]
  #ends: Record<string, number> = {}
  readonly #open = new Map<string, MessageRow>()
  /** It was moved to another thread, and has read nothing there yet. */
  #wasMoved = false

  private constructor(plan: ScanPlan) {
    this.#plan = plan
    this.#startsAgain = plan.buckets !== null
    this.#ranges = plan.ranges
  }

  /** Undefined for a scan that cannot go on elsewhere: it ends, or gives text, which does not tell where it is. */
  static of(plan: ScanPlan): LiveScan | undefined {
    return plan.live && (plan.format === null || plan.buckets !== null) ? new LiveScan(plan) : undefined
  }

  get ends(): Readonly<Record<string, number>> {
    return this.#ends
  }

  grown(ends: Readonly<Record<string, number>>): void {
    this.#ends = { ...this.#ends, ...ends }
  }

  add(ranges: readonly ScanRange[]): void {
    const added = new Set(ranges.map(placeOf))
    for (const key of added) delete this.#ends[key]
    const kept = this.#startsAgain ? this.#ranges : this.#ranges.filter((range) => !added.has(placeOf(range)))
    this.#ranges = [...kept, ...ranges]
  }

  took(reply: ScanReply): void {
    if (reply.kind === 'rows') {
      this.#wasMoved = false
      this.#given(reply.rows)
    } else if (reply.kind === 'ended') {
      for (const row of reply.rows) this.#open.delete(nameOf(row))
    } else if (reply.kind === 'histogram' || (reply.kind === 'progress' && reply.progress.share === 1)) {
      this.#wasMoved = false
    }
  }

  /** The plan for another thread; `null` when this scan has read nothing since it was last moved: it may be what stops the threads. */
  moved(): ScanPlan | null {
    if (this.#wasMoved) return null
    this.#wasMoved = true
    return { ...this.#plan, ranges: this.#ranges, openRows: [...this.#open.values()] }
  }

  #given(rows: readonly MessageRow[]): void {
    const next = new Map<TopicPartitionKey, number>()
    for (const row of rows) {
      next.set(placeOf(row), row.offset + 1)
      if (row.transaction === 'open' && this.#open.size < maxWatched) this.#open.set(nameOf(row), row)
    }
    this.#ranges = this.#ranges.map((range) => {
      const from = Math.max(range.from, next.get(placeOf(range)) ?? 0)
      return { ...range, from, before: Math.max(range.before, from) }
    })
  }
}

function placeOf({ topic, partition }: { readonly topic: string; readonly partition: number }): TopicPartitionKey {
  return keyOf(topic, partition)
}

function nameOf(row: { readonly topic: string; readonly partition: number; readonly offset: number }): string {
  return `${placeOf(row)}:${row.offset}`
}
