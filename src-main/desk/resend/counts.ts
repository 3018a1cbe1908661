import type { ResendCounts, ResendSkip } from '../../contract/resend'
import type { Routed } from './routes'

/** Names that a header gives are not ours: only so many topics are counted apart. */
const mostTopics = 100
const others = '…'

/** Counts where messages go and why others stay. */
export class Counts {
  #found: number
  readonly #targets: Map<string, number>
  readonly #skipped: Map<string, ResendSkip>

  constructor(before: Pick<ResendCounts, 'found' | 'targets' | 'skipped'> = { found: 0, targets: [], skipped: [] }) {
    this.#found = before.found
    this.#targets = new Map(before.targets.map(({ topic, records }) => [topic, records]))
    this.#skipped = new Map(before.skipped.map((skip) => [keyOfSkip(skip), skip]))
  }

  add(routed: Routed): void {
    this.#found++
    if ('record' in routed) {
      this.#targets.set(routed.topic, (this.#targets.get(routed.topic) ?? 0) + 1)
      return
    }
    let topic = routed.topic
    if (!this.#skipped.has(keyOfSkip(routed)) && this.#skipped.size >= mostTopics) topic = others
    const skip = { reason: routed.reason, topic }
    const known = this.#skipped.get(keyOfSkip(skip))
    this.#skipped.set(keyOfSkip(skip), { ...skip, records: (known?.records ?? 0) + 1 })
  }

  get picture(): Pick<ResendCounts, 'found' | 'targets' | 'skipped'> {
    return {
      found: this.#found,
      targets: [...this.#targets].map(([topic, records]) => ({ topic, records })),
      skipped: [...this.#skipped.values()],
    }
  }
}

function keyOfSkip({ reason, topic }: Omit<ResendSkip, 'records'>): string {
  return `${reason} ${topic ?? ''}`
}
