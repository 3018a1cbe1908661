import type { Clock } from '../../base/clock'
import type { TopicPartition } from '../../base/topic-partition'
import type { LagHistory } from '../../contract/groups'
import type { CommittedOffset } from '../source/groups'
import type { Behind } from '../source/records'
import type { ClusterSource } from '../source/source'
import type { KeptMap } from '../source/workspace'

/** Two minutes, a value each second. */
const recentPoints = 120
const maxPoints = 720
const maxAgeMs = 6 * 3_600_000
const storedEveryMs = 60_000

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
  points: LagHistory['points']
  /** The lag moved since the series was stored. */
  isChanged = false
  #everyMs = 1000

  constructor(since: number, points: LagHistory['points'] = []) {
    this.since = points[0]?.at ?? since
    this.points = points
  }

  add(at: number, { lag, lagMs }: GroupLag): void {
    this.isChanged ||= lag !== this.points.at(-1)?.lag
    this.recent = [...this.recent.slice(1 - recentPoints), lag]
    // What was measured before the clock was set back lies in the future, where no chart shows it.
    if ((this.points.at(-1)?.at ?? 0) > at) this.points = this.points.filter((point) => point.at <= at)
    const last = this.points.at(-1)
    if (last && at - last.at < this.#everyMs) return
    // Nothing was measured for long: the workspace was closed, or only what moves is stored. The lag stayed as it was until now, and did not
    // go to its new value little by little.
    if (last && at - last.at > storedEveryMs) this.points = [...this.points, heldUntil(at - 1, last)]
    const kept = this.points.filter((point) => at - point.at <= maxAgeMs)
    if (kept.length >= maxPoints) {
      this.#everyMs *= 2
      this.points = kept.filter((_, i) => i % 2 === 0)
    } else this.points = kept
    this.points = [...this.points, { at, lag, lagMs }]
  }

  /** What is stored: the largest lag of each minute, and the newest. */
  stored(): readonly StoredPoint[] {
    const minutes = new Map<number, StoredPoint>()
    for (const { at, lag, lagMs } of this.points) {
      const minute = Math.floor(at / storedEveryMs)
      if (lag >= (minutes.get(minute)?.[1] ?? 0)) minutes.set(minute, [at, lag, lagMs])
    }
    const newest = this.points.at(-1)
    const stored = [...minutes.values()]
    if (newest && newest.at !== stored.at(-1)?.[0]) stored.push([newest.at, newest.lag, newest.lagMs])
    return stored
  }
}

/** The same lag later: what is not committed has become older. */
function heldUntil(at: number, { at: before, lag, lagMs }: LagHistory['points'][number]): LagHistory['points'][number] {
  return { at, lag, lagMs: lagMs === null || lag === 0 ? lagMs : lagMs + at - before }
}

/** Time, records, age in ms. */
type StoredPoint = readonly [at: number, lag: number, lagMs: number | null]

/** How far each group was behind, sampled once a beat, and stored once a minute where it moved. */
export class Lags {
  readonly #source: ClusterSource
  readonly #clock: Clock
  readonly #groups = new Map<string, Series>()
  readonly #kept: KeptMap<readonly StoredPoint[]>
  readonly #loaded: Promise<void>
  #storedAt: number

  constructor(source: ClusterSource, clock: Clock) {
    this.#source = source
    this.#clock = clock
    this.#kept = source.kept.map('lag-history')
    this.#storedAt = clock.now()
    this.#loaded = this.#load()
  }

  /** @param some only these groups; by default all */
  async sample(some?: readonly string[]): Promise<void> {
    await this.#loaded
    const at = this.#clock.now()
    const lags = await lagsOf(this.#source, some ?? (await this.#source.groups.ids()), at)
    for (const [groupId, lag] of lags) {
      let series = this.#groups.get(groupId)
      if (!series) this.#groups.set(groupId, (series = new Series(at)))
      series.add(at, lag)
    }
    for (const groupId of some ?? this.#groups.keys()) if (!lags.has(groupId)) this.#groups.delete(groupId)
    if (Math.abs(at - this.#storedAt) >= storedEveryMs) await this.#store(at)
  }

  /** One value per beat, the newest last. */
  recent(groupId: string): readonly number[] {
    return this.#groups.get(groupId)?.recent ?? []
  }

  history(groupId: string): LagHistory {
    const series = this.#groups.get(groupId)
    return { since: series?.since ?? this.#clock.now(), points: series?.points ?? [] }
  }

  async #load(): Promise<void> {
    const now = this.#clock.now()
    for (const [groupId, stored] of await this.#kept.entries()) {
      const points = stored.map(([at, lag, lagMs]) => ({ at, lag, lagMs })).filter(({ at }) => now - at <= maxAgeMs)
      if (points.length > 0) this.#groups.set(groupId, new Series(now, points))
    }
  }

  /** Groups whose lag moved, in one commit; those that are gone are removed. */
  async #store(at: number): Promise<void> {
    this.#storedAt = at
    const moved = [...this.#groups].filter(([, { isChanged }]) => isChanged)
    const gone = (await this.#kept.entries()).flatMap(([groupId]) => (this.#groups.has(groupId) ? [] : [groupId]))
    await Promise.all([
      ...moved.map(([groupId, series]) => this.#kept.set(groupId, series.stored())),
      ...gone.map((groupId) => this.#kept.set(groupId, null)),
    ])
    for (const [, series] of moved) series.isChanged = false
  }
}
