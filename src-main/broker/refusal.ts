import type { ErrorName } from '../protocol/errors'

/** An expected failure: Kafka's error and, where Kafka says more, its sentence. */
export interface Refusal {
  readonly error: ErrorName
  readonly message: string | null
}

/** The sentences that Kafka gives with these errors (org.apache.kafka.common.protocol.Errors). */
const unauthorizedMessages = {
  TOPIC_AUTHORIZATION_FAILED: 'Topic authorization failed.',
  GROUP_AUTHORIZATION_FAILED: 'Group authorization failed.',
  CLUSTER_AUTHORIZATION_FAILED: 'Cluster authorization failed.',
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: 'Transactional Id authorization failed.',
} as const

/** A refusal by the authorizer in an answer that has room for a sentence: librdkafka shows it as it comes, or `(null)`. */
export function unauthorized(error: keyof typeof unauthorizedMessages) {
  return { error, message: unauthorizedMessages[error] } as const
}

export function refusal(error: ErrorName, message: string | null = null): Refusal {
  return { error, message }
}
