/** A tunnel that did not come about, or ended. The message is a whole sentence for the user. */
export class TunnelError extends Error {
  override readonly name = 'TunnelError'
}
