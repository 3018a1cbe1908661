import { PerformanceObserver } from 'node:perf_hooks'
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/** Two halves, between which young objects are moved. */
const mostBytes = 16 * 1024 * 1024
/** By how much V8 multiplies the space for young objects when many of them live: 2 by itself, and 1 keeps it as it is. */
const growing = 2
const kept = 1

/**
 * Bounds the space for young objects of this thread: V8 lets it grow to 64 MiB under requests of a thousand parts, and hardly collects less often for it.
 * Other threads are started with a limit; the main thread can be given one on the command line of Node only. Returns what ends the bound.
 */
export function boundYoungGeneration(): () => void {
  let growth = growing
  const set = (wanted: number) => {
    if (wanted === growth) return
    growth = wanted
    setFlagsFromString(`--semi-space-growth-factor=${wanted}`)
  }
  const look = () => {
    const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')
    set(young && young.space_size >= mostBytes ? kept : growing)
  }
  // It grows at the end of a collection, and shrinks at the end of one when little is going on.
  const collections = new PerformanceObserver(look)
  collections.observe({ entryTypes: ['gc'] })
  look()
  return () => {
    collections.disconnect()
    set(growing)
  }
}
