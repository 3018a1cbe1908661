import type { Clock, Millis } from '../base/clock'
import { type KafkaError, type Recovery, recoveryOf } from './failures'

/** retry.backoff.ms and retry.backoff.max.ms. */
const firstPauseMs = 100
const longestPauseMs = 1000

/**
 * Runs an attempt again while its failure is one that passes, with growing pauses, until the deadline; the last failure is thrown.
 *
 * @param recover forgets what the failure showed to be stale; false when another attempt has no sense
 */
export async function retry<T>(
  clock: Clock,
  deadline: Millis,
  recover: (recovery: Exclude<Recovery, 'none'>) => boolean,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      return await attempt()
    } catch (failure) {
      const recovery = recoveryOf(failure)
      if (recovery === 'none' || clock.now() + pauseMs >= deadline) throw failure
      if (!recover(recovery)) throw failure
      await pause(clock, pauseMs)
    }
  }
}

export function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.at(clock.now() + ms, resolve))
}

/** The first failure among the answers of one request that is worth another attempt, else the first; undefined when all went well. */
export function worthRetrying(failures: readonly KafkaError[]): KafkaError | undefined {
  return failures.find((failure) => recoveryOf(failure) !== 'none') ?? failures[0]
}
