import { type ErrorName, errorMessage } from '../protocol/errors'

/** An expected failure, as a value: Kafka's error and, where Kafka says more, its sentence. */
export interface KafkaFailure {
  readonly error: ErrorName
  readonly message: string | null
}

/** A denial by the authorizer in an answer that has room for a sentence: librdkafka shows it as it comes, or `(null)`. */
export function unauthorized<E extends Extract<ErrorName, `${string}_AUTHORIZATION_FAILED`>>(error: E) {
  return { error, message: errorMessage(error) } as const
}

/** The answer of an Admin API whose change could not be stored (broker/README.md: the way of a write that fails). */
export const storageFailure = {
  error: 'KAFKA_STORAGE_ERROR',
  message: 'The workspace could not be written.',
} as const satisfies KafkaFailure

export function kafkaFailure(error: ErrorName, message: string | null = null): KafkaFailure {
  return { error, message }
}
