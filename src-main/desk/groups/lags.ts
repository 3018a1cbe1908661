import type { Clock } from '../../base/clock'
import type { TopicPartition } from '../../base/topic-partition'
import type { LagHistory } from '../../contract/groups'
import type { CommittedOffset } from '../source/groups'
import type { Behind } from '../source/records'
import type { ClusterSource } from '../source/source'

/** Two minutes, a value each second. */
const recentPoints = 120
const maxPoints = 720
const maxAgeMs = 6 * 3_600_000

export interface PartitionLag extends TopicPartition {
  readonly committed: CommittedOffset
  readonly behind: Behind
}

/** How far a group is behind, over all partitions that it has committed. */
export interface GroupLag {
  readonly lag: number
  /** Age of the oldest record that is not committed, in ms: 0 when there is none, `null` when none tells its time. */
  readonly lagMs: number | null
  readonly partitions: readonly PartitionLag[]
}

/** Lags of many groups with one question for their offsets and one for the logs. Groups that committed nothing are left out. */
export async function lagsOf(
  { groups, records }: ClusterSource,
  groupIds: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, GroupLag>> {
  const offsets = [...(await groups.offsets(groupIds))].flatMap(([groupId, rows]) =>
    rows.map((row) => ({ groupId, row })),
  )
  const behinds = await records.behind(offsets.map(({ row }) => row))
  const found = new Map<string, PartitionLag[]>()
  for (const [i, { groupId, row }] of offsets.entries()) {
    const behind = behinds[i]
    const lines = found.get(groupId) ?? []
    found.set(groupId, lines)
    if (behind) lines.push({ topic: row.topic, partition: row.partition, committed: row, behind })
  }
  return new Map([...found].map(([groupId, partitions]) => [groupId, sumOf(partitions, now)]))
}

function sumOf(partitions: readonly PartitionLag[], now: number): GroupLag {
  let lag = 0
  let lagMs: number | null = 0
  for (const { behind } of partitions) {
    lag += behind.records
    const age = ageOf(behind, now)
    if (age === null) lagMs = lagMs === 0 ? null : lagMs
    else lagMs = Math.max(lagMs ?? 0, age)
  }
  return { lag, lagMs, partitions }
}

/** Age of the oldest record: 0 when there is none, `null` when it has no time. */
export function ageOf({ records, oldestAt }: Behind, now: number): number | null {
  if (records === 0) return 0
  return oldestAt === null ? null : Math.max(0, now - oldestAt)
}

/** A group's lag over time. The longer it gets, the further its points lie apart, so that it never holds more than some hundreds. */
class Series {
  readonly since: number
  recent: readonly number[] = []
  points: LagHistory['points'] = []
  #everyMs = 1000

  constructor(since: number) {
    this.since = since
  }

  add(at: number, { lag, lagMs }: GroupLag): void {
    this.recent = [...this.recent.slice(1 - recentPoints), lag]
    const last = this.points.at(-1)
    if (last && at - last.at < this.#everyMs) return
    const kept = this.points.filter((point) => at - point.at <= maxAgeMs)
    if (kept.length >= maxPoints) {
      this.#everyMs *= 2
      this.points = kept.filter((_, i) => i % 2 === 0)
    } else this.points = kept
    this.points = [...this.points, { at, lag, lagMs }]
  }
}

/** How far each group was behind, sampled once a beat and kept in memory. */
export class Lags {
  readonly #source: ClusterSource
  readonly #clock: Clock
  readonly #groups = new Map<string, Series>()

  constructor(source: ClusterSource, clock: Clock) {
    this.#source = source
    this.#clock = clock
  }

  async sample(): Promise<void> {
    const at = this.#clock.now()
    const groupIds = (await this.#source.groups.list()).map(({ groupId }) => groupId)
    const lags = await lagsOf(this.#source, groupIds, at)
    for (const [groupId, lag] of lags) {
      let series = this.#groups.get(groupId)
      if (!series) this.#groups.set(groupId, (series = new Series(at)))
      series.add(at, lag)
    }
    for (const groupId of this.#groups.keys()) if (!lags.has(groupId)) this.#groups.delete(groupId)
  }

  /** One value per beat, the newest last. */
  recent(groupId: string): readonly number[] {
    return this.#groups.get(groupId)?.recent ?? []
  }

  history(groupId: string): LagHistory {
    const series = this.#groups.get(groupId)
    return { since: series?.since ?? this.#clock.now(), points: series?.points ?? [] }
  }
}
