import type { Millis } from '../../base/clock'
import type { Call } from '../handler'
import type { Partition, Waiter } from '../log/partition'

/** Why a wait ended: enough can be read, the time is up, or nobody waits any more. */
export type Woken = 'records' | 'time' | 'closed'

/**
 * Resolves when `bytes` more can be read from `partitions` together, one of them went away, `deadline` passed, or the client left. A
 * reader of committed records waits for those: the end of a transaction makes all of it readable at once. Nothing is polled.
 */
export function waitForRecords(
  partitions: readonly Partition[],
  { bytes, committedOnly }: { readonly bytes: number; readonly committedOnly: boolean },
  deadline: Millis,
  { core, client }: Call,
): Promise<Woken> {
  return new Promise((resolve) => {
    let missing = bytes
    const wake: Waiter = (grown, stableGrown) => {
      missing -= committedOnly ? stableGrown : grown
      if (missing <= 0) end('records')
    }
    const end = (woken: Woken) => {
      cancelTimer()
      client.leaving.delete(leave)
      for (const partition of partitions) partition.waiters.delete(wake)
      resolve(woken)
    }
    const leave = () => end('closed')
    const cancelTimer = core.clock.at(deadline, () => end('time'))
    for (const partition of partitions) partition.waiters.add(wake)
    if (client.hasEnded) leave()
    else client.leaving.add(leave)
  })
}
