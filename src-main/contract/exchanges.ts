import type { Cell } from './messages'

/** Why a frame was not answered, and its connection closed. */
export type CloseKind =
  | 'http'
  | 'tls'
  | 'tooLong'
  | 'header'
  | 'unknownApi'
  | 'unknownVersion'
  | 'body'
  | 'notAllowed'
  | 'login'
  | 'refused'
  | 'storage'
  | 'fault'

/** A request and its response as a row of the wire page; or a frame that closed its connection. */
export interface ExchangeLine {
  readonly seq: number
  readonly at: number
  readonly tookMs: number
  readonly clientId: string
  readonly connectionId: number
  /** `127.0.0.1:50112` */
  readonly address: string
  /** `null` where what came is no request, or not as far as that. */
  readonly correlationId: number | null
  /** Empty where what came is no request; `API key 999` for one that is not known. */
  readonly api: string
  readonly version: number | null
  /** A heartbeat, or a fetch that found nothing, without an error: most of the traffic of an idle day. */
  readonly isNoise: boolean
  /** Topics that the request names. */
  readonly topics: readonly string[]
  /** The first error of the answer; `null` when all went well. */
  readonly error: string | null
  /** The connection was closed instead of an answer; `text` is the reason as the log has it. */
  readonly closed: { readonly kind: CloseKind; readonly text: string } | null
  readonly requestBytes: number
  readonly responseBytes: number
}

/** Requests since the last batch, the oldest first. */
export interface ExchangeBatch {
  readonly lines: readonly ExchangeLine[]
  /** Older ones that were left out: more came than a page can show. */
  readonly skipped: number
}

/** A record that a request or response carries. */
export interface ExchangeRecord {
  readonly topic: string
  readonly partition: number
  /** `null` for what was not stored, or nobody said where. */
  readonly offset: number | null
  readonly timestamp: number
  readonly key: Cell
  readonly value: Cell
  readonly headers: number
}

export interface ExchangePlace {
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

/** Why a frame cannot be read, and at which byte. */
export interface FrameProblem {
  readonly offset: number
  readonly text: string
}

/** A field of a request or response with the bytes that it was read from. */
export interface ByteSpan {
  readonly name: string
  readonly start: number
  readonly end: number
  readonly value: string | null
  readonly children: readonly ByteSpan[]
}

export interface ExchangeDetail extends ExchangeLine {
  readonly request: ByteSpan | null
  /** Bytes of the request: all of a short one, a part of a long one, around what cannot be read. */
  readonly requestHex: string
  /** Where these begin in the request. */
  readonly requestFrom: number
  readonly responseHex: string
  readonly response: ByteSpan | null
  readonly requestProblem: FrameProblem | null
  readonly responseProblem: FrameProblem | null
  /** The first records of a Produce request or a Fetch response, decoded as in the list of messages. */
  readonly records: readonly ExchangeRecord[]
  /** Records that were left out. */
  readonly moreRecords: number
  /** Messages that the exchange is about: what was fetched from, committed or written. */
  readonly places: readonly ExchangePlace[]
  /** The group that the request names. */
  readonly groupId: string | null
}
