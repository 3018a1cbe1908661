import type { Clock, Millis } from '../../base/clock'
import { UserError } from '../../base/user-error'
import { readOnly } from '../../client/read-only'
import type { ClientSettings } from '../../client/settings'
import type { ClusterLabel, ClusterStage } from '../../contract/workspace'

/** Time for which an unlocked cluster may be changed. */
const unlockedMs = 15 * 60_000

/** What may be changed in a cluster: nothing; everything; or, while it is unlocked, everything. */
type Writing = 'never' | 'always' | 'unlocked'

export interface LockedCluster {
  readonly name: string
  readonly stage: ClusterStage | null
  readonly writing: Writing
}

/** The one rule that decides whether something is sent to a cluster that changes it. */
export class WriteLock {
  readonly #cluster: LockedCluster
  readonly #clock: Pick<Clock, 'now'>
  #until: Millis = 0
  #mayWriteMessages: boolean

  constructor(cluster: LockedCluster, clock: Pick<Clock, 'now'>) {
    this.#cluster = cluster
    this.#clock = clock
    this.#mayWriteMessages = cluster.stage !== 'production'
  }

  /** The client asks before every frame. */
  readonly forbids: NonNullable<ClientSettings['forbids']> = (api) => {
    const why = this.why()
    if (why !== undefined) return readOnly(why)(api)
    return api === 'Produce' && !this.#mayWriteMessages ? `${this.whyNoMessages()} (Produce was not sent.)` : undefined
  }

  why(): string | undefined {
    switch (this.#cluster.writing) {
      case 'always':
        return undefined
      case 'never':
        return 'This cluster is opened read-only. Start with --writable to change it.'
      case 'unlocked':
        return this.#isUnlocked
          ? undefined
          : 'This cluster is read-only. Unlock it in the band above the page to change it.'
    }
  }

  /** @throws UserError when the name is another, or the cluster stays read-only */
  unlock(name: string): void {
    if (this.#cluster.writing === 'never') throw new UserError(this.why() ?? '')
    if (name.trim() !== this.#cluster.name) {
      throw new UserError(`Type the name of the cluster, ${this.#cluster.name}, to unlock it.`)
    }
    this.#until = this.#clock.now() + unlockedMs
  }

  lock(): void {
    this.#until = 0
    this.endSession()
  }

  /** Name of the cluster, where messages are written only after somebody allowed it in this session; `null`: they are written. */
  get asksForMessages(): string | null {
    return this.#mayWriteMessages ? null : this.#cluster.name
  }

  whyNoMessages(): string | undefined {
    if (this.#mayWriteMessages) return undefined
    return `${this.#cluster.name} is marked as production: first confirm in its pages that messages may be written.`
  }

  /** @throws UserError when the name is another */
  allowMessages(name: string): void {
    if (name !== this.#cluster.name) throw new UserError(`This cluster is ${this.#cluster.name}, not ${name}.`)
    this.#mayWriteMessages = true
  }

  /** The last page was closed: the next one is asked again before it writes messages in production. */
  endSession(): void {
    this.#mayWriteMessages = this.#cluster.stage !== 'production'
  }

  /** As the band shows it. */
  get label(): Pick<ClusterLabel, 'isReadOnly' | 'canUnlock' | 'unlockedForMs'> {
    const { writing } = this.#cluster
    return {
      isReadOnly: this.why() !== undefined,
      canUnlock: writing === 'unlocked',
      unlockedForMs: writing === 'unlocked' && this.#isUnlocked ? this.#until - this.#clock.now() : null,
    }
  }

  get #isUnlocked(): boolean {
    return this.#clock.now() < this.#until
  }
}
