/** `text/plain; version=0.0.4` of Prometheus. */
export const contentType = 'text/plain; version=0.0.4; charset=utf-8'

export type MetricType = 'counter' | 'gauge' | 'histogram'

const special = /[\\"\n]/g
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' }

/** `topic="orders",partition="0"` */
export function labels(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${String(value).replace(special, (one) => escapes[one] ?? one)}"`)
    .join(',')
}

/** One metric: what it means, then a line for each of its series; nothing when it has none. */
export class Family {
  readonly #head: string
  readonly #name: string
  #lines = ''

  constructor(name: string, type: MetricType, help: string) {
    this.#name = name
    this.#head = `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`
  }

  /** @param suffix of the parts of a histogram: `_bucket`, `_sum`, `_count` */
  add(labelled: string, value: number, suffix = ''): void {
    this.#lines += `${this.#name}${suffix}${labelled === '' ? '' : `{${labelled}}`} ${value}\n`
  }

  get text(): string {
    return this.#lines === '' ? '' : this.#head + this.#lines
  }
}
