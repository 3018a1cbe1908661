/**
 * Memory of large buffers that is given back when its last holder lets go. The garbage collector would do that too, but much later: in its heap a
 * buffer of a megabyte is a small object, so hundreds of megabytes pile up while records stream through.
 *
 * Only buffers named by `own` are ever freed; the other functions do nothing to any other. A view of freed memory is empty.
 */
const holders = new WeakMap<ArrayBufferLike, number>()
let total = 0

/** Smaller buffers are left to the garbage collector: that costs less. */
const smallestBytes = 16 * 1024

/** `undefined` for most: a look at the length costs less than one into the map, and each request has several small buffers. */
function holdersOf(buffer: ArrayBufferLike): number | undefined {
  return buffer.byteLength < smallestBytes ? undefined : holders.get(buffer)
}

/** From here on the memory of `bytes` is freed once it had holders and has none any more. All of it must belong to the caller alone. */
export function own(bytes: Uint8Array): void {
  const { buffer, byteLength } = bytes
  if (byteLength >= smallestBytes && byteLength === buffer.byteLength && !holders.has(buffer)) holders.set(buffer, 0)
}

/** The memory below `bytes` is needed until `letGo`. */
export function hold({ buffer }: Uint8Array): void {
  const count = holdersOf(buffer)
  if (count === undefined) return
  if (count === 0) total += buffer.byteLength
  holders.set(buffer, count + 1)
}

/** Ends one `hold`. */
export function letGo({ buffer }: Uint8Array): void {
  const count = holdersOf(buffer)
  if (count === undefined) return
  if (count > 1) {
    holders.set(buffer, count - 1)
    return
  }
  forget(buffer, count)
  if (buffer instanceof ArrayBuffer) buffer.transfer(0)
}

/** The memory below `bytes` is needed for an unknown time: it is left to the garbage collector. */
export function keep({ buffer }: Uint8Array): void {
  const count = holdersOf(buffer)
  if (count !== undefined) forget(buffer, count)
}

/** Bytes of all buffers that have holders. */
export function heldBytes(): number {
  return total
}

function forget(buffer: ArrayBufferLike, count: number): void {
  holders.delete(buffer)
  if (count > 0) total -= buffer.byteLength
}
