/**
 * Kafka's Uuid: 16 bytes, written as URL-safe base64 without padding (org.apache.kafka.common.Uuid).
 * In memory it is that 22-character text, so that it can be a Map key and cross the contract unchanged.
 */
export type Uuid = string

/** Kafka's "no id" (Uuid.ZERO_UUID). */
export const zeroUuid: Uuid = 'AAAAAAAAAAAAAAAAAAAAAA'
