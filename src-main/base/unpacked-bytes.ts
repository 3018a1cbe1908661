/**
 * How much this thread has unpacked so far, whatever became of it. What a native library unpacked is given back in the next turn of the event loop only,
 * even when it was let go at once (`held-bytes.ts`): who works for others by turns ends one after a few megabytes of it.
 */
let total = 0

export function noteUnpacked(bytes: number): void {
  total += bytes
}

export function unpackedSoFar(): number {
  return total
}
