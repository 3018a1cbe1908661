import type { Clock } from '../base/clock'
import { StorageFailure } from './failures'
import type { LargeBatches } from './large-batches'
import type { SlicedWork } from './slices'

/** Bytes that are moved at a time, so that no produce waits long, and the pause behind them. */
const sliceBytes = 1024 * 1024
const pauseMs = 20
/** Bytes stay where they are until it was quiet for so long: a slice makes a request wait for 3 to 4 ms, and takes what a client could use of the machine. */
export const quietMs = 2000
/** Less than this is written to the file or read from it, and fewer turns are stored, while it is quiet. */
const quietBytesPerMs = 16 * 1024
const quietTurnsPerMs = 0.25
/** The pause after a slice that could not be moved, such as on a full disk. */
const retryMs = 5000

/**
 * Moves the bytes of large batches into their rows while little else happens.
 *
 * @param moveSlice moves up to so many bytes in a turn of its own; returns how many are left at most, or why they could not be stored
 */
export function byteMover(
  large: LargeBatches,
  clock: Clock,
  moveSlice: (maxBytes: number) => number | StorageFailure,
): SlicedWork {
  let before = { ...large.load, at: clock.now() }
  return {
    isPending: () => large.committedBytes > 0,
    run() {
      const { bytes, turns, at } = before
      before = { ...large.load, at: clock.now() }
      const elapsedMs = before.at - at
      if (before.bytes - bytes > quietBytesPerMs * elapsedMs || before.turns - turns > quietTurnsPerMs * elapsedMs)
        return quietMs
      const left = moveSlice(sliceBytes)
      if (left instanceof StorageFailure) return retryMs
      return left > 0 ? pauseMs : quietMs
    },
  }
}
