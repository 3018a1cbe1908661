import type { Clock } from '../base/clock'
import type { Disposable } from '../base/disposable'

/** Work that can wait, and is done a slice at a time between the turns of clients. */
export interface SlicedWork {
  isPending(): boolean
  /** Does a slice. Returns how many ms the next one has to wait. */
  run(): number
}

/** Does such work by the clock, for as long as there is some. */
export class Slices implements Disposable {
  readonly #clock: Clock
  readonly #work: SlicedWork
  #cancel: (() => void) | undefined

  constructor(clock: Clock, work: SlicedWork) {
    this.#clock = clock
    this.#work = work
  }

  /** Does a slice in `pauseMs`, where there is something to do, unless one is due before. */
  later(pauseMs: number): void {
    if (this.#cancel || !this.#work.isPending()) return
    this.#cancel = this.#clock.at(this.#clock.now() + pauseMs, () => {
      const pause = this.#work.isPending() ? this.#work.run() : pauseMs
      this.#cancel = undefined
      this.later(pause)
    })
  }

  dispose(): void {
    this.#cancel?.()
    this.#cancel = () => {}
  }
}
