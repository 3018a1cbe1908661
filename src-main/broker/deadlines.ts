import type { Clock, Millis } from '../base/clock'

/** A deadline of something that is known by its key. */
export interface Deadline {
  readonly key: string
  readonly at: Millis
  /** How much longer it may take after the machine slept, so that clients can be heard first. */
  readonly graceMs: number
}

interface DeadlinesParts {
  readonly clock: Clock
  /** The next deadline of each thing that has one. */
  readonly list: () => Iterable<Deadline>
  /** A deadline has passed. */
  readonly expire: (key: string, now: Millis) => void
  /** The clock was set back: deadlines that were set by the earlier time are moved, so that none lies further ahead than its whole span. */
  readonly setBack: (now: Millis) => void
}

/**
 * A timer that fires later than this tells that the machine slept, the clock jumped, or this process was stopped. One that fires this much
 * too early, by the clock, tells that the clock was set back.
 */
const latenessMs = 2000
/** The longest time between two looks at the clock while a deadline is ahead. */
const lookEveryMs = 5000

/**
 * One timer for many deadlines: it is set for the earliest one and checks all of them when it fires.
 *
 * While a machine sleeps, its clients sleep too, or could not reach us: a deadline that passed meanwhile says nothing about them. So
 * when the timer is late, everything that is due now or soon is held back by its grace.
 *
 * When the clock is set back, deadlines that were set before lie further ahead by the jump, and a client that is gone would stay for so
 * long. Kafka's timers do not see that: they run on a clock that nobody sets (org.apache.kafka.server.util.timer.SystemTimer).
 */
export class Deadlines {
  readonly #parts: DeadlinesParts
  /** Until when a key does not expire, whatever its deadline. */
  readonly #holds = new Map<string, Millis>()
  #timerAt: Millis | undefined
  #cancel: (() => void) | undefined

  constructor(parts: DeadlinesParts) {
    this.#parts = parts
  }

  /** A deadline was set: the timer fires in time for it. */
  arm(at: Millis): void {
    const now = this.#parts.clock.now()
    const timerAt = Math.min(Math.max(at, now), now + lookEveryMs)
    if (this.#timerAt !== undefined && this.#timerAt <= timerAt) return
    this.#cancel?.()
    this.#timerAt = timerAt
    this.#cancel = this.#parts.clock.at(timerAt, () => this.#wake(timerAt))
  }

  armAll(): void {
    let next: Millis | undefined
    for (const { key, at } of this.#parts.list()) {
      const due = Math.max(at, this.#holds.get(key) ?? at)
      if (next === undefined || due < next) next = due
    }
    if (next !== undefined) this.arm(next)
  }

  /** Lets nothing of this key expire before `until`. */
  hold(key: string, until: Millis): void {
    this.#holds.set(key, Math.max(until, this.#holds.get(key) ?? until))
    this.arm(until)
  }

  dispose(): void {
    this.#cancel?.()
  }

  #wake(timerAt: Millis): void {
    this.#timerAt = undefined
    this.#cancel = undefined
    const now = this.#parts.clock.now()
    if (now - timerAt > latenessMs) this.#holdBack(now)
    if (timerAt - now > latenessMs) this.#setBack(now)
    for (const [key, until] of this.#holds) if (until <= now) this.#holds.delete(key)
    for (const { key, at } of [...this.#parts.list()]) {
      if (at <= now && !this.#holds.has(key)) this.#parts.expire(key, now)
    }
    this.armAll()
  }

  /** Holds were set by the earlier time too. The deadlines that they held back have their whole span again. */
  #setBack(now: Millis): void {
    this.#holds.clear()
    this.#parts.setBack(now)
  }

  #holdBack(now: Millis): void {
    for (const { key, at, graceMs } of this.#parts.list()) {
      if (at <= now + graceMs) this.#holds.set(key, now + graceMs)
    }
  }
}
