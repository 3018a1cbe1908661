import type { Millis } from '../base/clock'
import type { ApiName, RequestOf, ResponseInput } from '../protocol/api-types'
import type { ErrorName } from '../protocol/errors'
import { decodeBody, encodeResponse, withThrottle } from '../protocol/frame'
import type { Client } from './clients'
import type { Core } from './core'

/** One request being served: who asks, in which version, when. */
export interface Call {
  readonly core: Core
  readonly client: Client
  readonly version: number
  readonly clientId: string | null
  readonly at: Millis
  /** Notes an error that the client is given, for the Clients page. */
  failed(error: ErrorName, text: string): void
  /** Answers, and then closes the connection. */
  closeAfterwards(): void
  /** The client has used more than its quota: it is told to pause for so long, and is made to. Returns the longest pause so far. */
  throttle(ms: number): number
  /** Closes the connection instead of answering. */
  closeConnection(reason: string): void
}

/** No response at all: a produce with acks=0. */
export const noResponse: unique symbol = Symbol('no response')

export type Answer<N extends ApiName> = ResponseInput<N> | typeof noResponse

/**
 * Serves one API. ApiVersions is computed from these ranges. A handler that returns at once lets the connection's next
 * request be served before the group commit (pipelining); one that returns a promise holds the connection until it settles,
 * as Kafka mutes a channel. What a handler wrote before it returned
 * is stored before its answer leaves; what it writes later it must await itself (`core.commits.settled`).
 */
export interface Handler<N extends ApiName = ApiName> {
  readonly api: N
  readonly versions: readonly [min: number, max: number]
  handle(request: RequestOf<N>, call: Call): Answer<N> | Promise<Answer<N>>
  /** The answer when what `handle` wrote could not be stored (README.md). Every handler that writes has one. */
  storageFailed?(request: RequestOf<N>, call: Call): Answer<N>
}

/** An answer that waits to be written: its value for the wire page, and its bytes. */
export interface Response {
  /** `null` when there is none (acks=0). */
  readonly body: unknown
  encode(correlationId: number, throttleTimeMs: number): readonly Uint8Array[] | null
}

/** One request with the handler of its API, the types of both closed over. */
export interface BoundRequest {
  readonly body: unknown
  handle(call: Call): Response | Promise<Response>
  /** `undefined` when the handler has no answer for it: it writes nothing. */
  storageFailed(call: Call): Response | undefined
}

/** A handler as the dispatcher sees it: without the type of its API. */
export interface RegisteredHandler {
  readonly api: ApiName
  readonly versions: readonly [min: number, max: number]
  /** Reads the body of a request. @throws DecodeError */
  bind(frame: Uint8Array, version: number, bodyOffset: number): BoundRequest
}

/** Checks a handler against its API's types. */
export function handler<N extends ApiName>(definition: Handler<N>): RegisteredHandler {
  const { api, versions } = definition
  return {
    api,
    versions,
    bind(frame, version, bodyOffset) {
      const body = decodeBody(api, version, frame, bodyOffset)
      const response = (answer: Answer<N>): Response => ({
        body: answer === noResponse ? null : answer,
        encode: (correlationId, throttleTimeMs) =>
          answer === noResponse
            ? null
            : encodeResponse(api, version, correlationId, withThrottle(api, version, answer, throttleTimeMs)),
      })
      return {
        body,
        handle(call) {
          const answer = definition.handle(body, call)
          return answer instanceof Promise ? answer.then(response) : response(answer)
        },
        storageFailed: (call) => definition.storageFailed && response(definition.storageFailed(body, call)),
      }
    },
  }
}
