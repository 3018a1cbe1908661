import { PerformanceObserver } from 'node:perf_hooks'
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/** By how much old objects and buffers may grow before V8 marks all objects again. */
const roomBytes = 12 * 1024 * 1024
/** With more old objects V8 leaves as much room by itself. */
const manyBytes = 48 * 1024 * 1024
/** The value of the flag with which V8 decides by itself. */
const unset = 0

/**
 * Lets old objects and buffers grow by 12 MiB before V8 marks and sweeps all objects. By itself it allows as little as 8 MiB when few objects live, and
 * buffers outside of its heap are included: a dozen requests of a megabyte, which are freed as soon as they are stored, have the whole heap marked again.
 * Returns what ends it.
 *
 * The flag holds for all threads of the process. The limit is computed from it at the end of a full collection.
 */
export function leaveRoomForBuffers(): () => void {
  let percent = unset
  const set = (wanted: number) => {
    if (wanted === percent) return
    percent = wanted
    setFlagsFromString(`--heap-growing-percent=${wanted}`)
  }
  const look = () => {
    const old = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'old_space')
    const usedBytes = old?.space_used_size ?? manyBytes
    set(usedBytes < manyBytes ? Math.round((100 * roomBytes) / usedBytes) : unset)
  }
  // Collections of young objects too: each makes some of them old.
  const collections = new PerformanceObserver(look)
  collections.observe({ entryTypes: ['gc'] })
  look()
  return () => {
    collections.disconnect()
    set(unset)
  }
}
