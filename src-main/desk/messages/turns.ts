/** So long a search looks at records before others get their turn. */
const turnMs = 50

/** A scan was stopped while it read. */
export class ScanStopped extends Error {
  override readonly name = 'ScanStopped'
}

/** Lets others have their turn while a filter takes long: a script or an expression may need a second for each record. */
export class Turns {
  readonly #now: () => number
  #since: number
  #isStopped = false

  constructor(now: () => number) {
    this.#now = now
    this.#since = now()
  }

  /** Asked after each record: what to wait for before the next one, if anything. It is rejected with ScanStopped. */
  next(): Promise<void> | undefined {
    return this.#now() - this.#since < turnMs ? undefined : this.#give()
  }

  stop(): void {
    this.#isStopped = true
  }

  async #give(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    if (this.#isStopped) throw new ScanStopped('the scan was stopped')
    this.#since = this.#now()
  }
}
