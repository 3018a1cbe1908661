import type { RegistryRecord } from './records'
import { checkWritable } from './register'
import { type Outcome, type Registry, subjectNotFound, type VersionNumber, versionNotFound } from './registry'
import { RegistryError, type Version } from './schema'

const hint = 'Set permanent=true to delete permanently'

/** `DELETE /subjects/S/versions/V`; the answer is its number. @throws RegistryError 40401, 40402, 40406, 40407, 42205, 42206 */
export function removeVersion(
  registry: Registry,
  subject: string,
  number: VersionNumber,
  permanent: boolean,
): Outcome<number> {
  const { state } = registry
  const all = state.versions(subject, 'all')
  if (all.length === 0) throw subjectNotFound(subject)
  const live = all.filter(({ deleted }) => !deleted)
  const wanted = number === 'latest' ? (permanent ? all : live).at(-1) : state.version(subject, number)
  if (!wanted) throw number === 'latest' ? subjectNotFound(subject) : versionNotFound(number)
  const place = `Subject '${subject}' Version ${wanted.version}`
  if (wanted.deleted && !permanent) throw new RegistryError(40406, `${place} was soft deleted.${hint}`)
  checkWritable(registry, subject)
  checkReferrers(registry, wanted, permanent, null)
  if (!permanent) {
    return { records: [softly(wanted)], answer: wanted.version }
  }
  if (!wanted.deleted) {
    throw new RegistryError(40407, `${place} was not deleted first before being permanently deleted`)
  }
  const settings = all.length === 1 ? settingsOf(registry, subject) : []
  return { records: [forGood(wanted), ...settings], answer: wanted.version }
}

/** `DELETE /subjects/S`; the answer is the numbers of its versions. @throws RegistryError 40401, 40404, 40405, 42205, 42206 */
export function removeSubject(registry: Registry, subject: string, permanent: boolean): Outcome<readonly number[]> {
  const { state } = registry
  const all = state.versions(subject, 'all')
  const live = all.filter(({ deleted }) => !deleted)
  if (all.length === 0) throw subjectNotFound(subject)
  if (live.length === 0 && !permanent) {
    throw new RegistryError(40404, `Subject '${subject}' was soft deleted.${hint}`)
  }
  checkWritable(registry, subject)
  if (live.length > 0 && permanent) {
    const text = `Subject '${subject}' was not deleted first before being permanently deleted`
    throw new RegistryError(40405, text)
  }
  const versions = permanent ? all : live
  for (const version of versions) checkReferrers(registry, version, permanent, subject)
  const answer = versions.map(({ version }) => version)
  if (permanent) return { records: [...versions.map(forGood), ...settingsOf(registry, subject)], answer }
  return { records: [{ kind: 'deleteSubject', subject, version: live.at(-1)?.version ?? 0 }], answer }
}

function softly(version: Version): RegistryRecord {
  return { kind: 'schema', subject: version.subject, number: version.version, version: { ...version, deleted: true } }
}

function forGood({ subject, version }: Version): RegistryRecord {
  return { kind: 'schema', subject, number: version, version: null }
}

/** With its last version a subject loses its config and mode. */
function settingsOf({ state }: Registry, subject: string): RegistryRecord[] {
  return [
    ...(state.config(subject) ? [{ kind: 'config', subject, config: null } as const] : []),
    ...(state.mode(subject) ? [{ kind: 'mode', subject, mode: null } as const] : []),
  ]
}

/** Referrers of the same subject are no hindrance when the whole subject goes. */
function checkReferrers({ state }: Registry, version: Version, permanent: boolean, subject: string | null): void {
  const others = state
    .referrers(version.subject, version.version)
    .filter((other) => (permanent || !other.deleted) && other.subject !== subject)
  if (others.length === 0) return
  throw new RegistryError(
    42206,
    `One or more references exist to the schema {magic=1,keytype=SCHEMA,subject=${version.subject},version=${version.version}}.`,
  )
}
