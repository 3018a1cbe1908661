import type { Clock, Millis } from '../base/clock'
import type { ApiName } from '../protocol/api-types'
import { type ByteMap, mapRequest, mapResponse } from '../protocol/byte-map'
import type { DecodedRequest } from '../protocol/frame'
import type { Client } from './clients'

/** One request and its response, as the wire inspector shows them. */
export interface Exchange {
  readonly seq: number
  readonly connectionId: number
  readonly clientId: string | null
  readonly api: string
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

/** Listens to what goes over the wire while somebody looks; costs nothing otherwise. */
export class Exchanges {
  readonly #clock: Clock
  readonly #listeners = new Set<(exchange: Exchange) => void>()
  #seq = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  listen(listener: (exchange: Exchange) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Returns what to call with the response, or `undefined` when nobody listens. */
  begin(
    client: Client,
    { api, header, body }: DecodedRequest,
    frame: Uint8Array,
  ): ((response: readonly Uint8Array[] | null, answer: unknown) => void) | undefined {
    if (this.#listeners.size === 0) return undefined
    const at = this.#clock.now()
    const seq = ++this.#seq
    return (response, answer) => {
      const exchange: Exchange = {
        seq,
        connectionId: client.connection.id,
        clientId: header.clientId,
        api: api.name,
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
      }
      for (const listener of this.#listeners) listener(exchange)
    }
  }
}

/** Reads both frames of an exchange field by field, with the bytes of each. `null` for what cannot be read. */
export function readExchange({ api, version, request, response }: Exchange): {
  request: ByteMap | null
  response: ByteMap | null
} {
  const name = api as ApiName
  return {
    request: mapRequest(name, version, request),
    response: response ? mapResponse(name, version, Buffer.concat(response)) : null,
  }
}
