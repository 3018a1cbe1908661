/** Our own mistake, as opposed to bad input: closes the connection it happened on, and shows in the app. */
export class AssertionError extends Error {
  override name = 'AssertionError'
}

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message)
}
