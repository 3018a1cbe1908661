/** A frame that cannot be read: whose, in which version, at which field and byte, and why. Its connection is closed. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError'

  constructor(
    /** `Produce request`, `ConsumerProtocolSubscription`, ... */
    readonly subject: string,
    readonly version: number,
    readonly path: string,
    readonly offset: number,
    readonly reason: string,
  ) {
    super(`${subject.replace(/ (request|response)$/, ` v${version} $1`)}: ${path} at byte ${offset}: ${reason}`)
  }
}

/** A value that a version cannot carry: a mistake of our own. */
export class EncodeError extends Error {
  override readonly name = 'EncodeError'

  constructor(
    readonly subject: string,
    readonly version: number,
    readonly path: string,
    readonly reason: string,
  ) {
    super(`${subject} v${version}: ${path}: ${reason}`)
  }
}
