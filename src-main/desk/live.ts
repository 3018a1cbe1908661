import type { Clock } from '../base/clock'
import type { Outlet } from '../contract/server'

/** Registers a listener and returns what removes it. */
export type Source = (changed: () => void) => () => void

/**
 * Gives a picture at once, and a new one whenever a source changed, at most every `pauseMs`. Returns what stops it.
 */
export function live<T>(
  outlet: Outlet<T>,
  clock: Clock,
  pauseMs: number,
  picture: () => T,
  sources: readonly Source[],
): () => void {
  let cancel: (() => void) | undefined
  let isStopped = false
  const give = () => {
    if (isStopped) return
    try {
      outlet.push(picture())
    } catch (error) {
      outlet.fail(error)
    }
  }
  const changed = () => {
    cancel ??= clock.at(clock.now() + pauseMs, () => {
      cancel = undefined
      give()
    })
  }
  const ends = sources.map((source) => source(changed))
  give()
  return () => {
    isStopped = true
    cancel?.()
    for (const end of ends) end()
  }
}
