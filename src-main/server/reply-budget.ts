import type { Clock } from '../base/clock'

/** One to whom large replies go. */
export interface Receiver {
  /** Bytes that its peer's system has taken so far: grows as long as it reads. */
  readonly sentBytes: number
  /** Asks again whether it may be served. */
  resumeServing(): void
  /** Closes it: it read nothing while others waited for memory. */
  giveUp(): void
}

/** How long a receiver may read nothing while others wait for the memory that its replies hold. */
const stallMs = 10_000

/**
 * Bounds the reply bytes that wait to be sent. While too many do, no further fetch is served; whoever reads nothing
 * in the meantime is closed, so that a client that never reads cannot keep the others waiting.
 */
export class ReplyBudget {
  readonly #limitBytes: number
  readonly #clock: Clock
  #unsentBytes = 0
  /** Receivers with unsent bytes, and how far they were when last looked at. */
  #behind = new Map<Receiver, number>()
  #waiting = new Set<Receiver>()
  #cancelLook: (() => void) | null = null

  constructor(limitBytes: number, clock: Clock) {
    this.#limitBytes = limitBytes
    this.#clock = clock
  }

  get unsentBytes(): number {
    return this.#unsentBytes
  }

  /** True when a large reply may be made for `receiver`; else it hears `resumeServing` later. */
  admits(receiver: Receiver): boolean {
    if (this.#unsentBytes <= this.#limitBytes) return true
    this.#waiting.add(receiver)
    this.#cancelLook ??= this.#lookLater()
    return false
  }

  /** The unsent bytes of `receiver` changed from `beforeBytes` to `nowBytes`. */
  change(receiver: Receiver, beforeBytes: number, nowBytes: number): void {
    this.#unsentBytes += nowBytes - beforeBytes
    if (nowBytes === 0) this.#behind.delete(receiver)
    else if (beforeBytes === 0) this.#behind.set(receiver, receiver.sentBytes)
    if (this.#waiting.size > 0 && this.#unsentBytes <= this.#limitBytes) this.#release()
  }

  /** `receiver` is gone; its unsent bytes were given back by `change`. */
  forget(receiver: Receiver): void {
    this.#waiting.delete(receiver)
    this.#behind.delete(receiver)
  }

  #release(): void {
    this.#cancelLook?.()
    this.#cancelLook = null
    const waiting = this.#waiting
    this.#waiting = new Set()
    for (const receiver of waiting) receiver.resumeServing()
  }

  #lookLater(): () => void {
    for (const receiver of this.#behind.keys()) this.#behind.set(receiver, receiver.sentBytes)
    return this.#clock.at(this.#clock.now() + stallMs, () => {
      const stalled = [...this.#behind].filter(([receiver, sentBytes]) => receiver.sentBytes === sentBytes)
      this.#cancelLook = null
      for (const [receiver] of stalled) receiver.giveUp()
      if (this.#waiting.size > 0) this.#cancelLook = this.#lookLater()
    })
  }
}
