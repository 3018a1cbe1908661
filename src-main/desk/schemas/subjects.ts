import type { SubjectDetail, VersionDetail } from '../../contract/schemas'
import { isProtobuf } from '../../registry/protobuf/protobuf'
import type { Registry } from '../../registry/registry'
import { RegistryError, SchemaError, type Version } from '../../registry/schema'
import { fieldsOf } from './fields'
import { subjectLine } from './lines'
import { prettyText } from './pretty'

/** null: there is no such subject. */
export function subjectDetail(registry: Registry, subject: string): SubjectDetail | null {
  const { state } = registry
  const versions = [...state.versions(subject, 'all')].reverse()
  if (versions.length === 0) return null
  return {
    ...subjectLine(state, subject),
    hasOwnMode: state.mode(subject) !== undefined,
    all: versions.map((version) => versionDetail(registry, version)),
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
