import type { ErrorName } from '../protocol/errors'

/** An expected failure: Kafka's error and, where Kafka says more, its sentence. */
export interface Refusal {
  readonly error: ErrorName
  readonly message: string | null
}

export function refusal(error: ErrorName, message: string | null = null): Refusal {
  return { error, message }
}
