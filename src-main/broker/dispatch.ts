import { AssertionError } from '../base/assert'
import { keep } from '../base/held-bytes'
import { type ApiName, apiByKey, apiByName } from '../protocol/api-types'
import type { ErrorName } from '../protocol/errors'
import { encodeResponse, readRequest, type UnservedRequest } from '../protocol/frame'
import type { FrameLengthError } from '../protocol/frame-reader'
import type { RequestHeader } from '../protocol/header'
import { StorageFailure } from '../storage'
import type { Client } from './clients'
import { CloseConnection, type Closed, closedBy } from './closing'
import type { Core } from './core'
import type { Exchanges } from './exchanges'
import type { BoundRequest, Call, RegisteredHandler, Response } from './handler'
import { apiVersions, apiVersionsUnsupported, type ServedApi } from './handlers/api-versions'
import type { RequestMetrics } from './request-metrics'
import { failedLoginDelay } from './security/failed-login'
import type { Afterwards, Broker, Connection, Peer, Served } from './serve'

type Chunks = readonly Uint8Array[]

/** A request that was let in, on its way to an answer. */
interface Admitted {
  readonly client: Client
  readonly api: ApiName
  readonly frame: Buffer
  readonly header: RequestHeader
  readonly request: BoundRequest
  readonly call: RunningCall
  /** Shows the exchange to the wire page; `undefined` when nobody looks. */
  readonly exchange: ReturnType<Exchanges['begin']>
}

/** What a handler said about its connection. */
interface RunningCall extends Call, Afterwards {
  closing: string | undefined
  pauseMs: number
  isLast: boolean
  /** An error was answered. */
  hasFailed: boolean
}

/** Requests in, responses out (KafkaApis): each is admitted, called, settled with the group commit, and encoded. */
export class Dispatch implements Broker {
  readonly #core: Core
  readonly #exchanges: Exchanges
  readonly #metrics: RequestMetrics
  readonly #byKey = new Map<number, RegisteredHandler>()
  readonly #served: readonly ServedApi[]

  constructor(core: Core, exchanges: Exchanges, metrics: RequestMetrics, handlers: readonly RegisteredHandler[]) {
    this.#core = core
    this.#exchanges = exchanges
    this.#metrics = metrics
    for (const handler of [...handlers, apiVersions(() => this.#served)]) {
      this.#byKey.set(apiByName(handler.api).key, handler)
    }
    this.#served = [...this.#byKey]
      .map(([apiKey, { versions }]) => ({ apiKey, minVersion: versions[0], maxVersion: versions[1] }))
      .sort((a, b) => a.apiKey - b.apiKey)
  }

  opened(connection: Connection): void {
    const client = this.#core.clients.connected(connection)
    this.#core.authentication.connected(client)
  }

  closed(connection: Connection): void {
    this.#core.clients.disconnected(connection)
  }

  frameLimit({ id }: Connection): number {
    const client = this.#core.clients.find(id)
    return client ? this.#core.authentication.frameLimit(client) : Number.POSITIVE_INFINITY
  }

  unreadable(connection: Connection, error: FrameLengthError): void {
    const client = this.#core.clients.find(connection.id)
    if (client) this.#note(client, error.head, error, false)
  }

  admits({ remoteAddress }: Peer): number {
    return this.#core.quotas.connect(remoteAddress)
  }

  refused(peer: Peer, what: string, why: string): void {
    this.#core.denials.notePeer(peer, what, why)
  }

  serve(connection: Connection, frame: Buffer): Served {
    const client = this.#core.clients.find(connection.id)
    try {
      if (!client) throw new CloseConnection('refused', 'its connection is closed')
      if (this.#core.authentication.expectsToken(client)) return this.#token(client, frame)
      const admitted = this.#admit(client, frame)
      if ('unserved' in admitted) return { response: this.#unserved(client, frame, admitted), pipelined: false }
      return this.#settle(admitted, this.#run(admitted))
    } catch (error) {
      if (client) this.#note(client, frame, error)
      return { response: Promise.reject(error), pipelined: false }
    }
  }

  /** A token of SaslHandshake 0 comes without a request around it, and so does the answer (SaslServerAuthenticator). */
  #token(client: Client, frame: Buffer): Served {
    keep(frame)
    const response = this.#core.authentication.step(client, frame).then(async (step) => {
      if (step && step.kind !== 'failed') return [step.reply]
      await failedLoginDelay(this.#core)
      throw new CloseConnection('login', step?.why ?? 'a token came without a handshake')
    })
    const noted = response.catch((error: unknown) => {
      // A token may be a password: it is not shown.
      this.#note(client, noBytes, error)
      throw error
    })
    return { response: noted, pipelined: false }
  }

  /** Reads a request. @throws DecodeError, CloseConnection when the client may not send it now */
  #admit(client: Client, frame: Buffer): Admitted | UnservedRequest {
    const read = readRequest(frame, (apiKey, version) => this.#serves(apiKey, version))
    if ('unserved' in read) return read
    const handler = this.#byKey.get(read.api.key)
    if (!handler) throw new CloseConnection('unknownApi', `${read.api.name} is not served`, 0)
    const { header, bodyOffset } = read
    const { apiVersion, clientId } = header
    // Values of other requests are views of the frame that may be kept for long: a member's metadata, an assignment.
    if (handler.api !== 'Produce') keep(frame)
    const request = handler.bind(frame, apiVersion, bodyOffset)
    const denial = this.#core.authentication.denial(client, handler.api)
    if (denial !== undefined) throw new CloseConnection('notAllowed', denial)
    const call = this.#call(client, handler, header)
    client.requested(handler.api, apiVersion, clientId, frame.length, call.at)
    const groupId = groupIdIn(request.body)
    if (groupId !== undefined) client.namedGroup(groupId)
    const { api } = handler
    const exchange = this.#exchanges.heard
      ? this.#exchanges.begin({ client, api, header, body: request.body, frame, at: call.at })
      : undefined
    return { client, api, frame, header, request, call, exchange }
  }

  /** Calls the handler. A write that fails at once is answered like one that fails with the group commit. */
  #run({ client, request, call }: Admitted): Running {
    const { commits, quotas } = this.#core
    const writesBefore = commits.writes
    const begunAt = quotas.any ? performance.now() : undefined
    let response: Response | Promise<Response>
    try {
      response = request.handle(call)
    } catch (error) {
      response = this.#storageFailed(request, call, error)
    }
    // In per cent of a thread, which is what `request_percentage` means (ClientRequestQuotaManager).
    if (begunAt !== undefined)
      call.throttle(quotas.record(client, 'request_percentage', (performance.now() - begunAt) / 10))
    return { response, stored: commits.writes === writesBefore ? undefined : commits.settled }
  }

  /** Lets the answer leave when what it says is stored. */
  #settle(admitted: Admitted, { response, stored }: Running): Served {
    const { request, call } = admitted
    const failed = (error: unknown) => this.#answer(admitted, () => this.#storageFailed(request, call, error))
    const whenStored = (value: Response) => stored?.then(() => this.#answer(admitted, () => value), failed)
    // What such a handler writes later it awaits itself, and rejects with the failure.
    if (response instanceof Promise) {
      const encoded = response.then((value) => whenStored(value) ?? this.#answer(admitted, () => value), failed)
      return { response: encoded, pipelined: false, afterwards: call }
    }
    const encoded = whenStored(response) ?? Promise.resolve(this.#encode(admitted, response))
    return { response: encoded, pipelined: true, afterwards: call }
  }

  /** Encodes an answer that was waited for. `serve` notes what goes wrong before it returns, this what does later. */
  #answer(admitted: Admitted, response: () => Response): Chunks | null {
    try {
      return this.#encode(admitted, response())
    } catch (error) {
      this.#note(admitted.client, admitted.frame, error)
      throw error
    }
  }

  #encode(admitted: Admitted, response: Response): Chunks | null {
    const { client, header, call, exchange } = admitted
    if (call.closing !== undefined) throw new CloseConnection('refused', call.closing)
    const chunks = response.encode(header.correlationId, call.pauseMs)
    let bytes = 0
    if (chunks) for (const chunk of chunks) bytes += chunk.byteLength
    client.sent(bytes)
    if (this.#metrics.isCounting) this.#metrics.note(admitted.api, this.#core.clock.now() - call.at, response.body)
    if (call.pauseMs > 0) client.throttled(call.pauseMs, this.#core.clock.now())
    if (exchange) exchange(chunks, response.body)
    else if (call.hasFailed) {
      const { api, frame, request } = admitted
      this.#exchanges.failed({ client, api, header, body: request.body, frame, at: call.at }, chunks, response.body)
    }
    return chunks
  }

  #serves(apiKey: number, version: number): boolean {
    const versions = this.#byKey.get(apiKey)?.versions
    return versions !== undefined && version >= versions[0] && version <= versions[1]
  }

  #unserved(client: Client, frame: Buffer, { unserved }: UnservedRequest): Promise<Chunks> {
    const { apiKey, apiVersion, correlationId } = unserved
    const name = apiByKey(apiKey)?.name
    if (name === 'ApiVersions') {
      const chunks = encodeResponse('ApiVersions', 0, correlationId, apiVersionsUnsupported)
      const header = { ...unserved, clientId: client.clientId }
      const at = this.#core.clock.now()
      const exchange = this.#exchanges.begin({ client, api: name, header, body: null, frame, at })
      exchange?.(chunks, apiVersionsUnsupported)
      return Promise.resolve(chunks)
    }
    const versions = this.#byKey.get(apiKey)?.versions
    if (!versions) throw new CloseConnection('unknownApi', `API key ${apiKey} version ${apiVersion} is not served`, 0)
    const served = `${name} version ${apiVersion} is not served, only ${versions[0]} to ${versions[1]}`
    throw new CloseConnection('unknownVersion', served, 2)
  }

  #call(client: Client, { api }: RegisteredHandler, header: RequestHeader): RunningCall {
    const core = this.#core
    const call: RunningCall = {
      core,
      client,
      version: header.apiVersion,
      clientId: header.clientId,
      at: core.clock.now(),
      closing: undefined,
      pauseMs: 0,
      isLast: false,
      hasFailed: false,
      failed(error: ErrorName, text: string) {
        call.hasFailed = true
        core.clients.failed(client, api, error, text)
      },
      throttle: (ms: number) => (call.pauseMs = Math.min(longestPauseMs, Math.max(call.pauseMs, ms))),
      closeAfterwards() {
        call.isLast = true
      },
      closeConnection(reason: string) {
        call.closing = reason
      },
    }
    return call
  }

  /** The answer when the write failed; anything but a StorageFailure is a mistake of ours and closes the connection. */
  #storageFailed(request: BoundRequest, call: Call, error: unknown): Response {
    if (!(error instanceof StorageFailure)) throw error
    this.#core.writeFailures.failed(error)
    const answer = request.storageFailed(call)
    if (!answer) throw error
    call.failed('KAFKA_STORAGE_ERROR', error.message)
    return answer
  }

  /** Shows in the app why a connection is closed. */
  #note(client: Client, frame: Buffer, error: unknown, isFrame = true): void {
    const closed = closedBy(error)
    const { kind, text } = closed
    if (kind === 'fault') {
      const stack = error instanceof Error && !(error instanceof AssertionError) ? error.stack : undefined
      this.#core.log.error(`A mistake of ours closed a connection: ${stack ?? text}`)
    }
    this.#exchanges.close(client, frame, closed, isFrame)
    const api = unreadableKinds.has(kind) ? 'decode' : ''
    this.#core.clients.failed(client, api, kind === 'fault' ? 'UNKNOWN_SERVER_ERROR' : '', text)
  }
}

/** A pause is an int32 in answers: a quota of one byte asks for longer ones. */
const longestPauseMs = 2 ** 31 - 1
const noBytes = Buffer.alloc(0)
const unreadableKinds: ReadonlySet<Closed['kind']> = new Set(['http', 'tls', 'tooLong', 'header', 'body'])

/** The group that a request is from or about. */
function groupIdIn(body: unknown): string | undefined {
  const { groupId } = body as { readonly groupId?: unknown }
  return typeof groupId === 'string' && groupId !== '' ? groupId : undefined
}

/** A handler's answer, and when what it wrote is stored; `undefined` when it wrote nothing. */
interface Running {
  readonly response: Response | Promise<Response>
  readonly stored: Promise<void> | undefined
}
