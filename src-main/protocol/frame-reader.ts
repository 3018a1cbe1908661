import { hold, letGo, own } from '../base/held-bytes'

/** So many of the first bytes are kept of what is no frame, to be shown. */
const shownBytes = 256

/** A declared length that no frame may have. Nothing was allocated for it. */
export class FrameLengthError extends Error {
  override name = 'FrameLengthError'
  /** The protocol whose first bytes these are. */
  readonly looksLike: 'http' | 'tls' | null

  constructor(
    readonly declaredBytes: number,
    maxBytes: number,
    /** The first bytes that came, the length among them. */
    readonly head: Buffer,
  ) {
    const looksLike = foreignProtocol(declaredBytes)
    const hint = { http: ': this looks like HTTP', tls: ': this looks like TLS, and the listener is a plain one' }
    super(
      `the frame says it is ${declaredBytes} bytes long, and ${maxBytes} is the limit${looksLike ? hint[looksLike] : ''}`,
    )
    this.looksLike = looksLike
  }
}

/** Chunks smaller than this are gathered, so that a client that sends single bytes cannot cost a buffer object for each. */
const smallChunkBytes = 2048
const gatherBytes = 4096

/**
 * Cuts a stream of bytes into frames: a length of four bytes, then as many bytes.
 *
 * A frame that lies whole in one chunk is a view of it; one that spans several is copied once, when its last byte is there.
 * No more is held than what has arrived. Chunks that are owned (`base/held-bytes.ts`) are held as long as they are needed here; who takes a frame
 * holds it.
 */
export class FrameReader {
  readonly #limitBytes: () => number
  readonly #onFrame: (frame: Buffer) => void
  #parts: Buffer[] = []
  #heldBytes = 0
  /** Length of the frame being read; -1 while its length itself is incomplete. */
  #frameBytes = -1
  /** The last part while it has room for further small chunks. */
  #gather: Buffer | null = null
  #gathered = 0

  /** @param maxBytes of a frame; a function is asked at the beginning of each */
  constructor(maxBytes: number | (() => number), onFrame: (frame: Buffer) => void) {
    this.#limitBytes = typeof maxBytes === 'number' ? () => maxBytes : maxBytes
    this.#onFrame = onFrame
  }

  /** Bytes that have arrived of a frame that is not complete. */
  get heldBytes(): number {
    return this.#heldBytes
  }

  /** Bytes still missing to complete the frame being read, as far as it is known. */
  get missingBytes(): number {
    if (this.#heldBytes === 0) return 0
    return (this.#frameBytes < 0 ? 4 : 4 + this.#frameBytes) - this.#heldBytes
  }

  /** @throws FrameLengthError; the reader is of no use after it */
  push(chunk: Buffer): void {
    hold(chunk)
    try {
      this.#cut(chunk)
    } finally {
      letGo(chunk)
    }
  }

  /** No more bytes come: lets go of those that are held. */
  end(): void {
    for (const part of this.#parts) letGo(part)
    this.#parts = []
  }

  #cut(chunk: Buffer): void {
    let at = this.#heldBytes > 0 ? this.#complete(chunk) : 0
    while (chunk.length - at >= 4) {
      const end = at + 4 + this.#checkedLength(chunk, at)
      if (end > chunk.length) break
      this.#onFrame(chunk.subarray(at + 4, end))
      at = end
    }
    if (at < chunk.length) this.#hold(chunk.subarray(at))
  }

  /** Goes on with the frame that earlier chunks began; returns how much of the chunk it took. */
  #complete(chunk: Buffer): number {
    let at = 0
    if (this.#frameBytes < 0) {
      at = Math.min(4 - this.#heldBytes, chunk.length)
      this.#hold(chunk.subarray(0, at))
      if (this.#frameBytes < 0) return at
    }
    const missing = this.missingBytes
    if (chunk.length - at < missing) {
      this.#hold(chunk.subarray(at))
      return chunk.length
    }
    this.#onFrame(this.#join(chunk.subarray(at, at + missing)))
    return at + missing
  }

  #hold(part: Buffer): void {
    if (part.length === 0) return
    if (part.length < smallChunkBytes) this.#holdSmall(part)
    else {
      this.#endGather()
      hold(part)
      this.#parts.push(part)
    }
    this.#heldBytes += part.length
    if (this.#frameBytes < 0 && this.#heldBytes >= 4) this.#frameBytes = this.#checkedLength(this.#head(), 0)
  }

  #holdSmall(part: Buffer): void {
    if (this.#gather && this.#gather.length - this.#gathered < part.length) this.#endGather()
    this.#gather ??= Buffer.allocUnsafeSlow(gatherBytes)
    part.copy(this.#gather, this.#gathered)
    this.#gathered += part.length
  }

  #endGather(): void {
    if (this.#gather) this.#parts.push(this.#gather.subarray(0, this.#gathered))
    this.#gather = null
    this.#gathered = 0
  }

  /** The first four bytes that are held. */
  #head(): Buffer {
    const first = this.#parts[0] ?? this.#gather!.subarray(0, this.#gathered)
    if (first.length >= 4) return first
    this.#endGather()
    return Buffer.concat(this.#parts)
  }

  /** The frame, without its length, from what is held and its last part. */
  #join(last: Buffer): Buffer {
    this.#endGather()
    const frame = Buffer.allocUnsafeSlow(this.#frameBytes)
    own(frame)
    let at = -4
    for (const part of [...this.#parts, last]) {
      part.copy(frame, Math.max(at, 0), at < 0 ? Math.min(-at, part.length) : 0)
      at += part.length
    }
    for (const part of this.#parts) letGo(part)
    this.#parts = []
    this.#heldBytes = 0
    this.#frameBytes = -1
    return frame
  }

  /** The length that stands in `bytes` at `at`. */
  #checkedLength(bytes: Buffer, at: number): number {
    const length = bytes.readInt32BE(at)
    const limitBytes = this.#limitBytes()
    if (length < 0 || length > limitBytes)
      throw new FrameLengthError(length, limitBytes, Buffer.from(bytes.subarray(at, at + shownBytes)))
    return length
  }
}

/** The first bytes of another protocol read as a length: says which one it looks like. */
function foreignProtocol(length: number): 'http' | 'tls' | null {
  const head = Buffer.alloc(4)
  head.writeInt32BE(length)
  // TLS records begin with 22 (handshake), 3 (major version).
  if (head[0] === 22 && head[1] === 3) return 'tls'
  const text = head.toString('latin1')
  return /^(GET |POST|PUT |HEAD|OPTI|DELE|CONN|PRI )$/.test(text) ? 'http' : null
}
