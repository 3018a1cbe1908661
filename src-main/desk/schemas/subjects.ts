import type { SchemasView, SubjectDetail, SubjectLine, VersionDetail } from '../../contract/schemas'
import { isProtobuf } from '../../registry/protobuf/protobuf'
import type { Registry } from '../../registry/registry'
import { RegistryError, SchemaError, type Version } from '../../registry/schema'
import { configInScope, modeInScope } from '../../registry/scope'
import { fieldsOf } from './fields'
import { prettyText } from './pretty'

/** All subjects, those too whose versions are all soft-deleted. */
export function schemasView(registry: Registry): SchemasView {
  const { state } = registry
  return {
    level: configInScope(state, null).compatibilityLevel ?? 'BACKWARD',
    mode: modeInScope(state, null),
    subjects: state.subjects().map((subject) => subjectLine(registry, subject)),
  }
}

/** null: there is no such subject. */
export function subjectDetail(registry: Registry, subject: string): SubjectDetail | null {
  const { state } = registry
  const versions = [...state.versions(subject, 'all')].reverse()
  if (versions.length === 0) return null
  return {
    ...subjectLine(registry, subject),
    hasOwnMode: state.mode(subject) !== undefined,
    all: versions.map((version) => versionDetail(registry, version)),
  }
}

function subjectLine({ state }: Registry, subject: string): SubjectLine {
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
    level: configInScope(state, subject).compatibilityLevel ?? 'BACKWARD',
    hasOwnLevel: state.config(subject)?.compatibilityLevel !== undefined,
    mode: modeInScope(state, subject),
    registeredAt: latest?.at ?? -1,
  }
}

function versionDetail(registry: Registry, version: Version): VersionDetail {
  const { schema } = version
  const json = (value: object | null) => value && JSON.stringify(value, null, 2)
  return {
    version: version.version,
    id: version.id,
    guid: version.guid,
    type: schema.type,
    text: prettyText(schema.type, schema.text),
    references: schema.references,
    referrers: registry.state
      .referrers(version.subject, version.version)
      .map(({ subject, version: number }) => ({ subject, version: number })),
    ...readParts(registry, version),
    metadata: json(schema.metadata),
    ruleSet: json(schema.ruleSet),
    deleted: version.deleted,
    registeredAt: version.at ?? -1,
  }
}

function readParts(registry: Registry, version: Version): Pick<VersionDetail, 'fields' | 'messages'> {
  try {
    const parsed = registry.parser.stored(version)
    const messages = isProtobuf(parsed) ? parsed.messages().map(({ fullName }) => fullName) : []
    return { fields: fieldsOf(parsed), messages }
  } catch (error) {
    // Another registry took a schema that we cannot read: its text is shown, without fields.
    if (error instanceof SchemaError) return { fields: [], messages: [] }
    throw error
  }
}

/** An expected failure as a sentence for the page. */
export function sentence(error: unknown): Error {
  return error instanceof RegistryError
    ? new Error(error.message)
    : error instanceof Error
      ? error
      : new Error(String(error))
}
