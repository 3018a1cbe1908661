/** The client's side of one SASL exchange. */
export interface ClientExchange {
  /** The first message of the client. @throws SaslError */
  first(): Buffer | Promise<Buffer>
  /**
   * The next message for what the server sent; null when the client has nothing more to say.
   *
   * @throws SaslError when the server's message is not one of the mechanism, or the server does not know the password either
   */
  next(challenge: Buffer): Buffer | null
}

/** A SASL exchange that ends without an authenticated connection. The message is a sentence without a full stop. */
export class SaslError extends Error {
  override readonly name = 'SaslError'
}
