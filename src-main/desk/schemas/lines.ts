import type { SchemasChange, SubjectLine } from '../../contract/schemas'
import type { Registry } from '../../registry/registry'
import type { Version } from '../../registry/schema'
import { configInScope, modeInScope } from '../../registry/scope'
import type { RegistryState } from '../../registry/state'
import { splitSubject } from '../../registry/subject-name'

/** Settings that hold for a subject. */
type Settings = Pick<SubjectLine, 'level' | 'mode'>

/** Lines by the list of versions that they were made of: the registry keeps a list until a version changes. */
type MadeLines = WeakMap<readonly Version[], { readonly line: SubjectLine; readonly settingsChanges: number }>

/**
 * The list of subjects for pages. Each page has a function of its own: its first call gives all of the list, each further one what changed
 * since. With thousands of subjects a registration costs one line, and what was made for one page serves the next.
 */
export function subjectLists(): () => (registry: Registry) => SchemasChange {
  const made: MadeLines = new WeakMap()
  return () => {
    let known = new Map<string, SubjectLine>()
    let of: RegistryState | undefined
    return ({ state }) => {
      const isWhole = state !== of
      if (isWhole) known = new Map()
      of = state
      const lineOfSubject = lines(state, made)
      const changed: SubjectLine[] = []
      for (const subject of state.subjects()) {
        const line = lineOfSubject(subject)
        const before = known.get(subject)
        if (before === line) continue
        known.set(subject, line)
        if (!before || !isSame(before, line)) changed.push(line)
      }
      const gone = [...known.keys()].filter((subject) => state.versions(subject, 'all').length === 0)
      for (const subject of gone) known.delete(subject)
      return { isWhole, goesOn: false, ...settings(state)(null), changed, gone }
    }
  }
}

function lines(state: RegistryState, made: MadeLines): (subject: string) => SubjectLine {
  const settingsOf = settings(state)
  const { settingsChanges } = state
  return (subject) => {
    const versions = state.versions(subject, 'all')
    const known = made.get(versions)
    if (known?.settingsChanges === settingsChanges) return known.line
    const line = lineOf(state, subject, settingsOf(subject))
    made.set(versions, { line, settingsChanges })
    return line
  }
}

/** Lines that fill a page at once; the rest of a long list follows when they are drawn. */
const firstLines = 200

/** A change in the parts in which it is sent. */
export function inParts(change: SchemasChange): SchemasChange[] {
  if (!change.isWhole || change.changed.length <= firstLines) return [change]
  return [
    { ...change, goesOn: true, changed: change.changed.slice(0, firstLines) },
    { ...change, isWhole: false, changed: change.changed.slice(firstLines) },
  ]
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
