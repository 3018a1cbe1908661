import type { Duplex } from 'node:stream'
import type { Clock, Millis } from '../base/clock'
import type { ApiName, RequestInput, ResponseOf } from '../protocol/api-types'
import { decodeResponse, encodeRequest } from '../protocol/frame'
import { FrameLengthError, FrameReader } from '../protocol/frame-reader'
import { type Dial, openStream } from './dial'
import { ClientError } from './failures'
import { changesNothing } from './read-only'
import { authenticate } from './sasl'
import {
  alertOf,
  alertSentence,
  closedAtFirstSentence,
  closedWithoutUserSentence,
  foreignSentence,
  silentSentence,
} from './sentences'
import { type ClientSettings, type DialTarget, nameOf } from './settings'
import { TunnelError } from './tunnels/failure'
import { Versions } from './versions'

/** Requests that may wait for an answer at once (max.in.flight.requests.per.connection). */
const maxInFlight = 5
/** Requests that may wait to be sent; more is a mistake of the caller. */
const maxWaiting = 1000
/** Time between two looks at whether a retired connection is idle. */
const retirementMs = 1000
/** ApiVersions that is asked first; a broker that does not have it answers with version 0 (KIP-511). */
const firstApiVersions = 3
const unsupportedVersion = 35
/** Part of a session's lifetime after which the client authenticates again (KIP-368: Java takes 85 to 95 %). */
const reauthenticateAfter = 0.85
/** Sooner a broker refuses it (SaslServerAuthenticator). A token that expires within this ends its connection. */
const soonestReauthenticationMs = 1100

/** A request body, or one that depends on the version that was chosen. */
export type Body<N extends ApiName> = RequestInput<N> | ((version: number) => RequestInput<N>)

export interface AskOptions {
  /** Time for the answer; by default that of the settings. */
  readonly timeoutMs?: number
  /** Newest version that the caller can use. */
  readonly maxVersion?: number
}

export interface ConnectionParts {
  readonly settings: ClientSettings
  readonly clock: Clock
  readonly dial: Dial
}

interface Pending {
  readonly what: string
  /** Of a Kafka request; a raw SASL token has none. */
  readonly correlationId: number | null
  /** Takes the answer. @throws DecodeError */
  readonly settle: (frame: Buffer) => void
  readonly fail: (error: Error) => void
  readonly cancel: () => void
}

/**
 * One connection to one broker: requests in order, answers matched by correlation id, a deadline for each, throttle times
 * respected (KIP-219), authentication renewed before the session ends (KIP-368).
 */
export class Connection {
  readonly target: DialTarget
  readonly #stream: Duplex
  readonly #parts: ConnectionParts
  readonly #reader: FrameReader
  readonly #pending: Pending[] = []
  /** Callers that wait for a free place among those in flight. */
  readonly #waiting: { readonly go: () => void; readonly fail: (error: Error) => void }[] = []
  #versions = new Versions({ apiKeys: [] })
  #correlationId = 0
  #answers = 0
  /** Answers of ApiVersions and of the authentication. */
  #answersBefore = 0
  #throttledUntil: Millis = 0
  #reauthenticateAt: Millis = Number.POSITIVE_INFINITY
  #reauthentication: Promise<void> | undefined
  #failure: Error | undefined
  #wake: (() => void) | undefined

  private constructor(stream: Duplex, target: DialTarget, parts: ConnectionParts) {
    this.#stream = stream
    this.target = target
    this.#parts = parts
    this.#reader = new FrameReader(parts.settings.maxResponseBytes, (frame) => this.#take(frame))
    stream.on('data', (chunk: Buffer) => this.#read(chunk))
    stream.on('error', (error) => this.#fail(this.#closed(error)))
    stream.on('close', () => this.#fail(this.#closed(undefined)))
    stream.on('end', () => this.#fail(this.#closed(undefined)))
  }

  /** Connects, asks for the versions, authenticates. @throws ClientError */
  static async open(target: DialTarget, parts: ConnectionParts): Promise<Connection> {
    const timeoutMs = parts.settings.connectTimeoutMs
    const stream = await openStream(target, parts.settings.tls, { dial: parts.dial, clock: parts.clock, timeoutMs })
    const connection = new Connection(stream, target, parts)
    try {
      await connection.#negotiate(timeoutMs)
      await connection.#authenticate()
      connection.#answersBefore = connection.#answers
      return connection
    } catch (error) {
      connection.dispose()
      throw error
    }
  }

  get name(): string {
    return nameOf(this.target)
  }

  get isOpen(): boolean {
    return this.#failure === undefined
  }

  get versions(): Versions {
    return this.#versions
  }

  /** True while nothing is under way. */
  get isIdle(): boolean {
    return this.#pending.length === 0 && this.#waiting.length === 0
  }

  /**
   * Sends a request in the newest version that both sides know.
   *
   * @throws ClientError when there is no such version, no answer in time, or the connection ends
   */
  async ask<N extends ApiName>(name: N, body: Body<N>, options: AskOptions = {}): Promise<ResponseOf<N>> {
    const version = this.#versionOf(name, options.maxVersion)
    const deadline = this.#parts.clock.now() + (options.timeoutMs ?? this.#parts.settings.requestTimeoutMs)
    for (let wait = this.#obstacle(name, deadline); wait; wait = this.#obstacle(name, deadline)) await wait
    const answer = await this.#send(name, version, body, deadline - this.#parts.clock.now())
    const { throttleTimeMs } = answer as { readonly throttleTimeMs?: number }
    if (throttleTimeMs) this.#throttle(throttleTimeMs)
    return answer
  }

  /** Sends bytes that are no Kafka request: the SASL tokens after SaslHandshake 0. */
  askRaw(token: Buffer, timeoutMs: number): Promise<Buffer> {
    return this.#exchange('a SASL token', null, [token], timeoutMs, (frame) => frame)
  }

  /** As `ask`, also while others wait for the authentication. */
  askNow<N extends ApiName>(name: N, body: Body<N>, timeoutMs: number): Promise<ResponseOf<N>> {
    return this.#send(name, this.#versionOf(name), body, timeoutMs)
  }

  dispose(): void {
    this.#fail(new ClientError('disposed', `The connection to ${this.name} was closed by this client.`))
  }

  /** Closes the connection once nothing is under way on it: who was given it may ask a little later. */
  retire(): void {
    const { clock } = this.#parts
    clock.at(clock.now() + retirementMs, () => {
      if (this.isIdle) this.dispose()
      else if (this.isOpen) this.retire()
    })
  }

  #versionOf(name: ApiName, limit?: number): number {
    const forbidden = this.#parts.settings.forbids?.(name)
    if (forbidden !== undefined) throw new ClientError('notPermitted', forbidden)
    const version = this.#versions.pick(name, limit)
    if (version !== undefined) return version
    const served = this.#versions.describe(name)
    throw new ClientError(
      'unsupported',
      served === undefined
        ? `${this.name} does not serve ${name}.`
        : `${this.name} serves ${name} in versions ${served}, and this client knows none of them.`,
    )
  }

  /** KIP-511: a broker that does not know our version answers with version 0 and the error UNSUPPORTED_VERSION. */
  async #negotiate(timeoutMs: number): Promise<void> {
    const ask = (version: number) => {
      const body = { clientSoftwareName: 'ottla', clientSoftwareVersion: this.#parts.settings.softwareVersion }
      const id = ++this.#correlationId
      const chunks = encodeRequest('ApiVersions', version, id, this.#parts.settings.clientId, body)
      return this.#exchange('ApiVersions', id, chunks, timeoutMs, (frame) => {
        const isOther = frame.length >= 6 && frame.readInt16BE(4) === unsupportedVersion
        return decodeResponse('ApiVersions', isOther ? 0 : version, frame).body
      })
    }
    let answer = await ask(firstApiVersions)
    if (answer.errorCode === unsupportedVersion) {
      const theirs = new Versions(answer).pick('ApiVersions', firstApiVersions) ?? 0
      answer = await ask(theirs)
    }
    if (answer.errorCode !== 0) {
      throw new ClientError('malformed', `${this.name} answered ApiVersions with error ${answer.errorCode}.`)
    }
    this.#versions = new Versions(answer)
  }

  async #authenticate(): Promise<void> {
    const { settings, clock } = this.#parts
    if (!settings.sasl) return
    const lifetimeMs = await authenticate(this, settings.sasl, settings.connectTimeoutMs)
    const afterMs = Math.max(soonestReauthenticationMs, lifetimeMs * reauthenticateAfter)
    this.#reauthenticateAt = lifetimeMs > 0 ? clock.now() + afterMs : Number.POSITIVE_INFINITY
  }

  /** What a request must wait for before it is sent: a new authentication, a throttle time, a place among five; undefined when it may go. */
  #obstacle(what: string, deadline: Millis): Promise<void> | undefined {
    const now = this.#parts.clock.now()
    if (this.#failure) throw this.#failure
    if (this.#reauthentication) return this.#reauthentication
    if (now >= this.#reauthenticateAt) return this.#reauthenticate()
    if (now >= this.#throttledUntil && this.#pending.length < maxInFlight) return undefined
    return this.#place(what, deadline)
  }

  #reauthenticate(): Promise<void> {
    this.#reauthentication = this.#authenticate()
      .catch((error: unknown) => {
        // The broker closes a connection whose authentication failed.
        this.#fail(error instanceof Error ? error : new Error(String(error)))
        throw error
      })
      .finally(() => {
        this.#reauthentication = undefined
      })
    return this.#reauthentication
  }

  #place(what: string, deadline: Millis): Promise<void> {
    if (this.#waiting.length >= maxWaiting) {
      throw new ClientError('timeout', `${maxWaiting} requests already wait for ${this.name}.`)
    }
    return new Promise((resolve, reject) => {
      const end = () => {
        const at = this.#waiting.indexOf(entry)
        if (at >= 0) this.#waiting.splice(at, 1)
        cancel()
      }
      const entry = {
        go: () => {
          end()
          resolve()
        },
        fail: (error: Error) => {
          end()
          reject(error)
        },
      }
      const late = () => entry.fail(new ClientError('timeout', `${what} could not be sent to ${this.name} in time.`))
      const cancel = this.#parts.clock.at(deadline, late)
      this.#waiting.push(entry)
    })
  }

  #throttle(ms: number): void {
    const { clock } = this.#parts
    const until = clock.now() + ms
    if (until <= this.#throttledUntil) return
    this.#throttledUntil = until
    this.#wake?.()
    this.#wake = clock.at(until, () => this.#next())
  }

  /** Lets waiting callers look again. */
  #next(): void {
    for (const { go } of [...this.#waiting]) go()
  }

  async #send<N extends ApiName>(name: N, version: number, body: Body<N>, timeoutMs: number): Promise<ResponseOf<N>> {
    const id = (this.#correlationId = (this.#correlationId + 1) % 0x7fffffff)
    const value = typeof body === 'function' ? body(version) : body
    const { clientId, audit, onRequest } = this.#parts.settings
    const chunks = encodeRequest(name, version, id, clientId, value)
    onRequest?.(name)
    if (audit && !changesNothing(name)) audit({ api: name, version, broker: this.name, bytes: Buffer.concat(chunks) })
    return await this.#exchange(name, id, chunks, timeoutMs, (frame) => decodeResponse(name, version, frame).body)
  }

  #exchange<T>(
    what: string,
    correlationId: number | null,
    chunks: readonly Uint8Array[],
    timeoutMs: number,
    read: (frame: Buffer) => T,
  ): Promise<T> {
    if (this.#failure) return Promise.reject(this.#failure)
    const { clock } = this.#parts
    return new Promise<T>((resolve, reject) => {
      // An answer that comes too late could not be told from the next one: the connection ends, as in Java.
      const late = () => this.#fail(this.#late(what, timeoutMs))
      const cancel = clock.at(clock.now() + timeoutMs, late)
      this.#pending.push({
        what,
        correlationId,
        settle: (frame) => resolve(read(frame)),
        fail: reject,
        cancel,
      })
      const length = Buffer.alloc(4)
      length.writeInt32BE(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0))
      this.#stream.write(Buffer.concat([length, ...chunks]))
    })
  }

  #late(what: string, timeoutMs: number): ClientError {
    if (this.#answers === 0) return new ClientError('timeout', silentSentence(this.target, timeoutMs))
    return new ClientError('timeout', `${this.name} did not answer ${what} within ${timeoutMs / 1000} s.`)
  }

  #closed(error: Error | undefined): ClientError {
    if (error instanceof TunnelError) return new ClientError('closed', error.message)
    const alert = alertOf(error)
    if (alert) return new ClientError('tls', alertSentence(this.name, alert))
    if (this.#answers === 0) {
      return new ClientError('closed', closedAtFirstSentence(this.target, this.#parts.settings.tls !== null))
    }
    const what = this.#pending[0]?.what
    const { sasl, tls } = this.#parts.settings
    if (what && !sasl && this.#answers === this.#answersBefore) {
      return new ClientError('closed', closedWithoutUserSentence(this.target, what, tls !== null))
    }
    const during = what ? ` instead of answering ${what}` : ''
    return new ClientError('closed', `${this.name} closed the connection${during}.`)
  }

  #read(chunk: Buffer): void {
    if (this.#failure) return
    try {
      this.#reader.push(chunk)
    } catch (error) {
      if (!(error instanceof FrameLengthError)) {
        this.#fail(error instanceof Error ? error : new Error(String(error)))
        return
      }
      const text =
        this.#answers === 0
          ? foreignSentence(this.target, error.declaredBytes)
          : `${this.name} announced an answer of ${error.declaredBytes} bytes; the limit is ${this.#parts.settings.maxResponseBytes}.`
      this.#fail(new ClientError('malformed', text))
    }
  }

  #take(frame: Buffer): void {
    if (this.#failure) return
    const pending = this.#pending.shift()
    if (!pending) {
      this.#fail(new ClientError('malformed', `${this.name} sent an answer to nothing.`))
      return
    }
    pending.cancel()
    const { correlationId, what } = pending
    if (correlationId !== null && (frame.length < 4 || frame.readInt32BE(0) !== correlationId)) {
      const error = new ClientError('malformed', `${this.name} answered ${what} with the number of another request.`)
      pending.fail(error)
      this.#fail(error)
      return
    }
    try {
      pending.settle(frame)
      this.#answers++
    } catch (error) {
      const failure = new ClientError(
        'malformed',
        `The answer of ${this.name} to ${what} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      )
      pending.fail(failure)
      this.#fail(failure)
    }
    this.#next()
  }

  #fail(error: Error): void {
    if (this.#failure) return
    this.#failure = error
    this.#wake?.()
    this.#stream.destroy()
    for (const { cancel, fail } of this.#pending.splice(0)) {
      cancel()
      fail(error)
    }
    for (const { fail } of [...this.#waiting]) fail(error)
  }
}
