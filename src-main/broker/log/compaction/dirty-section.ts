import type { Millis } from '../../../base/clock'
import type { Workspace } from '../../../storage'
import type { TopicSettings } from '../../config/topic-settings'
import type { Partition } from '../partition'

/** Rows of batches that are measured before other clients are served. */
const rowsPerSlice = 512

/**
 * The part of a log that compaction has not seen, from its first offset to the first one that may not be cleaned yet
 * (LogCleanerManager.cleanableOffsets). Grows with the log: what was measured once is not measured again.
 */
export class DirtySection {
  readonly #partition: Partition
  readonly #workspace: Workspace
  #logStart = -1
  #from = 0
  #before = 0
  #bytes = 0
  #cleanBytes = 0
  #oldestAt = Number.POSITIVE_INFINITY

  constructor(partition: Partition, workspace: Workspace) {
    this.#partition = partition
    this.#workspace = workspace
  }

  get from(): number {
    return this.#from
  }

  /** The first offset that may not be cleaned. */
  get before(): number {
    return this.#before
  }

  /** Takes in what may be cleaned by now. `pause` lets others work. */
  async measure(settings: TopicSettings, now: Millis, pause: () => Promise<void>): Promise<void> {
    const { facts } = this.#partition
    const { batches } = this.#workspace
    // [L6]
    const from = Math.max(facts.cleanedUntil, facts.logStart)
    if (from !== this.#from || facts.logStart !== this.#logStart) {
      this.#logStart = facts.logStart
      this.#from = from
      this.#before = from
      this.#bytes = 0
      this.#cleanBytes = this.#sizeBefore(from)
      this.#oldestAt = Number.POSITIVE_INFINITY
    }
    // [L1] [L2]
    const end = Math.min(this.#partition.lastStableOffset, batches.newestBase(facts, this.#partition.highWatermark))
    // [L3]
    const youngestAt = settings.minCompactionLagMs > 0 ? now - settings.minCompactionLagMs : Number.POSITIVE_INFINITY
    for (;;) {
      const { sizes, isAll } = batches.sizes(facts, this.#before, end, rowsPerSlice)
      for (const { lastOffset, sizeBytes, newestAt } of sizes) {
        if (newestAt > youngestAt) return
        this.#before = lastOffset + 1
        this.#bytes += sizeBytes
        if (newestAt > 0) this.#oldestAt = Math.min(this.#oldestAt, newestAt)
      }
      if (isAll) return
      await pause()
    }
  }

  /** Bytes of the log before `offset`. Each row that is summed costs time while clients wait, so the part with fewer offsets is. */
  #sizeBefore(offset: number): number {
    const { facts } = this.#partition
    const { batches } = this.#workspace
    return offset - facts.logStart < facts.logEnd - offset
      ? batches.sizeBetween(facts, facts.logStart, offset)
      : facts.sizeBytes - batches.sizeBetween(facts, offset, facts.logEnd)
  }

  isDue({ minCleanableDirtyRatio, maxCompactionLagMs }: TopicSettings, now: Millis): boolean {
    if (this.#bytes === 0) return false
    // [L4] [L5]
    return (
      this.#bytes / (this.#cleanBytes + this.#bytes) > minCleanableDirtyRatio ||
      this.#oldestAt < now - maxCompactionLagMs
    )
  }
}
