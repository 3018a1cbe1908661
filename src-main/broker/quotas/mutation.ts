import type { Call } from '../handler'
import { type KafkaFailure, kafkaFailure } from '../kafka-failure'

/**
 * Partitions that one request may make at most: more are a mistake, and would keep everybody else waiting
 * (ReplicationControlManager.MAX_PARTITIONS_PER_BATCH).
 */
export const maxPartitionsPerRequest = 10_000

/**
 * Counts partitions that a request makes or deletes against `controller_mutation_rate` (KIP-599); a refusal when the client may not now.
 * Older clients do not know the error: they are only made to pause.
 */
export function mutationProblem(
  { core, client, version, throttle }: Call,
  partitions: number,
  strictSince: number,
): KafkaFailure | undefined {
  const { allowed, pauseMs } = core.quotas.mutate(client, partitions, version >= strictSince)
  throttle(pauseMs)
  return allowed ? undefined : kafkaFailure('THROTTLING_QUOTA_EXCEEDED', 'The throttling quota has been exceeded.')
}
