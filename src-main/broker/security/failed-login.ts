import type { Call } from '../handler'

/**
 * The answer to a client that did not show who it is. It leaves late, so that passwords cannot be tried fast
 * (`connection.failed.authentication.delay.ms`), and the connection is closed behind it.
 */
export function failedLogin<T>({ core, closeAfterwards }: Call, answer: T): T | Promise<T> {
  closeAfterwards()
  const delayMs = core.configs.brokerNumber('connection.failed.authentication.delay.ms')
  if (delayMs <= 0) return answer
  return new Promise((resolve) => core.clock.at(core.clock.now() + delayMs, () => resolve(answer)))
}
