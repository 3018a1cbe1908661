import type { SchemasChange, SubjectLine } from '../../contract/schemas'
import type { Registry } from '../../registry/registry'
import type { Version } from '../../registry/schema'
import { configInScope, modeInScope } from '../../registry/scope'
import type { RegistryState } from '../../registry/state'
import { splitSubject } from '../../registry/subject-name'

/** Settings that hold for a subject. */
type Settings = Pick<SubjectLine, 'level' | 'mode'>

interface Known {
  /** What the line was made of: the registry keeps the same list until a version changes. */
  readonly versions: readonly Version[]
  readonly line: SubjectLine
}

/**
 * The list of subjects for one page: the first call gives all of it, each further one what changed since. With thousands of subjects a
 * registration costs one line, not the list.
 */
export function subjectChanges(): (registry: Registry) => SchemasChange {
  let known = new Map<string, Known>()
  let of: RegistryState | undefined
  let settingsChanges = -1
  return ({ state }) => {
    const isWhole = state !== of
    const isSet = isWhole || state.settingsChanges !== settingsChanges
    if (isWhole) known = new Map()
    of = state
    settingsChanges = state.settingsChanges
    const settingsOf = settings(state)
    const changed: SubjectLine[] = []
    for (const subject of state.subjects()) {
      const versions = state.versions(subject, 'all')
      const before = known.get(subject)
      if (before && before.versions === versions && !isSet) continue
      const line = lineOf(state, subject, settingsOf(subject))
      known.set(subject, { versions, line })
      if (!before || !isSame(before.line, line)) changed.push(line)
    }
    const gone = [...known.keys()].filter((subject) => state.versions(subject, 'all').length === 0)
    for (const subject of gone) known.delete(subject)
    return { isWhole, ...settingsOf(null), changed, gone }
  }
}

export function subjectLine(state: RegistryState, subject: string): SubjectLine {
  return lineOf(state, subject, settings(state)(subject))
}

function lineOf(state: RegistryState, subject: string, { level, mode }: Settings): SubjectLine {
  const all = state.versions(subject, 'all')
  const live = all.filter(({ deleted }) => !deleted)
  const latest = live.at(-1) ?? all.at(-1)
  return {
    subject,
    type: latest?.schema.type ?? 'AVRO',
    versions: live.length,
    deletedVersions: all.length - live.length,
    latestVersion: latest?.version ?? 0,
    latestId: latest?.id ?? 0,
    level,
    hasOwnLevel: state.config(subject)?.compatibilityLevel !== undefined,
    mode,
    registeredAt: latest?.at ?? -1,
  }
}

/** The settings of subjects; those without any of their own share those of their context. */
function settings(state: RegistryState): (subject: string | null) => Settings {
  const shared = new Map<string, Settings>()
  const find = (subject: string | null): Settings => ({
    level: configInScope(state, subject).compatibilityLevel ?? 'BACKWARD',
    mode: modeInScope(state, subject),
  })
  return (subject) => {
    if (subject === null || state.config(subject) || state.mode(subject)) return find(subject)
    const { context } = splitSubject(subject)
    const known = shared.get(context) ?? find(subject)
    shared.set(context, known)
    return known
  }
}

function isSame(a: SubjectLine, b: SubjectLine): boolean {
  return (Object.keys(a) as (keyof SubjectLine)[]).every((key) => a[key] === b[key])
}
