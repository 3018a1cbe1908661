import type { Core } from '../core'
import type { Partition } from './partition'

/** Rows that are looked at before other clients are served. */
const rowsPerSlice = 256
/** Slices of a round: a busy broker is hardly slowed down. */
const slicesPerRound = 16

/**
 * Merges the small rows of logs that were used since the start, some in each round, so that logs are read and searched as fast as if their batches had
 * been large. Kafka has no such thing: its segments hold batches side by side.
 */
export class RowMerging {
  readonly #core: Core
  /** Where the log ended when nothing more was to merge. */
  readonly #mergedEnd = new WeakMap<Partition, number>()

  constructor(core: Core) {
    this.#core = core
  }

  /**
   * One round. `pause` lets others work, and returns false when the partition is gone.
   *
   * @throws StorageFailure
   */
  async run(pause: (partition: Partition) => Promise<boolean>): Promise<void> {
    const { topics, workspace } = this.#core
    let left = slicesPerRound
    for (const topic of topics.all()) {
      for (const partition of topic.opened()) {
        // Deleted since the round began.
        if (topics.partition(topic.name, partition.number) !== partition) continue
        for (let isAll = this.#isMerged(partition); !isAll; ) {
          if (left-- === 0) return
          const { facts } = partition
          isAll = workspace.write(() => workspace.batches.mergeRows(facts, rowsPerSlice))
          if (isAll) this.#mergedEnd.set(partition, facts.logEnd)
          if (!(await pause(partition))) break
        }
      }
    }
  }

  #isMerged(partition: Partition): boolean {
    return this.#mergedEnd.get(partition) === partition.facts.logEnd
  }
}
