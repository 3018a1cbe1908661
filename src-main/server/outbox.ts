/** A piece of a response at most this long is copied into a shared buffer: cheaper than a further entry of writev. */
const copiedBytes = 4096

/** Whether a piece is sent from where it lies, and must be there until then. */
export function staysInPlace(piece: Uint8Array): boolean {
  return piece.length > copiedBytes
}

/**
 * Response frames to the chunks that one `writev` sends: lengths and small pieces are packed together, large pieces
 * (record batches) stay where they are.
 */
export function packFrames(frames: readonly (readonly Uint8Array[])[]): Uint8Array[] {
  const packed: Uint8Array[] = []
  const buffer = Buffer.allocUnsafe(packedBytes(frames))
  let start = 0
  let end = 0
  const endRun = () => {
    if (end > start) packed.push(end - start === buffer.length ? buffer : buffer.subarray(start, end))
    start = end
  }
  for (const chunks of frames) {
    end = buffer.writeInt32BE(totalBytes(chunks), end)
    for (const chunk of chunks) {
      if (staysInPlace(chunk)) {
        endRun()
        packed.push(chunk)
      } else {
        buffer.set(chunk, end)
        end += chunk.length
      }
    }
  }
  endRun()
  return packed
}

function packedBytes(frames: readonly (readonly Uint8Array[])[]): number {
  let bytes = 0
  for (const chunks of frames) {
    bytes += 4
    for (const chunk of chunks) if (!staysInPlace(chunk)) bytes += chunk.length
  }
  return bytes
}

function totalBytes(chunks: readonly Uint8Array[]): number {
  let bytes = 0
  for (const chunk of chunks) bytes += chunk.length
  return bytes
}
