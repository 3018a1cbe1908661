/** Headers in which the writers of dead letters name the topic where a message failed: Spring for Apache Kafka, Kafka Connect, share groups (KIP-1191). */
export const knownHeaders = [
  'kafka_dlt-original-topic',
  'kafka_original-topic',
  '__connect.errors.topic',
  '__dlq.errors.topic',
] as const

/** As hand-written consumers call it: `x-original-topic`, `origin_topic`, `dlq.source.topic`, `OriginalTopic`. */
const handWritten = /(origin(al)?|source|failed)[-_.]?topic(name)?$/i

/** The header that names the topic where a message failed, of the headers that a message has. */
export function likelyHeader(keys: readonly string[]): string | undefined {
  return knownHeaders.find((known) => keys.includes(known)) ?? keys.find((key) => handWritten.test(key))
}
