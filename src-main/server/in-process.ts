import { Duplex } from 'node:stream'
import type { Clock } from '../base/clock'
import { hold, letGo } from '../base/held-bytes'
import type { Log } from '../base/log'
import type { Broker, Connection } from '../broker/serve'
import { FrameLengthError, FrameReader } from '../protocol/frame-reader'

export interface InProcessParts {
  readonly broker: Broker
  readonly requestMaxBytes: number
  readonly clock: Clock
  readonly log: Log
}

/**
 * The client's end of a connection without a socket, for clients in this process: bytes that are written are requests, bytes
 * that are read are responses. Requests are served one after the other; a write is done when its requests are answered.
 */
export class InProcessConnection extends Duplex {
  readonly #facts: Connection
  readonly #parts: InProcessParts
  readonly #reader: FrameReader
  #frames: Buffer[] = []

  constructor(facts: Connection, parts: InProcessParts) {
    super()
    this.#facts = facts
    this.#parts = parts
    this.#reader = new FrameReader(parts.requestMaxBytes, (frame) => {
      hold(frame)
      this.#frames.push(frame)
    })
    parts.broker.opened(facts)
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    this.#serve(chunk).then(
      () => done(),
      (error: unknown) => {
        const why = error instanceof Error ? error : new Error(String(error))
        if (why instanceof FrameLengthError) this.#parts.broker.unreadable(this.#facts, why)
        this.#parts.log.warn(`closed the connection ${this.#facts.id} of this process: ${why.message}`)
        this.destroy()
        done()
      },
    )
  }

  override _read(): void {
    // Responses are pushed when they are there.
  }

  override _final(done: () => void): void {
    this.push(null)
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#parts.broker.closed(this.#facts)
    done(error)
  }

  async #serve(chunk: Buffer): Promise<void> {
    this.#reader.push(chunk)
    const frames = this.#frames
    this.#frames = []
    for (const frame of frames) {
      if (this.destroyed) return
      const served = this.#parts.broker.serve(this.#facts, frame)
      const response = await served.response
      letGo(frame)
      if (this.destroyed) return
      if (response) this.push(withLength(response))
      if (served.afterwards?.isLast) {
        this.push(null)
        return
      }
      const pauseMs = served.afterwards?.pauseMs ?? 0
      if (pauseMs > 0) await this.#pause(pauseMs)
    }
  }

  #pause(ms: number): Promise<void> {
    const { clock } = this.#parts
    return new Promise((resolve) => void clock.at(clock.now() + ms, resolve))
  }
}

/** A response frame as one buffer: its chunks are only borrowed from the broker. */
function withLength(chunks: readonly Uint8Array[]): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0))
  return Buffer.concat([length, ...chunks])
}
