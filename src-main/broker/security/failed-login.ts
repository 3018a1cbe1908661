import type { Core } from '../core'
import type { Call } from '../handler'

/** The answer to a client that did not show who it is. It leaves late, and the connection is closed behind it. */
export function failedLogin<T>({ core, closeAfterwards }: Call, answer: T): Promise<T> {
  closeAfterwards()
  return failedLoginDelay(core).then(() => answer)
}

/** `connection.failed.authentication.delay.ms`: for so long a client whose login failed waits, so that passwords cannot be tried fast. */
export function failedLoginDelay({ configs, clock }: Core): Promise<void> {
  const delayMs = configs.brokerNumber('connection.failed.authentication.delay.ms')
  return new Promise((resolve) => {
    if (delayMs <= 0) resolve()
    else clock.at(clock.now() + delayMs, resolve)
  })
}
