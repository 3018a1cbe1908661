import type { Clock } from '../base/clock'

/** One whose incoming bytes count: it can be held back, let on, or given up. */
export interface Sender {
  /** True while a part of a request has arrived and the rest has not. */
  readonly midFrame: boolean
  pauseReading(): void
  resumeReading(): void
  /** Closes it: it was let on alone while memory was short, and sent nothing. */
  giveUp(): void
}

/** How long the one sender that is let on while memory is short may send nothing. */
const stallMs = 5000

/**
 * Bounds the request bytes that all connections hold together (Kafka's `queued.max.request.bytes`).
 *
 * Over the limit every sender is held back except one, so that one frame at least is completed, served and released;
 * then the next one. So the memory stays bounded and no set of half-sent frames can block all.
 */
export class RequestBudget {
  readonly #limitBytes: number
  readonly #clock: Clock
  #usedBytes = 0
  #waiting = new Set<Sender>()
  #alone: Sender | null = null
  #cancelStall: (() => void) | null = null

  constructor(limitBytes: number, clock: Clock) {
    this.#limitBytes = limitBytes
    this.#clock = clock
  }

  get usedBytes(): number {
    return this.#usedBytes
  }

  /** `sender` holds `deltaBytes` more (or fewer) than before. */
  change(sender: Sender, deltaBytes: number): void {
    this.#usedBytes += deltaBytes
    if (this.#usedBytes <= this.#limitBytes) this.#release()
    else if (deltaBytes > 0) this.#holdBack(sender)
    // It gave back what it held: its turn is over, though memory is still short.
    else if (sender === this.#alone) this.#letOnNext()
  }

  /** `sender` is gone and what it held was given back. */
  forget(sender: Sender): void {
    this.#waiting.delete(sender)
    if (sender === this.#alone) this.#letOnNext()
  }

  #holdBack(sender: Sender): void {
    if (this.#alone === null || sender === this.#alone) {
      this.#letOn(sender)
    } else if (!this.#waiting.has(sender)) {
      this.#waiting.add(sender)
      sender.pauseReading()
    }
  }

  #letOn(sender: Sender): void {
    this.#alone = sender
    this.#cancelStall?.()
    this.#cancelStall = this.#clock.at(this.#clock.now() + stallMs, () => {
      if (sender.midFrame) sender.giveUp()
      else this.#letOnNext()
    })
  }

  #letOnNext(): void {
    this.#cancelStall?.()
    this.#cancelStall = null
    this.#alone = null
    const [next] = this.#waiting
    if (!next) return
    this.#waiting.delete(next)
    this.#letOn(next)
    next.resumeReading()
  }

  #release(): void {
    if (this.#alone === null && this.#waiting.size === 0) return
    this.#cancelStall?.()
    this.#cancelStall = null
    this.#alone = null
    const waiting = this.#waiting
    this.#waiting = new Set()
    for (const sender of waiting) sender.resumeReading()
  }
}
