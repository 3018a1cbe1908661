import { AssertionError } from '../base/assert'
import { apiByName } from '../protocol/api-types'
import type { ErrorName } from '../protocol/errors'
import { DecodeError } from '../protocol/failures'
import { type DecodedRequest, decodeRequest, encodeResponse } from '../protocol/frame'
import { covers, type Fields } from '../protocol/schema'
import { StorageFailure } from '../storage'
import type { Client } from './clients'
import type { Core } from './core'
import type { Exchanges } from './exchanges'
import { type Answer, type Call, type Handler, noResponse } from './handler'
import { apiVersions, apiVersionsUnsupported, type ServedApi } from './handlers/api-versions'
import type { Broker, Connection, Peer, Served } from './serve'

type Chunks = readonly Uint8Array[]

/** A request that cannot be answered: its connection is closed, with this sentence in the log. */
class Refused extends Error {
  override readonly name = 'Refused'
}

/** Requests in, responses out (KafkaApis). */
export class Dispatch implements Broker {
  readonly #core: Core
  readonly #exchanges: Exchanges
  readonly #byKey = new Map<number, Handler>()
  readonly #served: readonly ServedApi[]

  constructor(core: Core, exchanges: Exchanges, handlers: readonly Handler[]) {
    this.#core = core
    this.#exchanges = exchanges
    for (const handler of [...handlers, apiVersions(() => this.#served) as unknown as Handler]) {
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
    this.#core.refusals.notePeer(peer, what, why)
  }

  serve(connection: Connection, frame: Buffer): Served {
    const client = this.#core.clients.find(connection.id)
    try {
      if (!client) throw new Refused('its connection is closed')
      return this.#serve(client, frame)
    } catch (error) {
      if (client) this.#noteFault(client, error)
      return { response: Promise.reject(error), pipelined: false }
    }
  }

  /** A token of SaslHandshake 0 comes without a request around it, and so does the answer (SaslServerAuthenticator). */
  #token(client: Client, frame: Buffer): Served {
    const response = this.#core.authentication.step(client, frame).then((step) => {
      if (!step || step.kind === 'failed') throw new Refused(step?.why ?? 'a token came without a handshake')
      return [step.reply]
    })
    return { response: this.#noting(client, response), pipelined: false }
  }

  #serve(client: Client, frame: Buffer): Served {
    if (this.#core.authentication.expectsToken(client)) return this.#token(client, frame)
    const request = decodeRequest(frame, (apiKey, version) => this.#serves(apiKey, version))
    if ('unserved' in request) return { response: this.#unserved(request.unserved), pipelined: false }
    const handler = this.#byKey.get(request.api.key) as Handler
    const { clientId, apiVersion, correlationId } = request.header
    const refusal = this.#core.authentication.refusal(client, request.api.name)
    if (refusal !== undefined) throw new Refused(refusal)
    this.#core.clients.requested(client, request.api.name, apiVersion, clientId, frame.length)
    const call = this.#call(client, request)
    const exchange = this.#exchanges.begin(client, request, frame)
    const finish = (answer: Answer<never>): Chunks | null => {
      if (call.closing !== undefined) throw new Refused(call.closing)
      if ((answer as unknown) === noResponse) {
        exchange?.(null, null)
        return null
      }
      const told = withThrottle(handler.api, apiVersion, answer, call.pauseMs)
      const chunks = encodeResponse(handler.api, apiVersion, correlationId, told)
      for (const chunk of chunks) client.bytesOut += chunk.byteLength
      exchange?.(chunks, answer)
      return chunks
    }
    const { commits } = this.#core
    const writesBefore = commits.writes
    const begunAt = performance.now()
    let answer: ReturnType<Handler['handle']>
    try {
      answer = handler.handle(request.body as never, call)
    } catch (error) {
      if (!(error instanceof StorageFailure)) throw error
      answer = this.#storageFailed(handler, request, call, error)
    }
    // In per cent of a thread, which is what `request_percentage` means (ClientRequestQuotaManager).
    const percent = (performance.now() - begunAt) / 10
    call.throttle(this.#core.quotas.record(client, 'request_percentage', percent))
    if (answer instanceof Promise) {
      const response = answer.then(
        (value) => finish(value as Answer<never>),
        (error) => finish(this.#storageFailed(handler, request, call, error) as Answer<never>),
      )
      return {
        response: this.#noting(client, response),
        pipelined: false,
        pauseMs: () => call.pauseMs,
        isLast: () => call.isLast,
      }
    }
    const given = answer as Answer<never>
    const settled = commits.writes === writesBefore ? undefined : commits.settled
    const response = settled
      ? settled.then(
          () => finish(given),
          (error) => finish(this.#storageFailed(handler, request, call, error) as Answer<never>),
        )
      : Promise.resolve(finish(given))
    return {
      response: this.#noting(client, response),
      pipelined: true,
      pauseMs: () => call.pauseMs,
      isLast: () => call.isLast,
    }
  }

  #serves(apiKey: number, version: number): boolean {
    const versions = this.#byKey.get(apiKey)?.versions
    return versions !== undefined && version >= versions[0] && version <= versions[1]
  }

  #unserved({ apiKey, apiVersion, correlationId }: { apiKey: number; apiVersion: number; correlationId: number }) {
    if (apiKey === apiByName('ApiVersions').key) {
      return Promise.resolve(encodeResponse('ApiVersions', 0, correlationId, apiVersionsUnsupported))
    }
    throw new Refused(`API key ${apiKey} version ${apiVersion} is not served`)
  }

  #call(
    client: Client,
    { api, header }: DecodedRequest,
  ): Call & { closing: string | undefined; pauseMs: number; isLast: boolean } {
    const { clients } = this.#core
    const call = {
      core: this.#core,
      client,
      version: header.apiVersion,
      clientId: header.clientId,
      at: this.#core.clock.now(),
      closing: undefined as string | undefined,
      pauseMs: 0,
      isLast: false,
      failed: (error: ErrorName, text: string) => clients.failed(client, api.name, error, text),
      throttle: (ms: number) => (call.pauseMs = Math.max(call.pauseMs, ms)),
      closeAfterwards: () => {
        call.isLast = true
      },
      closeConnection: (reason: string) => {
        call.closing = reason
      },
    }
    return call
  }

  /** The answer when the group commit failed; what is no StorageFailure is a mistake of ours and closes the connection. */
  #storageFailed(handler: Handler, request: DecodedRequest, call: Call, error: unknown): Answer<never> {
    if (!(error instanceof StorageFailure) || !handler.storageFailed) throw error
    call.failed('KAFKA_STORAGE_ERROR', error.message)
    return handler.storageFailed(request.body as never, call) as Answer<never>
  }

  #noting(client: Client, response: Promise<Chunks | null>): Promise<Chunks | null> {
    return response.catch((error: unknown) => {
      this.#noteFault(client, error)
      throw error
    })
  }

  /** Shows in the app why a connection is closed. */
  #noteFault(client: Client, error: unknown): void {
    const text = error instanceof Error ? error.message : String(error)
    const isOurs = !(error instanceof DecodeError || error instanceof Refused || error instanceof StorageFailure)
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

/** The pause that a client is told of, where its handler has not told it a longer one. */
function withThrottle(api: Handler['api'], version: number, answer: Answer<never>, pauseMs: number): Answer<never> {
  if (pauseMs === 0) return answer
  const fields: Fields = apiByName(api).response.fields
  const field = fields.throttleTimeMs
  if (!field || !covers(field.options, version)) return answer
  const told = answer as unknown as { readonly throttleTimeMs?: number }
  return {
    ...told,
    throttleTimeMs: Math.max(told.throttleTimeMs ?? 0, Math.round(pauseMs)),
  } as unknown as Answer<never>
}
