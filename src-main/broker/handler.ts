import type { Millis } from '../base/clock'
import type { ApiName, RequestOf, ResponseInput } from '../protocol/api-types'
import type { ErrorName } from '../protocol/errors'
import type { Client } from './clients'
import type { Core } from './core'

/** One request being served: who asks, in which version, when. */
export interface Call {
  readonly core: Core
  readonly client: Client
  readonly version: number
  readonly clientId: string | null
  readonly at: Millis
  /** Notes an error that the client is given, for the person who wonders why it does not work. */
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
  /** The answer when what `handle` wrote could not be stored. Without it the connection is closed. */
  storageFailed?(request: RequestOf<N>, call: Call): Answer<N>
}

/** Checks a handler against its API's types. */
export function handler<N extends ApiName>(definition: Handler<N>): Handler<N> {
  return definition
}
