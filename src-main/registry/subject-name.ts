import { RegistryError } from './schema'

/** Subjects by context: `orders-value` is in the default context `.`, `:.eu:orders-value` in `.eu`. */
export interface SubjectName {
  /** Begins with a dot. */
  readonly context: string
  /** Without its context; '' for the context itself. */
  readonly subject: string
}

export const defaultContext = '.'
/** Settings of this context are those of all contexts. */
export const globalContext = '.__GLOBAL'

export function splitSubject(qualified: string): SubjectName {
  const match = /^:(\.[^:]*):([\s\S]*)$/.exec(qualified)
  return match ? { context: match[1]!, subject: match[2]! } : { context: defaultContext, subject: qualified }
}

export function qualify({ context, subject }: SubjectName): string {
  return context === defaultContext ? subject : `:${context}:${subject}`
}

/** `:.:orders` is `orders`. */
export function canonicalSubject(given: string): string {
  return qualify(splitSubject(given))
}

/** A name in the context of another subject, unless it names one itself. */
export function relativeTo(subject: string, other: string): string {
  if (/^:\.[^:]*:/.test(other)) return canonicalSubject(other)
  return qualify({ context: splitSubject(subject).context, subject: other })
}

/** @throws RegistryError 42208 for a subject that Confluent refuses (QualifiedSubject.isValidSubject) */
export function checkSubject(qualified: string): void {
  const { subject } = splitSubject(qualified)
  if (/\p{Cc}/u.test(qualified) || subject === '__GLOBAL' || subject === '__EMPTY' || qualified.length > 1024) {
    throw new RegistryError(42208, `The specified subject '${qualified}' is not a valid.`)
  }
}
