import type { Core } from '../../broker/core'
import type { CommittedOffset } from '../../broker/groups/offsets'
import type { Partition } from '../../broker/log/partition'
import type { LagHistory } from '../../contract/groups'
import { readBatch } from '../../records/batch'

/** Two minutes, a value each second. */
const recentPoints = 120
const maxPoints = 720
const maxAgeMs = 6 * 3_600_000

/** A group's lag over time. The longer it gets, the further its points lie apart, so that it never holds more than some hundreds. */
class Series {
  readonly since: number
  recent: readonly number[] = []
  points: LagHistory['points'] = []
  #everyMs = 1000

  constructor(since: number) {
    this.since = since
  }

  add(at: number, lag: number, ageMs: () => number | null): void {
    this.recent = [...this.recent.slice(1 - recentPoints), lag]
    const last = this.points.at(-1)
    if (last && at - last.at < this.#everyMs) return
    const kept = this.points.filter((point) => at - point.at <= maxAgeMs)
    if (kept.length >= maxPoints) {
      this.#everyMs *= 2
      this.points = kept.filter((_, i) => i % 2 === 0)
    } else this.points = kept
    this.points = [...this.points, { at, lag, lagMs: ageMs() }]
  }
}

/** How far each group was behind, sampled once a beat and kept in memory. */
export class Lags {
  readonly #core: Core
  readonly #groups = new Map<string, Series>()

  constructor(core: Core) {
    this.#core = core
  }

  sample(): void {
    const { groups, clock } = this.#core
    const at = clock.now()
    for (const groupId of groups.offsets.groupIds()) {
      let series = this.#groups.get(groupId)
      if (!series) this.#groups.set(groupId, (series = new Series(at)))
      series.add(at, lagOf(this.#core, groupId), () => lagMsOf(this.#core, groupId))
    }
    for (const groupId of this.#groups.keys()) if (!groups.offsets.has(groupId)) this.#groups.delete(groupId)
  }

  /** One value per beat, the newest last. */
  recent(groupId: string): readonly number[] {
    return this.#groups.get(groupId)?.recent ?? []
  }

  history(groupId: string): LagHistory {
    const series = this.#groups.get(groupId)
    return { since: series?.since ?? this.#core.clock.now(), points: series?.points ?? [] }
  }
}

/** Messages between the committed offsets of a group and the log ends. */
export function lagOf({ groups, topics }: Core, groupId: string): number {
  let lag = 0
  for (const { topic, partition, offset } of groups.offsets.of(groupId)) {
    const log = topics.partition(topic, partition)
    if (log) lag += Math.max(0, log.highWatermark - Math.max(offset, log.logStartOffset))
  }
  return lag
}

/** Age of the oldest record that a group has not committed, in ms: 0 when there is none, `null` when none tells its time. */
export function lagMsOf(core: Core, groupId: string): number | null {
  let oldest: number | null = 0
  for (const row of core.groups.offsets.of(groupId)) {
    const log = core.topics.partition(row.topic, row.partition)
    const age = log ? ageOf(core, log, row) : 0
    if (age === null) oldest = oldest === 0 ? null : oldest
    else oldest = Math.max(oldest ?? 0, age)
  }
  return oldest
}

/** When the batch at a committed offset was written: a commit is a new row, so that this is looked up once for each. */
const written = new WeakMap<CommittedOffset, { readonly from: number; readonly at: number }>()

/** How old the batch behind a committed offset is: lag in time, without opening it. 0 when there is none, `null` without a time. */
export function ageOf({ clock }: Core, log: Partition, row: CommittedOffset): number | null {
  const from = Math.max(row.offset, log.logStartOffset)
  if (from >= log.highWatermark) return 0
  let known = written.get(row)
  if (known?.from !== from) {
    const bytes = log.read(from, 1, true, log.highWatermark).batches[0]
    if (!bytes) return null
    known = { from, at: Number(readBatch(bytes).baseTimestamp) }
    written.set(row, known)
  }
  return known.at < 0 ? null : Math.max(0, clock.now() - known.at)
}
