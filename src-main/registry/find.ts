import type { Version } from './schema'
import type { Entry, RegistryState } from './state'
import { defaultContext, qualify, splitSubject } from './subject-name'

/**
 * The schema of an id: in the context that the subject names, else in the default one, else in another that has the id for this subject.
 * `subject` is '' when nobody said which.
 */
export function entryOfId(
  state: RegistryState,
  id: number,
  subject: string,
): { readonly context: string; readonly entry: Entry } | undefined {
  const { context, subject: name } = splitSubject(subject)
  const entry = state.entry(context, id)
  if (context === defaultContext && name !== '' && !(entry && hasSubject(entry, name))) {
    for (const other of state.contexts()) {
      const found = other === defaultContext ? undefined : state.entry(other, id)
      if (found && hasSubject(found, qualify({ context: other, subject: name })))
        return { context: other, entry: found }
    }
  }
  return entry && { context, entry }
}

/** A version that has the schema: of the subject that is asked for, a live one rather than a deleted one, the newest. */
export function versionOfEntry({ versions }: Entry, subject: string): Version {
  const all = [...versions].sort((a, b) => b.version - a.version)
  const own = all.filter((version) => version.subject === subject)
  const candidates = own.length > 0 ? own : all
  return candidates.find(({ deleted }) => !deleted) ?? candidates[0]!
}

function hasSubject({ versions }: Entry, qualified: string): boolean {
  return [...versions].some(({ subject }) => subject === qualified)
}
