import type { Clock } from '../base/clock'

interface RepeatedParts {
  readonly clock: Clock
  readonly onError: (error: unknown) => void
}

/** Actions that begin again and again, each not before its last run is over. */
export class Repeated {
  readonly #parts: RepeatedParts
  readonly #busy = new Set<Promise<void>>()
  #cancels: (() => void)[] = []
  #isOpen = true

  constructor(parts: RepeatedParts) {
    this.#parts = parts
  }

  every(ms: number, action: () => Promise<void>): void {
    const { clock, onError } = this.#parts
    const place = this.#cancels.length
    let running: Promise<void> | undefined
    const begin = () => {
      this.#cancels[place] = clock.at(clock.now() + ms, begin)
      if (running) return
      const own = action()
        .catch((error: unknown) => {
          // While the demo is being stopped its clients are closed under what is still under way.
          if (this.#isOpen) onError(error)
        })
        .finally(() => {
          running = undefined
          this.#busy.delete(own)
        })
      running = own
      this.#busy.add(own)
    }
    this.#cancels[place] = clock.at(clock.now() + ms, begin)
  }

  /** Begins nothing more, and waits for what is under way. */
  async end(): Promise<void> {
    this.#isOpen = false
    for (const cancel of this.#cancels.splice(0)) cancel()
    await Promise.allSettled(this.#busy)
  }
}
