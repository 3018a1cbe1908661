import type { Clock } from '../../base/clock'
import type { TopicPartition } from '../../base/topic-partition'
import type { Partition } from '../../broker/log/partition'
import type { CountRange } from '../source/records'

export interface Counted {
  readonly counts: readonly number[]
  /** False when some records could not be counted yet: the disk is full. */
  readonly isAll: boolean
}

/** Asks for the records of ranges of offsets, each in one partition. */
export type Count = (ranges: readonly CountRange[]) => Promise<Counted>

interface Known {
  /** Records from some fixed offset to each of these; only differences mean something. In the order of offsets. */
  points: { readonly offset: number; readonly records: number }[]
  start: number
  sizeBytes: number
  readonly since: number
}

/** Offsets that are remembered of one log: its ends, and where groups stand. */
const keptPoints = 100
/** Compaction changes what is between two offsets; a log that may be compacted is counted again after this. */
const compactedMs = 30_000

/**
 * Counts records by the log's own row of each batch (without control records), and remembers the sums: what is asked again and again, with
 * ends that grow, costs only what is new.
 */
export class RecordCounts {
  readonly #count: Count
  readonly #clock: Clock
  readonly #isCompacted: (topic: string) => boolean
  readonly #known = new WeakMap<Partition, Known>()
  /** One question after the other: each finds what the one before has counted. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(count: Count, clock: Clock, isCompacted: (topic: string) => boolean) {
    this.#count = count
    this.#clock = clock
    this.#isCompacted = isCompacted
  }

  /** Records of each range, in the order of the ranges. */
  between(
    ranges: readonly { readonly log: Partition; readonly from: number; readonly before: number }[],
  ): Promise<number[]> {
    const counted = this.#last.then(() => this.#between(ranges))
    this.#last = counted.catch(() => {})
    return counted
  }

  async #between(
    ranges: readonly { readonly log: Partition; readonly from: number; readonly before: number }[],
  ): Promise<number[]> {
    const missing: {
      readonly log: Partition
      readonly from: number
      readonly before: number
      readonly isBack: boolean
    }[] = []
    const planned = new Map<Partition, Set<number>>()
    const pointsBefore = new Map<Partition, Known['points']>()
    for (const { log, from, before } of ranges) {
      const known = this.#of(log)
      if (!pointsBefore.has(log)) pointsBefore.set(log, [...known.points])
      const offsets = planned.get(log) ?? new Set(known.points.map(({ offset }) => offset))
      planned.set(log, offsets)
      for (const offset of [from, before]) {
        if (offsets.has(offset)) continue
        const near = nearest(offsets, offset)
        offsets.add(offset)
        if (near === undefined) known.points.push({ offset, records: 0 })
        else missing.push({ log, from: Math.min(near, offset), before: Math.max(near, offset), isBack: offset < near })
      }
    }
    const { counts, isAll } = await this.#count(
      missing.map(({ log, from, before }) => ({ ...placeOf(log), from, before })),
    )
    for (const [i, { log, from, before, isBack }] of missing.entries()) {
      const { points } = this.#of(log)
      const [base, offset] = isBack ? [before, from] : [from, before]
      const records = recordsAt(points, base) + (isBack ? -1 : 1) * (counts[i] ?? 0)
      points.push({ offset, records })
    }
    const result = ranges.map(({ log, from, before }) => {
      const { points } = this.#of(log)
      return Math.max(0, recordsAt(points, before) - recordsAt(points, from))
    })
    for (const [log, before] of pointsBefore) {
      const known = this.#of(log)
      if (!isAll) known.points = before
      known.points.splice(0, known.points.length - keptPoints)
    }
    return result
  }

  /** What is remembered of a log, as long as nothing but its ends has changed. */
  #of(log: Partition): Known {
    const known = this.#known.get(log)
    const { sizeBytes } = log.facts
    const start = log.logStartOffset
    if (known) {
      const isShrunk = start === known.start && sizeBytes < known.sizeBytes
      const isOld = this.#isCompacted(log.topic) && this.#clock.now() - known.since >= compactedMs
      if (!isShrunk && !isOld) {
        known.start = start
        known.sizeBytes = sizeBytes
        return known
      }
    }
    const fresh = { points: [], start, sizeBytes, since: this.#clock.now() }
    this.#known.set(log, fresh)
    return fresh
  }
}

function placeOf({ topic, number: partition }: Partition): TopicPartition {
  return { topic, partition }
}

function recordsAt(points: Known['points'], offset: number): number {
  return points.findLast((point) => point.offset === offset)?.records ?? 0
}

function nearest(offsets: ReadonlySet<number>, wanted: number): number | undefined {
  let best: number | undefined
  for (const offset of offsets) {
    if (best === undefined || Math.abs(offset - wanted) < Math.abs(best - wanted)) best = offset
  }
  return best
}
