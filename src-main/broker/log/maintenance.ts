import type { Disposable } from '../../base/disposable'
import { RecordsError } from '../../records/failures'
import { StorageFailure } from '../../storage'
import type { Core } from '../core'
import { DirtySection } from './compaction/dirty-section'
import { compact } from './compaction/pass'
import { RowMerging } from './merge'
import type { Partition } from './partition'
import { deleteOld } from './retention'
import type { Topic } from './topics'

/** Topics that a round looks at before other clients are served. */
const topicsPerTurn = 64

/**
 * Retention and compaction of all logs (LogManager's retention task and LogCleaner), in rounds. Compaction has a round every
 * `log.cleaner.backoff.ms`, or `log.retention.check.interval.ms` where that is shorter; retention every `log.retention.check.interval.ms`,
 * and with each compaction where a topic has both policies. At the end of each round small rows are merged.
 */
export class Maintenance implements Disposable {
  readonly #core: Core
  readonly #merging: RowMerging
  readonly #dirty = new WeakMap<Partition, DirtySection>()
  /** [L24] */
  readonly #uncleanable = new WeakSet<Partition>()
  readonly #unretainable = new WeakSet<Partition>()
  /** The reasons why retention failed in the round before. */
  readonly #retentionFailures = new WeakMap<Partition, string>()
  #cancel: (() => void) | undefined
  #round: Promise<void> = Promise.resolve()
  #isDisposed = false
  #retainedAt: number

  constructor(core: Core) {
    this.#core = core
    this.#merging = new RowMerging(core)
    this.#retainedAt = core.clock.now()
    this.#later()
  }

  /** One round of both over all topics, after the round that is under way. */
  async run(): Promise<void> {
    await this.#next(true)
  }

  /** Settles with the round that is under way. */
  get settled(): Promise<void> {
    return this.#round
  }

  dispose(): void {
    this.#isDisposed = true
    this.#cancel?.()
  }

  #next(retains: boolean): Promise<void> {
    const round = this.#round.then(
      () => this.#runRound(retains),
      () => this.#runRound(retains),
    )
    this.#round = round
    return round
  }

  #later(): void {
    const { clock, configs, log } = this.#core
    const retentionMs = configs.brokerNumber('log.retention.check.interval.ms')
    const everyMs = Math.min(configs.brokerNumber('log.cleaner.backoff.ms'), retentionMs)
    this.#cancel = clock.at(clock.now() + Math.max(everyMs, 1), () => {
      this.#next(clock.now() - this.#retainedAt >= retentionMs)
        .catch((error: unknown) => {
          // A disk that is full now may have room in the next round.
          log.error(
            `Maintenance of the logs stopped: ${error instanceof StorageFailure ? error.message : String(error)}.`,
          )
        })
        .finally(() => {
          if (!this.#isDisposed) this.#later()
        })
    })
  }

  async #runRound(retains: boolean): Promise<void> {
    const { clock, configs, topics } = this.#core
    if (retains) this.#retainedAt = clock.now()
    const all = topics.all()
    for (const [i, topic] of all.entries()) {
      if (i % topicsPerTurn === topicsPerTurn - 1) await turn()
      const { compact: compacts, deletes } = configs.topic(topic.name)
      if (deletes && (retains || compacts)) await this.#retain(topic)
    }
    if (configs.brokerFlag('log.cleaner.enable')) {
      const compacted = all.filter(({ name }) => configs.topic(name).compact)
      // [L7] Each partition has its turn before one has a second.
      while (await this.#compactAll(compacted));
    }
    await this.#merging.run((partition) => this.#pause(partition))
  }

  async #retain(topic: Topic): Promise<void> {
    for (const partition of topic.partitions()) {
      if (!this.#isThere(partition)) return
      if (this.#unretainable.has(partition)) continue
      try {
        await deleteOld(this.#core, partition, this.#core.configs.topic(topic.name), () => this.#pause(partition))
        this.#retentionFailures.delete(partition)
      } catch (error) {
        if (error instanceof RecordsError) {
          this.#passOver(partition, this.#unretainable, 'kept from retention', error)
        } else {
          this.#retryNextRound(partition, error)
        }
      }
    }
  }

  /** One pass over each partition that is due. Returns true when the keys of one did not fit into a pass. */
  async #compactAll(topics: readonly Topic[]): Promise<boolean> {
    let hasRest = false
    for (const topic of topics) {
      for (const partition of topic.partitions()) {
        if (!this.#isThere(partition) || this.#uncleanable.has(partition)) continue
        try {
          if (await this.#compact(partition)) hasRest = true
        } catch (error) {
          this.#passOver(partition, this.#uncleanable, 'not compacted', error)
        }
      }
    }
    return hasRest
  }

  /** Returns true when a part of the dirty section is left. */
  async #compact(partition: Partition): Promise<boolean> {
    const { clock, configs } = this.#core
    const settings = configs.topic(partition.topic)
    const dirty = this.#dirtyOf(partition)
    await dirty.measure(settings, clock.now(), turn)
    if (!dirty.isDue(settings, clock.now())) return false
    const { from, before } = dirty
    await compact(this.#core, partition, {
      from,
      before,
      deleteRetentionMs: settings.deleteRetentionMs,
      pause: () => this.#pause(partition),
    })
    const { cleanedUntil } = partition.facts
    return from < cleanedUntil && cleanedUntil < before
  }

  /** [L24] What goes wrong with one partition is no reason to leave out the others (LogCleaner.cleanFilthiestLog). A full disk is. */
  #passOver(partition: Partition, passedOver: WeakSet<Partition>, what: string, error: unknown): void {
    if (error instanceof StorageFailure) throw error
    passedOver.add(partition)
    const reason = reasonOf(error)
    this.#core.log.warn(`${partition.name} is ${what} until the next start: its records cannot be read (${reason}).`)
  }

  /** An error that may pass leaves a partition as it is for this round (LogManager.cleanupLogs). The same reason is logged once. */
  #retryNextRound(partition: Partition, error: unknown): void {
    if (error instanceof StorageFailure) throw error
    const reason = reasonOf(error)
    if (this.#retentionFailures.get(partition) === reason) return
    this.#retentionFailures.set(partition, reason)
    this.#core.log.warn(`Retention of ${partition.name} failed, and is tried again in the next round: ${reason}.`)
  }

  #dirtyOf(partition: Partition): DirtySection {
    let dirty = this.#dirty.get(partition)
    if (!dirty) {
      dirty = new DirtySection(partition, this.#core.workspace)
      this.#dirty.set(partition, dirty)
    }
    return dirty
  }

  /** Waits for the group commit, and lets others work. */
  async #pause(partition: Partition): Promise<boolean> {
    await this.#core.commits.settled
    await turn()
    return this.#isThere(partition)
  }

  /** [L23] The partition of a topic that was deleted, or deleted and created again, is not there. */
  #isThere(partition: Partition): boolean {
    return !this.#isDisposed && this.#core.topics.partition(partition.topic, partition.number) === partition
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function turn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}
