import type { Millis } from '../base/clock'
import type { SecurityProtocol } from '../base/security-protocol'
import type { FrameLengthError } from '../protocol/frame-reader'

/** Where somebody comes from, and to which listener. */
export interface Peer {
  /** Its name as in Kafka's `listeners`: `PLAINTEXT`, `INTERNAL`. What it asks of clients is its protocol. */
  readonly listener: string
  readonly remoteAddress: string
}

/** What is known of one client connection. The server makes it; the broker adds what the client says of itself. */
export interface Connection extends Peer {
  readonly id: number
  readonly securityProtocol: SecurityProtocol
  readonly remotePort: number
  /** The address and port that the client dialled: what Metadata gives back to it. */
  readonly localAddress: string
  readonly localPort: number
  readonly connectedAt: Millis
  /** Subject of the client certificate (mutual TLS), when there is one. */
  readonly tlsPeer?: string
}

/** What happens to a connection when a request is answered. */
export interface Afterwards {
  /** For how long nothing more of it is read (KIP-219). */
  readonly pauseMs: number
  /** It is closed behind the answer. */
  readonly isLast: boolean
}

/** What became of one request frame. */
export interface Served {
  /**
   * The response frame as chunks, without its length prefix; `null` when the request gets no response (acks=0).
   * Rejects when the connection must be closed: with `DecodeError` for a frame that cannot be read.
   */
  readonly response: Promise<readonly Uint8Array[] | null>
  /**
   * True when the next frame of the connection may be served before `response` settles (a produce that only waits
   * for the group commit). Responses leave in the order of the requests all the same, as clients require.
   */
  readonly pipelined: boolean
  /** Looked at when `response` has settled. */
  readonly afterwards?: Afterwards
}

/** The one thing that the server needs of the broker. */
export interface Broker {
  opened(connection: Connection): void
  /** Serves one request frame (without its length prefix). Never throws. `frame` is only borrowed when the reply is sent. */
  serve(connection: Connection, frame: Buffer): Served
  closed(connection: Connection): void
  /** Bytes of the longest frame that it may send now: fewer before it has authenticated. */
  frameLimit(connection: Connection): number
  /** What came is no frame: its connection is closed, with the error as the reason. */
  unreadable(connection: Connection, error: FrameLengthError): void
  /** Asked for every connection that comes: 0 lets it in, else it is closed after so many ms. */
  admits(peer: Peer): number
  /** Somebody was turned away before there was a connection: the TLS handshake failed, or there are too many. */
  refused(peer: Peer, what: string, why: string): void
}
