import type { RegistryRecord } from './records'
import { type Outcome, type Registry, subjectNotFound } from './registry'
import { type PlainObject, RegistryError } from './schema'
import { type Config, changedConfig, defaultLevel, defaultMode, type Mode, modeOf } from './settings'
import { checkSubject, splitSubject } from './subject-name'

/** `PUT /config[/S]`; the answer is the whole config. @throws RegistryError 42203, 42208 */
export function putConfig({ state }: Registry, subject: string | null, body: PlainObject): Outcome<Config> {
  if (subject !== null) checkScope(subject)
  const config = changedConfig(state.config(subject) ?? {}, body)
  return { records: [{ kind: 'config', subject, config }], answer: config }
}

/** `DELETE /config[/S]`; the answer is what was set. @throws RegistryError 40401 */
export function deleteConfig({ state }: Registry, subject: string | null): Outcome<Config> {
  const config = state.config(subject)
  if (subject === null) {
    return {
      records: config ? [{ kind: 'config', subject, config: null }] : [],
      answer: config ?? { compatibilityLevel: defaultLevel },
    }
  }
  if (!config) throw subjectNotFound(subject)
  return { records: [{ kind: 'config', subject, config: null }], answer: config }
}

/** `PUT /mode[/S]`. @throws RegistryError 42204, 42205, 42208 */
export function putMode({ state }: Registry, subject: string | null, given: unknown, force: boolean): Outcome<Mode> {
  const mode = modeOf(given)
  if (subject !== null) checkScope(subject)
  const records: RegistryRecord[] = []
  if (mode === 'IMPORT' && !force && state.mode(subject) !== 'IMPORT') {
    const subjects = state.subjects().filter((other) => isWithin(other, subject))
    if (subjects.some((other) => state.versions(other, 'live').length > 0)) {
      throw new RegistryError(42205, 'Cannot import since found existing subjects')
    }
    // What was deleted softly would be in the way of what is imported.
    for (const other of subjects) records.push({ kind: 'clearSubject', subject: other })
  }
  return { records: [...records, { kind: 'mode', subject, mode }], answer: mode }
}

/** `DELETE /mode[/S]`; the answer is what was set. @throws RegistryError 40401 */
export function deleteMode({ state }: Registry, subject: string | null, recursive: boolean): Outcome<Mode> {
  const mode = state.mode(subject)
  if (!mode && subject !== null) throw subjectNotFound(subject)
  const scopes = [subject, ...(recursive ? state.subjects().filter((other) => isWithin(other, subject)) : [])]
  const records = scopes.flatMap((scope): RegistryRecord[] =>
    state.mode(scope) ? [{ kind: 'mode', subject: scope, mode: null }] : [],
  )
  return { records, answer: mode ?? defaultMode }
}

/** A subject, or all of its context, or all. */
function isWithin(subject: string, scope: string | null): boolean {
  if (scope === null) return true
  const { context, subject: name } = splitSubject(scope)
  return name === '' ? splitSubject(subject).context === context : subject === scope
}

/** A context (`:.eu:`) is a scope too, the global one included. */
function checkScope(scope: string): void {
  if (splitSubject(scope).subject !== '') checkSubject(scope)
}
