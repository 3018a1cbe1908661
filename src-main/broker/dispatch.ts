import { AssertionError } from '../base/assert'
import { keep } from '../base/held-bytes'
import { apiByName } from '../protocol/api-types'
import type { ErrorName } from '../protocol/errors'
import { DecodeError } from '../protocol/failures'
import { encodeResponse, readRequest, type UnservedRequest } from '../protocol/frame'
import type { RequestHeader } from '../protocol/header'
import { StorageFailure } from '../storage'
import type { Client } from './clients'
import type { Core } from './core'
import type { Exchanges } from './exchanges'
import type { BoundRequest, Call, RegisteredHandler, Response } from './handler'
import { apiVersions, apiVersionsUnsupported, type ServedApi } from './handlers/api-versions'
import type { Broker, Connection, Peer, Served } from './serve'

type Chunks = readonly Uint8Array[]

/** A request that cannot be answered: its connection is closed, with this sentence in the log. */
class CloseConnection extends Error {
  override readonly name = 'CloseConnection'
}

/** A request that was let in, on its way to an answer. */
interface Admitted {
  readonly client: Client
  readonly header: RequestHeader
  readonly request: BoundRequest
  readonly call: RunningCall
  /** Shows the exchange to the wire page; `undefined` when nobody looks. */
  readonly exchange: ReturnType<Exchanges['begin']>
}

/** What a handler said about its connection. */
interface RunningCall extends Call {
  closing: string | undefined
  pauseMs: number
  isLast: boolean
}

/** Requests in, responses out (KafkaApis): each is admitted, called, settled with the group commit, and encoded. */
export class Dispatch implements Broker {
  readonly #core: Core
  readonly #exchanges: Exchanges
  readonly #byKey = new Map<number, RegisteredHandler>()
  readonly #served: readonly ServedApi[]

  constructor(core: Core, exchanges: Exchanges, handlers: readonly RegisteredHandler[]) {
    this.#core = core
    this.#exchanges = exchanges
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

  admits({ remoteAddress }: Peer): number {
    return this.#core.quotas.connect(remoteAddress)
  }

  refused(peer: Peer, what: string, why: string): void {
    this.#core.denials.notePeer(peer, what, why)
  }

  serve(connection: Connection, frame: Buffer): Served {
    const client = this.#core.clients.find(connection.id)
    try {
      if (!client) throw new CloseConnection('its connection is closed')
      if (this.#core.authentication.expectsToken(client)) return this.#token(client, frame)
      const admitted = this.#admit(client, frame)
      if ('unserved' in admitted) return { response: this.#unserved(admitted.unserved), pipelined: false }
      return this.#settle(admitted, this.#run(admitted))
    } catch (error) {
      if (client) this.#noteFault(client, error)
      return { response: Promise.reject(error), pipelined: false }
    }
  }

  /** A token of SaslHandshake 0 comes without a request around it, and so does the answer (SaslServerAuthenticator). */
  #token(client: Client, frame: Buffer): Served {
    keep(frame)
    const response = this.#core.authentication.step(client, frame).then((step) => {
      if (!step || step.kind === 'failed') throw new CloseConnection(step?.why ?? 'a token came without a handshake')
      return [step.reply]
    })
    return { response: this.#noting(client, response), pipelined: false }
  }

  /** Reads a request. @throws DecodeError, CloseConnection when the client may not send it now */
  #admit(client: Client, frame: Buffer): Admitted | UnservedRequest {
    const read = readRequest(frame, (apiKey, version) => this.#serves(apiKey, version))
    if ('unserved' in read) return read
    const handler = this.#byKey.get(read.api.key)
    if (!handler) throw new CloseConnection(`${read.api.name} is not served`)
    const { header, bodyOffset } = read
    const { apiVersion, clientId } = header
    // Values of other requests are views of the frame that may be kept for long: a member's metadata, an assignment.
    if (handler.api !== 'Produce') keep(frame)
    const request = handler.bind(frame, apiVersion, bodyOffset)
    const denial = this.#core.authentication.denial(client, handler.api)
    if (denial !== undefined) throw new CloseConnection(denial)
    this.#core.clients.requested(client, handler.api, apiVersion, clientId, frame.length)
    const groupId = groupIdIn(request.body)
    if (groupId !== undefined) client.namedGroup(groupId)
    const call = this.#call(client, handler, header)
    const exchange = this.#exchanges.begin(client, handler.api, header, request.body, frame)
    return { client, header, request, call, exchange }
  }

  /** Calls the handler. A write that fails at once is answered like one that fails with the group commit. */
  #run({ client, request, call }: Admitted): Running {
    const { commits, quotas } = this.#core
    const writesBefore = commits.writes
    const begunAt = performance.now()
    let response: Response | Promise<Response>
    try {
      response = request.handle(call)
    } catch (error) {
      response = this.#storageFailed(request, call, error)
    }
    // In per cent of a thread, which is what `request_percentage` means (ClientRequestQuotaManager).
    call.throttle(quotas.record(client, 'request_percentage', (performance.now() - begunAt) / 10))
    return { response, stored: commits.writes === writesBefore ? undefined : commits.settled }
  }

  /** Lets the answer leave when what it says is stored. */
  #settle(admitted: Admitted, { response, stored }: Running): Served {
    const { client, request, call } = admitted
    const failed = (error: unknown) => this.#encode(admitted, this.#storageFailed(request, call, error))
    const encoded = (): Promise<Chunks | null> => {
      // What such a handler writes later it awaits itself, and rejects with the failure.
      if (response instanceof Promise) return response.then((value) => this.#encode(admitted, value), failed)
      if (stored) return stored.then(() => this.#encode(admitted, response), failed)
      return Promise.resolve(this.#encode(admitted, response))
    }
    return {
      response: this.#noting(client, encoded()),
      pipelined: !(response instanceof Promise),
      pauseMs: () => call.pauseMs,
      isLast: () => call.isLast,
    }
  }

  #encode({ client, header, call, exchange }: Admitted, response: Response): Chunks | null {
    if (call.closing !== undefined) throw new CloseConnection(call.closing)
    const chunks = response.encode(header.correlationId, call.pauseMs)
    let bytes = 0
    if (chunks) for (const chunk of chunks) bytes += chunk.byteLength
    client.sent(bytes)
    if (call.pauseMs > 0) client.throttled(call.pauseMs, this.#core.clock.now())
    exchange?.(chunks, response.body)
    return chunks
  }

  #serves(apiKey: number, version: number): boolean {
    const versions = this.#byKey.get(apiKey)?.versions
    return versions !== undefined && version >= versions[0] && version <= versions[1]
  }

  #unserved({ apiKey, apiVersion, correlationId }: UnservedRequest['unserved']): Promise<Chunks> {
    if (apiKey === apiByName('ApiVersions').key) {
      return Promise.resolve(encodeResponse('ApiVersions', 0, correlationId, apiVersionsUnsupported))
    }
    throw new CloseConnection(`API key ${apiKey} version ${apiVersion} is not served`)
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
      failed: (error: ErrorName, text: string) => core.clients.failed(client, api, error, text),
      throttle: (ms: number) => (call.pauseMs = Math.max(call.pauseMs, ms)),
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
    const answer = error instanceof StorageFailure ? request.storageFailed(call) : undefined
    if (!answer) throw error
    call.failed('KAFKA_STORAGE_ERROR', error instanceof Error ? error.message : String(error))
    return answer
  }

  #noting<T>(client: Client, response: Promise<T>): Promise<T> {
    return response.catch((error: unknown) => {
      this.#noteFault(client, error)
      throw error
    })
  }

  /** Shows in the app why a connection is closed. */
  #noteFault(client: Client, error: unknown): void {
    const text = error instanceof Error ? error.message : String(error)
    const isOurs = !(
      error instanceof DecodeError ||
      error instanceof CloseConnection ||
      error instanceof StorageFailure
    )
    if (isOurs) {
      const stack = error instanceof Error && !(error instanceof AssertionError) ? error.stack : undefined
      this.#core.log.error(`A mistake of ours closed a connection: ${stack ?? text}`)
    }
    this.#core.clients.failed(
      client,
      error instanceof DecodeError ? 'decode' : '',
      isOurs ? 'UNKNOWN_SERVER_ERROR' : '',
      text,
    )
  }
}

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
