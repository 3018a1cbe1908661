import type { Clock, Millis } from '../base/clock'
import { Emitter, type Listen } from '../base/emitter'
import { keep } from '../base/held-bytes'
import { type ApiName, apiByKey, apiByName } from '../protocol/api-types'
import { type MappedFrame, mapRequest, mapResponse } from '../protocol/byte-map'
import { DecodeError } from '../protocol/failures'
import { type RequestHeader, readRequestHeader, readRequestKey } from '../protocol/header'
import { CaptureBudget } from './capture-budget'
import type { Client } from './clients'
import type { Closed } from './closing'

/** One request and its response, as the wire inspector shows them; or a frame that closed its connection. */
export interface Exchange {
  readonly seq: number
  readonly connectionId: number
  /** `127.0.0.1:50112` */
  readonly address: string
  readonly clientId: string | null
  /** `null` where the bytes are no request, or not one that is known. */
  readonly api: ApiName | null
  readonly apiKey: number | null
  readonly version: number | null
  readonly correlationId: number | null
  readonly at: Millis
  readonly tookMs: number
  readonly request: Uint8Array
  /** Both as values, for who looks for a topic or an error in them; `null` when there was no answer. */
  readonly body: unknown
  readonly answer: unknown
  /** `null` when there was none (acks=0). */
  readonly response: readonly Uint8Array[] | null
  readonly requestBytes: number
  readonly responseBytes: number
  /** `null`: it was answered, as far as it asks for an answer. */
  readonly closed: Closed | null
}

type Chunks = readonly Uint8Array[]

/** A request as it is when its handler is called. */
interface CapturedRequest {
  readonly client: Client
  readonly api: ApiName
  readonly header: RequestHeader
  readonly body: unknown
  readonly frame: Uint8Array
  readonly at: Millis
}

/** Frames that closed their connection are kept, so many and so many bytes of them: a page may be opened only because a client cannot connect. */
const keptClosed = 20
const keptClosedBytes = 1024 * 1024
/** Of a longer one the bytes up to what cannot be read are kept, and a few more, unless that is far away. */
const copiedBytes = 64 * 1024
const copiedBehind = 64

/** What goes over the wire, for the wire page; a request that is answered costs nothing while nobody listens. */
export class Exchanges {
  readonly #clock: Clock
  readonly #exchanges: Emitter<Exchange>
  readonly listen: Listen<Exchange>
  readonly #budget = new CaptureBudget()
  #closed: readonly Exchange[] = []
  #seq = 0

  constructor(clock: Clock, onError: (error: unknown) => void) {
    this.#clock = clock
    this.#exchanges = new Emitter(onError)
    this.listen = this.#exchanges.listen
  }

  /** The newest frames that closed their connection, the oldest first. */
  get closed(): readonly Exchange[] {
    return this.#closed
  }

  /** Requests of a flood that were left out so far. */
  get skipped(): number {
    return this.#budget.skipped
  }

  /** Somebody listens. Ask it before a request is handed over, so that no object is made for nobody. */
  get heard(): boolean {
    return this.#exchanges.heard
  }

  /** Returns what to call with the response, or `undefined` when nobody listens, or too many requests came. */
  begin(request: CapturedRequest): ((response: Chunks | null, answer: unknown) => void) | undefined {
    if (!this.heard) return undefined
    const { client, at } = request
    return this.#budget.takes(client.connection.id, at) ? this.#capture(request) : undefined
  }

  /** A request that was left out when it came, and whose answer has an error. */
  failed(request: CapturedRequest, response: Chunks | null, answer: unknown): void {
    if (!this.#exchanges.heard) return
    if (this.#budget.takes(request.client.connection.id, this.#clock.now(), true))
      this.#capture(request)(response, answer)
  }

  #capture({ client, api, header, body, frame, at }: CapturedRequest) {
    const seq = ++this.#seq
    keep(frame)
    return (response: Chunks | null, answer: unknown) => {
      if (response) for (const chunk of response) keep(chunk)
      this.#exchanges.emit({
        seq,
        ...senderOf(client),
        clientId: header.clientId,
        api,
        apiKey: header.apiKey,
        version: header.apiVersion,
        correlationId: header.correlationId,
        at,
        tookMs: this.#clock.now() - at,
        request: frame,
        body,
        answer,
        response,
        requestBytes: frame.length,
        responseBytes: response?.reduce((sum, chunk) => sum + chunk.byteLength, 0) ?? 0,
        closed: null,
      })
    }
  }

  /** A frame, or what came instead of one, that closed its connection. `frame` is only borrowed. */
  close(client: Client, frame: Uint8Array, closed: Closed, isFrame = true): void {
    const until = (closed.offset ?? 0) + copiedBehind
    const bytes = Buffer.from(frame.subarray(0, until > copiedBytes && until < keptClosedBytes ? until : copiedBytes))
    const exchange: Exchange = {
      seq: ++this.#seq,
      ...senderOf(client),
      ...(isFrame ? startOf(bytes, client.clientId) : { ...nothing, clientId: client.clientId }),
      at: this.#clock.now(),
      tookMs: 0,
      request: bytes,
      body: null,
      answer: null,
      response: null,
      requestBytes: frame.byteLength,
      responseBytes: 0,
      closed,
    }
    const kept = [...this.#closed, exchange].slice(-keptClosed)
    while (kept.reduce((sum, { request }) => sum + request.byteLength, 0) > keptClosedBytes) kept.shift()
    this.#closed = kept
    this.#exchanges.emit(exchange)
  }
}

function senderOf({ connection }: Client): Pick<Exchange, 'connectionId' | 'address'> {
  return { connectionId: connection.id, address: `${connection.remoteAddress}:${connection.remotePort}` }
}

type Start = Pick<Exchange, 'api' | 'apiKey' | 'version' | 'correlationId' | 'clientId'>

const nothing = { api: null, apiKey: null, version: null, correlationId: null } as const

/** As much of a header as can be read. */
function startOf(frame: Uint8Array, clientId: string | null): Start {
  try {
    const { apiKey, apiVersion: version, correlationId } = readRequestKey(frame)
    const start = { api: apiByKey(apiKey)?.name ?? null, apiKey, version, correlationId, clientId }
    return { ...start, clientId: clientIdIn(frame) ?? clientId }
  } catch (error) {
    if (error instanceof DecodeError) return { ...nothing, clientId }
    throw error
  }
}

/** It stands at the same place in all versions of the header. */
function clientIdIn(frame: Uint8Array): string | null {
  try {
    return readRequestHeader(frame, 1).header.clientId
  } catch (error) {
    if (error instanceof DecodeError) return null
    throw error
  }
}

/** Reads both frames of an exchange field by field, with the bytes of each; or says why one cannot be read. */
export function readExchange({ api, version, request, response, closed }: Exchange): {
  request: MappedFrame
  response: MappedFrame
} {
  const read = mapRequest(api, version, request)
  const isKnown = api !== null && version !== null && version <= apiByName(api).versions[1]
  return {
    request:
      closed && closed.offset !== null ? { ...read, problem: { offset: closed.offset, text: closed.text } } : read,
    // ApiVersions of an unknown version is answered in version 0 (KIP-511).
    response:
      response && api ? mapResponse(api, isKnown ? version : 0, Buffer.concat(response)) : { map: null, problem: null },
  }
}
