import { DecodeError } from '../protocol/failures'
import { FrameLengthError } from '../protocol/frame-reader'
import { StorageFailure } from '../storage'

/** Why a frame was not answered, and its connection closed. */
export type CloseKind =
  /** The first bytes are those of another protocol. */
  | 'http'
  | 'tls'
  /** The length in front of the frame is beyond `socket.request.max.bytes`, or negative. */
  | 'tooLong'
  | 'header'
  | 'unknownApi'
  | 'unknownVersion'
  | 'body'
  /** It may not be sent before a login. */
  | 'notAllowed'
  | 'login'
  /** The handler closed it, as Kafka does: a failed produce with acks=0, for example. */
  | 'refused'
  | 'storage'
  /** A mistake of our own. */
  | 'fault'

/** What is shown of it. */
export interface Closed {
  readonly kind: CloseKind
  readonly text: string
  /** The first byte of the frame that makes no sense; `null` where it is not about bytes. */
  readonly offset: number | null
}

/** A request that cannot be answered: its connection is closed, with this sentence in the log. */
export class CloseConnection extends Error {
  override readonly name = 'CloseConnection'

  constructor(
    readonly kind: CloseKind,
    text: string,
    readonly offset: number | null = null,
  ) {
    super(text)
  }
}

export function closedBy(error: unknown): Closed {
  const text = error instanceof Error ? error.message : String(error)
  if (error instanceof FrameLengthError) return { kind: error.looksLike ?? 'tooLong', text, offset: 0 }
  if (error instanceof DecodeError) {
    if (error.subject === 'RequestHeader') return { kind: 'header', text, offset: error.offset }
    // Offsets in what a request carries, such as a subscription, are not offsets in the request.
    return { kind: 'body', text, offset: error.subject.endsWith(' request') ? error.offset : null }
  }
  if (error instanceof CloseConnection) return { kind: error.kind, text, offset: error.offset }
  return { kind: error instanceof StorageFailure ? 'storage' : 'fault', text, offset: null }
}
