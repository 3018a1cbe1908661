/** An instant in milliseconds since the Unix epoch. */
export type Millis = number

/** What a room may ask of time. Tests pass a clock that they move by hand; nothing else reads the system clock. */
export interface Clock {
  /** The present instant. */
  now(): Millis
  /** Calls `run` once at `at` or soon after (at once if it has passed); the returned function cancels it. */
  at(at: Millis, run: () => void): () => void
}

/** setTimeout holds at most 2^31 - 1 ms; a later instant is reached in several steps. */
const longestTimeoutMs = 2_147_483_647

/** The machine's own clock. Timers never keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  at(at, run) {
    let timer: ReturnType<typeof setTimeout>
    const arm = () => {
      const waitMs = Math.max(0, at - Date.now())
      timer = setTimeout(waitMs > longestTimeoutMs ? arm : run, Math.min(waitMs, longestTimeoutMs))
      if (typeof timer === 'object') timer.unref()
    }
    arm()
    return () => clearTimeout(timer)
  },
}

/** A clock for tests: time passes only by `advance`, which fires what is due in order. */
export class ManualClock implements Clock {
  #now: Millis
  #waiting: { at: Millis; seq: number; run: () => void }[] = []
  #seq = 0

  constructor(start: Millis = 0) {
    this.#now = start
  }

  now(): Millis {
    return this.#now
  }

  at(at: Millis, run: () => void): () => void {
    const entry = { at, seq: this.#seq++, run }
    this.#waiting.push(entry)
    return () => {
      this.#waiting = this.#waiting.filter(({ seq }) => seq !== entry.seq)
    }
  }

  /** Moves time forward by `ms`, firing each timer at its own instant. */
  advance(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const due = this.#waiting.filter((e) => e.at <= end).sort((a, b) => a.at - b.at || a.seq - b.seq)[0]
      if (!due) break
      this.#waiting = this.#waiting.filter((e) => e !== due)
      this.#now = Math.max(this.#now, due.at)
      due.run()
    }
    this.#now = end
  }

  /** The machine sleeps for `ms`: no timer fires meanwhile, and those that fell due fire afterwards. */
  sleep(ms: number): void {
    this.#now += ms
    this.advance(0)
  }

  /** The clock is set back by `ms`. Timers wait for as long as before: they do not run on the time of day. */
  setBack(ms: number): void {
    this.#now -= ms
    this.#waiting = this.#waiting.map((entry) => ({ ...entry, at: entry.at - ms }))
  }

  /** How many timers wait; a test that expects quiet asks this. */
  get waiting(): number {
    return this.#waiting.length
  }
}
