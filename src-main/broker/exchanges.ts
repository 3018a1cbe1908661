import type { Clock, Millis } from '../base/clock'
import { Emitter, type Listen } from '../base/emitter'
import { keep } from '../base/held-bytes'
import type { ApiName } from '../protocol/api-types'
import { type MappedFrame, mapRequest, mapResponse } from '../protocol/byte-map'
import type { RequestHeader } from '../protocol/header'
import type { Client } from './clients'

/** One request and its response, as the wire inspector shows them. */
export interface Exchange {
  readonly seq: number
  readonly connectionId: number
  /** `127.0.0.1:50112` */
  readonly address: string
  readonly clientId: string | null
  readonly api: ApiName
  readonly version: number
  readonly correlationId: number
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
}

/** What goes over the wire, for the wire page; costs nothing while nobody listens. */
export class Exchanges {
  readonly #clock: Clock
  readonly #exchanges: Emitter<Exchange>
  readonly listen: Listen<Exchange>
  #seq = 0

  constructor(clock: Clock, onError: (error: unknown) => void) {
    this.#clock = clock
    this.#exchanges = new Emitter(onError)
    this.listen = this.#exchanges.listen
  }

  /** Returns what to call with the response, or `undefined` when nobody listens. */
  begin(
    client: Client,
    api: ApiName,
    header: RequestHeader,
    body: unknown,
    frame: Uint8Array,
  ): ((response: readonly Uint8Array[] | null, answer: unknown) => void) | undefined {
    if (!this.#exchanges.heard) return undefined
    const at = this.#clock.now()
    const seq = ++this.#seq
    keep(frame)
    return (response, answer) => {
      if (response) for (const chunk of response) keep(chunk)
      this.#exchanges.emit({
        seq,
        connectionId: client.connection.id,
        address: `${client.connection.remoteAddress}:${client.connection.remotePort}`,
        clientId: header.clientId,
        api,
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
      })
    }
  }
}

/** Reads both frames of an exchange field by field, with the bytes of each; or says why one cannot be read. */
export function readExchange({ api, version, request, response }: Exchange): {
  request: MappedFrame
  response: MappedFrame
} {
  return {
    request: mapRequest(api, version, request),
    response: response ? mapResponse(api, version, Buffer.concat(response)) : { map: null, problem: null },
  }
}
