import type { ApiName } from '../protocol/api-types'
import { type ErrorName, errorName } from '../protocol/errors'

/** Upper bounds of the buckets, in ms; what took longer is in one more. */
export const bucketsMs = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000] as const

/** Answered requests of one API: how many, how long they took, and the errors in their answers. */
export interface ApiMetrics {
  requests: number
  totalMs: number
  /** How many are in each bucket of `bucketsMs`, and behind the last. */
  readonly buckets: number[]
  readonly errors: Map<ErrorName, number>
}

/** Requests by API (RequestChannel.Metrics): nothing is counted until somebody wants it. */
export class RequestMetrics {
  #byApi: Map<ApiName, ApiMetrics> | undefined

  /** Counts from now on. */
  begin(): void {
    this.#byApi ??= new Map()
  }

  get isCounting(): boolean {
    return this.#byApi !== undefined
  }

  get byApi(): ReadonlyMap<ApiName, ApiMetrics> {
    return this.#byApi ?? new Map()
  }

  /** A request was answered, or needs no answer. */
  note(api: ApiName, tookMs: number, answer: unknown): void {
    if (!this.#byApi) return
    let metrics = this.#byApi.get(api)
    if (!metrics) {
      const buckets = Array.from({ length: bucketsMs.length + 1 }, () => 0)
      this.#byApi.set(api, (metrics = { requests: 0, totalMs: 0, buckets, errors: new Map() }))
    }
    // A clock may be set back.
    const ms = Math.max(0, tookMs)
    let bucket = 0
    while (bucket < bucketsMs.length && ms > (bucketsMs[bucket] ?? 0)) bucket++
    metrics.requests++
    metrics.totalMs += ms
    metrics.buckets[bucket] = (metrics.buckets[bucket] ?? 0) + 1
    countErrors(answer, metrics.errors)
  }
}

/** The error codes in an answer, each as often as it is there (AbstractResponse.errorCounts). Records are bytes, and are not looked into. */
function countErrors(value: unknown, errors: Map<ErrorName, number>): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return
  if (Array.isArray(value)) {
    for (const one of value) countErrors(one, errors)
    return
  }
  for (const [key, inside] of Object.entries(value)) {
    if (key !== 'errorCode') countErrors(inside, errors)
    else if (typeof inside === 'number' && inside !== 0) {
      const error = errorName(inside)
      errors.set(error, (errors.get(error) ?? 0) + 1)
    }
  }
}
