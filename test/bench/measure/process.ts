import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/** Of /proc/PID/stat, on every Linux. */
const ticksPerSecond = 100

/** What a process has used since the last look, where the system tells (Linux); nothing elsewhere. */
export class ProcessUse {
  readonly #folder: string
  #cpuSeconds = 0

  constructor(pid: number | 'self') {
    this.#folder = `/proc/${pid}`
    this.look()
  }

  /** CPU seconds, user and system, and the largest resident memory since the last look. */
  look(): { readonly cpuS?: string; readonly peakMib?: number } {
    if (!existsSync(this.#folder)) return {}
    const fields = readFileSync(`${this.#folder}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    const before = this.#cpuSeconds
    this.#cpuSeconds = (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
    const peakMib = this.mib('VmHWM')
    // Sets the largest back to what it is now.
    writeFileSync(`${this.#folder}/clear_refs`, '5')
    return { cpuS: (this.#cpuSeconds - before).toFixed(2), peakMib }
  }

  /** Resident memory now, or at most. */
  mib(which: 'VmRSS' | 'VmHWM'): number {
    if (!existsSync(this.#folder)) return 0
    const status = readFileSync(`${this.#folder}/status`, 'utf8')
    return Math.round(Number(new RegExp(`${which}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024)
  }
}
