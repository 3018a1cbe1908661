/** Of more than the 5 MB that a client has under way to one broker (max.in.flight.requests.per.connection). */
const keptBytes = 8 * 1024 * 1024

/**
 * Lets the C library keep memory that was freed for the next large buffers, twice `keptBytes` at most. glibc gives it back to the system soon, and a new buffer
 * costs a page fault for each 4 KiB of it. How much it keeps follows the largest buffer that was freed so far (mallopt(3), M_MMAP_THRESHOLD), so one is
 * freed that nothing was ever written to, for which the system has no memory to give. Elsewhere it has no effect.
 */
export function keepFreedMemory(): void {
  Buffer.allocUnsafeSlow(keptBytes).buffer.transfer(0)
}
