import { keyOf } from '../../base/topic-partition'
import type { SearchProgress } from '../../contract/messages'
import type { ExportFormat, ScanPlan } from '../source/records'
import type { Search } from './search'

/** Makes a search of a plan, over the same reader and decoders; `passes` in place of the plan's filter. */
export type MakeSearch = (
  plan: ScanPlan,
  passes?: (topic: string, partition: number, offset: number) => boolean,
) => Search

/**
 * The newest matches as a file, the oldest of them first: an import of the file then writes each partition in its order. First the
 * matches are found from the newest on, as many as the plan's limit; then they are read again in the order of the log.
 */
export class NewestExport {
  readonly #plan: ScanPlan
  readonly #make: MakeSearch
  readonly #finding: Search
  readonly #found = new Map<string, Set<number>>()
  #writing: Search | undefined

  constructor(plan: ScanPlan, make: MakeSearch) {
    this.#plan = plan
    this.#make = make
    this.#finding = make({ ...plan, format: null })
  }

  get isDone(): boolean {
    return this.#writing?.isDone ?? false
  }

  /** Both halves count the same. */
  progress(done: boolean): SearchProgress {
    const first = this.#finding.progress(false)
    const second = this.#writing?.progress(done)
    return {
      ...first,
      matched: second?.matched ?? 0,
      share: (first.share + (second?.share ?? 0)) / 2,
      elapsedMs: first.elapsedMs,
      done,
      note: done && this.#finding.progress(true).next ? `the newest ${this.#plan.limit} that match` : null,
    }
  }

  async nextLines(format: ExportFormat): Promise<string> {
    if (this.#writing) return await this.#writing.nextLines(format)
    for (const { topic, partition, offset } of await this.#finding.nextPlaces()) {
      const key = keyOf(topic, partition)
      const offsets = this.#found.get(key)
      if (offsets) offsets.add(offset)
      else this.#found.set(key, new Set([offset]))
    }
    if (this.#finding.isDone) this.#writing = this.#begin()
    return ''
  }

  #begin(): Search {
    const ranges = this.#plan.ranges.flatMap((range) => {
      const offsets = this.#found.get(keyOf(range.topic, range.partition))
      if (!offsets) return []
      let [from, last] = [Number.POSITIVE_INFINITY, -1]
      for (const offset of offsets) [from, last] = [Math.min(from, offset), Math.max(last, offset)]
      return [{ ...range, from, before: last + 1 }]
    })
    return this.#make({ ...this.#plan, ranges, backward: false, latest: false }, (topic, partition, offset) =>
      Boolean(this.#found.get(keyOf(topic, partition))?.has(offset)),
    )
  }
}
