import type { Clock } from '../base/clock'
import type { Outlet } from '../contract/server'

/** Registers a listener and returns what removes it. */
export type Changes = (changed: () => void) => () => void

/**
 * Gives a picture at once, and a new one whenever something changed, at most every `pauseMs`. A picture that takes longer is waited for:
 * there is one on its way at most. Returns what stops it.
 */
export function live<T>(
  outlet: Outlet<T>,
  clock: Clock,
  pauseMs: number,
  picture: () => T | Promise<T>,
  sources: readonly Changes[],
): () => void {
  let cancel: (() => void) | undefined
  let isStopped = false
  let isBusy = false
  let isStale = false
  const give = async () => {
    isBusy = true
    try {
      const item = await picture()
      if (!isStopped) outlet.push(item)
    } catch (error) {
      if (!isStopped) outlet.fail(error)
    }
    isBusy = false
    if (isStale) plan()
  }
  const plan = () => {
    if (isStopped) return
    isStale = isBusy
    if (isBusy) return
    cancel ??= clock.at(clock.now() + pauseMs, () => {
      cancel = undefined
      give().catch(outlet.fail)
    })
  }
  const ends = sources.map((source) => source(plan))
  give().catch(outlet.fail)
  return () => {
    isStopped = true
    cancel?.()
    for (const end of ends) end()
  }
}
