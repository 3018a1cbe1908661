import type { Clock } from '../base/clock'
import type { LargeBatches } from './large-batches'
import type { SlicedWork } from './slices'

/** Bytes that are moved at a time, so that no produce waits long, and the pause behind them. */
const sliceBytes = 1024 * 1024
const pauseMs = 20
/**
 * While more than this is written to the file or read from it, or more turns are stored, its bytes stay where they are, and it is looked again after a
 * while: a slice makes a request wait for 3 to 4 ms.
 */
const busyBytesPerMs = 16 * 1024
const busyTurnsPerMs = 0.25
export const busyPauseMs = 250
/** The pause after a slice that could not be moved, such as on a full disk. */
const retryMs = 5000

/**
 * Moves the bytes of large batches into their rows while little else happens.
 *
 * @param moveSlice moves up to so many bytes in a turn of its own; returns false when they could not be stored
 */
export function byteMover(large: LargeBatches, clock: Clock, moveSlice: (maxBytes: number) => boolean): SlicedWork {
  let before = { ...large.load, at: clock.now() }
  return {
    isPending: () => large.committedBytes > 0,
    run() {
      const { bytes, turns, at } = before
      before = { ...large.load, at: clock.now() }
      const elapsedMs = before.at - at
      if (before.bytes - bytes > busyBytesPerMs * elapsedMs || before.turns - turns > busyTurnsPerMs * elapsedMs)
        return busyPauseMs
      if (large.hasRows && !moveSlice(sliceBytes)) return retryMs
      large.cut()
      return large.hasRows ? pauseMs : busyPauseMs
    },
  }
}
