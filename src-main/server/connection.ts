import type { Socket } from 'node:net'
import type { Clock, Millis } from '../base/clock'
import { hold, keep, letGo, own } from '../base/held-bytes'
import type { Log } from '../base/log'
import { usesSasl } from '../base/security-protocol'
import { unpackedSoFar } from '../base/unpacked-bytes'
import type { Broker, Connection } from '../broker/serve'
import { FrameLengthError, FrameReader } from '../protocol/frame-reader'
import { packFrames, staysInPlace } from './outbox'
import type { Receiver, ReplyBudget } from './reply-budget'
import type { RequestBudget, Sender } from './request-budget'

/** What all connections of a server share. */
export interface Shared {
  readonly broker: Broker
  readonly requestMaxBytes: number
  readonly requests: RequestBudget
  readonly replies: ReplyBudget
  readonly clock: Clock
  readonly log: Log
}

/** Request bytes that one connection may hold before its socket is read no further. */
const heldPauseBytes = 8 * 1024 * 1024

/** For how long one connection is served in one turn of the event loop. Then others have theirs. */
const servingMs = 10

/** What is unpacked for one connection in one turn, so that it can be looked at: it is freed in the next. A chunk of 64 KiB can hold megabytes of packed zeros. */
const unpackedPerTurnBytes = 4 * 1024 * 1024

/** Reply bytes that may wait in one socket before its next request is served. */
const unsentPauseBytes = 1024 * 1024

const fetchApiKey = 1

/** A request that is being served, in the place that its response has among the others. */
interface Slot {
  readonly frame: Buffer
  response: readonly Uint8Array[] | null
  settled: boolean
}

/**
 * One client: reads frames, has them served strictly in order, sends the responses in the same order.
 *
 * A request waits while the one before it is served, unless that one is pipelined. Reading stops while the client
 * sends faster than it is served, serving while it does not read what it was sent.
 */
export class ClientConnection implements Sender, Receiver {
  readonly #socket: Socket
  readonly #facts: Connection
  readonly #shared: Shared
  readonly #onEnd: () => void
  readonly #reader: FrameReader
  /** Complete frames that wait to be served. */
  #queue: Buffer[] = []
  /** Requests being served, oldest first. */
  #slots: Slot[] = []
  /** Bytes of `#queue` and `#slots`. */
  #framesBytes = 0
  #accountedBytes = 0
  #unsentBytes = 0
  /** True while a request is served that the next one must wait for. */
  #blocked = false
  /** True while it is made to pause, whatever is served meanwhile. */
  #paused = false
  /** When it was first served in this turn. */
  #servedSince: Millis | undefined
  #unpackedBefore = 0
  #hasHadItsTurn = false
  #heldBack = false
  #isFlushPlanned = false
  #ended = false
  #activeAt: Millis
  #cancelPause: (() => void) | undefined
  /** Made once: each request would make a closure of its own. */
  readonly #endTurn = () => {
    this.#servedSince = undefined
    if (!this.#hasHadItsTurn) return
    this.#hasHadItsTurn = false
    this.#serveNext()
    this.#account()
    this.#readOn()
  }
  readonly #flushPlanned = () => {
    this.#isFlushPlanned = false
    this.#flush()
    this.#serveNext()
    this.#account()
    this.#readOn()
  }

  constructor(socket: Socket, facts: Connection, shared: Shared, onEnd: () => void) {
    this.#socket = socket
    this.#facts = facts
    this.#shared = shared
    this.#onEnd = onEnd
    this.#activeAt = facts.connectedAt
    const limitBytes = () => Math.min(shared.requestMaxBytes, shared.broker.frameLimit(facts))
    this.#reader = new FrameReader(usesSasl(facts.securityProtocol) ? limitBytes : shared.requestMaxBytes, (frame) =>
      this.#enqueue(frame),
    )
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    socket.on('drain', () => this.#drained())
    socket.on('error', (error) => shared.log.debug(`${this.peer}: ${error.message}`))
    socket.on('close', () => this.#close())
    shared.broker.opened(facts)
  }

  /** `127.0.0.1:50312`, as log lines name the client. */
  get peer(): string {
    const { remoteAddress: host, remotePort: port } = this.#facts
    return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
  }

  get midFrame(): boolean {
    return this.#reader.heldBytes > 0
  }

  get sentBytes(): number {
    return this.#socket.bytesWritten - this.#socket.writableLength
  }

  /** Since when it neither sent, received nor awaits anything; undefined while it does. */
  get idleSince(): Millis | undefined {
    if (this.#ended) return this.#activeAt
    return this.#slots.length > 0 || this.#queue.length > 0 || this.#unsentBytes > 0 ? undefined : this.#activeAt
  }

  pauseReading(): void {
    this.#heldBack = true
    this.#socket.pause()
  }

  resumeReading(): void {
    this.#heldBack = false
    this.#readOn()
  }

  resumeServing(): void {
    this.#serveNext()
  }

  giveUp(): void {
    this.end(
      this.#unsentBytes > 0
        ? `it does not read the ${this.#unsentBytes} bytes that wait for it, and memory is short`
        : `it sent ${this.#reader.heldBytes} bytes of a request and then nothing more, and memory is short`,
    )
  }

  /** Closes the connection; `reason` becomes one log line. */
  end(reason?: string): void {
    if (this.#ended) return
    if (reason !== undefined) this.#shared.log.warn(`closed ${this.peer}: ${reason}`)
    this.#ended = true
    this.#dropQueue()
    this.#socket.pause()
    this.#socket.destroy()
  }

  /** Closes the connection once what was answered is sent. */
  finish(): void {
    if (this.#ended) return
    this.#flush()
    this.#ended = true
    this.#dropQueue()
    if (this.#unsentBytes > 0) this.#socket.end()
    else this.#socket.destroy()
  }

  /** Closes the socket at once. */
  destroy(): void {
    this.#socket.destroy()
  }

  #read(chunk: Buffer): void {
    if (this.#ended) return
    const at = this.#shared.clock.now()
    this.#activeAt = at
    // Nobody else has a chunk that a socket gave.
    own(chunk)
    try {
      this.#reader.push(chunk)
    } catch (error) {
      if (error instanceof FrameLengthError) this.#shared.broker.unreadable(this.#facts, error)
      this.end(error instanceof Error ? error.message : String(error))
      return
    }
    this.#serveNext(at)
    this.#account()
    if (this.#framesBytes > heldPauseBytes) this.#socket.pause()
  }

  #enqueue(frame: Buffer): void {
    hold(frame)
    this.#queue.push(frame)
    this.#framesBytes += frame.length
  }

  /** @param at the present instant, where the caller has it */
  #serveNext(at?: Millis): void {
    while (
      !this.#blocked &&
      !this.#paused &&
      !this.#ended &&
      !this.#hasHadItsTurn &&
      this.#queue.length > 0 &&
      this.#unsentBytes <= unsentPauseBytes
    ) {
      const frame = this.#queue[0]!
      if (isFetch(frame) && !this.#shared.replies.admits(this)) return
      if (this.#queue.length === 1) this.#queue.pop()
      else this.#queue.shift()
      this.#servedSince ??= this.#beginTurn(at ?? this.#shared.clock.now())
      this.#serve(frame)
      this.#hasHadItsTurn =
        unpackedSoFar() - this.#unpackedBefore >= unpackedPerTurnBytes ||
        this.#shared.clock.now() - this.#servedSince >= servingMs
    }
  }

  /** When it was served for long in this turn, or much was unpacked, it goes on in the next. */
  #beginTurn(at: Millis): Millis {
    this.#unpackedBefore = unpackedSoFar()
    setImmediate(this.#endTurn)
    return at
  }

  #serve(frame: Buffer): void {
    const slot: Slot = { frame, response: null, settled: false }
    this.#slots.push(slot)
    const { response, pipelined, afterwards } = this.#shared.broker.serve(this.#facts, frame)
    this.#blocked = !pipelined
    response.then(
      (chunks) => {
        // From now on: the broker gives batches for this turn only.
        if (chunks) for (const chunk of chunks) hold(chunk)
        slot.response = chunks
        slot.settled = true
        if (this.#ended) {
          this.#flush()
          return
        }
        if (afterwards?.isLast) {
          this.finish()
          return
        }
        if (!pipelined) this.#blocked = false
        if (afterwards && afterwards.pauseMs > 0) this.#pause(afterwards.pauseMs)
        this.#planFlush()
      },
      (error) => {
        this.#refuse(error)
        // What failed may be at work still, and read its frame.
        keep(frame)
        slot.settled = true
        this.#flush()
      },
    )
  }

  /** What is answered leaves, and nothing more is served for a while: the client used more than its quota (KIP-219). */
  #pause(ms: number): void {
    this.#paused = true
    const { clock } = this.#shared
    this.#cancelPause?.()
    this.#cancelPause = clock.at(clock.now() + ms, () => {
      this.#cancelPause = undefined
      this.#paused = false
      this.#serveNext()
      this.#account()
      this.#readOn()
    })
  }

  /** A frame that cannot be read (DecodeError), or a mistake of ours: either ends this connection and no other. */
  #refuse(error: unknown): void {
    if (this.#ended) return
    this.#shared.log.warn(`closed ${this.peer}: ${error instanceof Error ? error.message : String(error)}`)
    this.finish()
  }

  /** All responses that settle in this turn leave together: the tick comes after the last of their promises. */
  #planFlush(): void {
    if (this.#isFlushPlanned || this.#ended) return
    this.#isFlushPlanned = true
    process.nextTick(this.#flushPlanned)
  }

  /** Sends what is answered; once the connection has ended, only lets go of it. */
  #flush(): void {
    let done = 0
    const frames: (readonly Uint8Array[])[] = []
    for (const slot of this.#slots) {
      if (!slot.settled) break
      done++
      this.#framesBytes -= slot.frame.length
      letGo(slot.frame)
      if (slot.response) frames.push(slot.response)
    }
    if (done === 0) return
    if (done === this.#slots.length) this.#slots = []
    else this.#slots.splice(0, done)
    if (frames.length === 0) return
    if (this.#ended) {
      for (const chunks of frames) for (const chunk of chunks) letGo(chunk)
      return
    }
    this.#activeAt = this.#shared.clock.now()
    const packed = packFrames(frames)
    const inPlace: Uint8Array[] = []
    for (const chunks of frames) {
      for (const chunk of chunks) {
        if (staysInPlace(chunk)) inPlace.push(chunk)
        else letGo(chunk)
      }
    }
    // A stream that calls back does so in a tick of its own.
    this.#send(packed, inPlace.length > 0 ? () => inPlace.forEach(letGo) : undefined)
  }

  /** @param sent called when the system has taken all of it, or never will */
  #send(chunks: readonly Uint8Array[], sent: (() => void) | undefined): void {
    if (chunks.length > 1) this.#socket.cork()
    const last = chunks.length - 1
    for (let i = 0; i < last; i++) this.#socket.write(chunks[i]!)
    this.#socket.write(chunks[last]!, sent)
    if (chunks.length > 1) this.#socket.uncork()
    this.#setUnsent(this.#socket.writableNeedDrain ? this.#socket.writableLength : 0)
  }

  #setUnsent(bytes: number): void {
    if (bytes === this.#unsentBytes) return
    const before = this.#unsentBytes
    this.#unsentBytes = bytes
    this.#shared.replies.change(this, before, bytes)
  }

  #drained(): void {
    this.#activeAt = this.#shared.clock.now()
    this.#setUnsent(0)
    this.#serveNext()
    this.#account()
    this.#readOn()
  }

  #readOn(): void {
    if (!this.#heldBack && !this.#ended && this.#framesBytes <= heldPauseBytes && this.#socket.isPaused())
      this.#socket.resume()
  }

  /** Does nothing once the connection has ended: `#close` gives back all that was accounted. */
  #account(): void {
    if (this.#ended) return
    const held = this.#framesBytes + this.#reader.heldBytes
    const delta = held - this.#accountedBytes
    if (delta === 0) return
    this.#accountedBytes = held
    this.#shared.requests.change(this, delta)
  }

  #dropQueue(): void {
    for (const frame of this.#queue) {
      this.#framesBytes -= frame.length
      letGo(frame)
    }
    this.#queue = []
  }

  #close(): void {
    this.#ended = true
    this.#cancelPause?.()
    this.#dropQueue()
    this.#reader.end()
    this.#shared.requests.change(this, -this.#accountedBytes)
    this.#shared.requests.forget(this)
    this.#accountedBytes = 0
    this.#setUnsent(0)
    this.#shared.replies.forget(this)
    this.#shared.broker.closed(this.#facts)
    this.#onEnd()
  }
}

function isFetch(frame: Buffer): boolean {
  return frame.length >= 2 && frame.readInt16BE(0) === fetchApiKey
}
