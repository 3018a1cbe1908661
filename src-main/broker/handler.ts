import type { Millis } from '../base/clock'
import type { ApiName, RequestOf, ResponseInput } from '../protocol/api-types'
import type { Client } from './clients'
import type { Core } from './core'

/** One request being served: who asks, in which version, when. */
export interface Call {
  readonly core: Core
  readonly client: Client
  readonly version: number
  readonly clientId: string | null
  readonly at: Millis
}

/** No response at all: a produce with acks=0. */
export const noResponse: unique symbol = Symbol('no response')

export type Answer<N extends ApiName> = ResponseInput<N> | typeof noResponse

/**
 * Serves one API. ApiVersions is computed from these ranges. A handler that returns at once lets the connection's next
 * request be served before the group commit (pipelining); one that returns a promise holds the connection until it settles,
 * as Kafka mutes a channel. Both answers wait for the group commit of what they wrote.
 */
export interface Handler<N extends ApiName = ApiName> {
  readonly api: N
  readonly versions: readonly [min: number, max: number]
  handle(request: RequestOf<N>, call: Call): Answer<N> | Promise<Answer<N>>
  /** The answer when what `handle` wrote could not be stored. Without it the connection is closed. */
  storageFailed?(request: RequestOf<N>, call: Call): Answer<N>
}

/** Checks a handler against its API's types. */
export function handler<N extends ApiName>(definition: Handler<N>): Handler<N> {
  return definition
}
