/** An error whose message is a sentence for the user, who can do something about it; it is shown without its stack. */
export class UserError extends Error {
  override name = 'UserError'
}

/** Text of a failure at the end of a process: the sentence for the user; the stack of a mistake in our code, for the report. */
export function failureText(error: unknown): string {
  if (error instanceof UserError) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
