import type { ParsedSchema } from '../registry/kind'
import { isProtobuf } from '../registry/protobuf/protobuf'
import type { Registry } from '../registry/registry'
import { type PlainObject, SchemaError, type Version } from '../registry/schema'
import { relativeTo } from '../registry/subject-name'
import { inlineTags } from '../registry/tags'
import type { RestAnswer } from './http'

/**
 * The text of a version in the format that a client asks for: of Avro `resolved`, of Protobuf `serialized` (its descriptor in base64, what
 * the deserializers of Python and .NET ask for). An unknown format is the text itself.
 */
export function formatted(
  registry: Registry,
  version: Pick<Version, 'schema' | 'subject'>,
  query: URLSearchParams,
): string {
  const format = query.get('format') ?? ''
  const { type, text } = version.schema
  const isResolved = type === 'AVRO' && format === 'resolved'
  const isSerialized = type === 'PROTOBUF' && format === 'serialized'
  const parsed = isResolved || isSerialized ? readable(registry, version) : undefined
  if (!parsed) return text
  return isProtobuf(parsed) ? parsed.serialized('default') : parsed.resolved()
}

/** undefined for a schema that another registry took and we cannot read: it has its text and nothing else. */
function readable({ parser }: Registry, version: Pick<Version, 'schema' | 'subject'>): ParsedSchema | undefined {
  try {
    return parser.stored(version)
  } catch (error) {
    if (error instanceof SchemaError) return undefined
    throw error
  }
}

/**
 * What a client may ask for of a version: its text in a `format`, its references with the contexts that they are resolved in
 * (`referenceFormat=qualified`), and what has one of some tags in the schema (`findTags=PII&findTags=GDPR`; `*` for all).
 */
export function asAsked(registry: Registry, version: Version, query: URLSearchParams): PlainObject {
  const { references } = version.schema
  const isQualified = query.get('referenceFormat')?.toLowerCase() === 'qualified' && references.length > 0
  const qualified = references.map((one) => ({ ...one, subject: relativeTo(version.subject, one.subject) }))
  return {
    schema: formatted(registry, version, query),
    ...(isQualified ? { references: qualified } : {}),
    ...tagsOf(
      registry,
      version,
      query.getAll('findTags').filter((tag) => tag !== ''),
    ),
  }
}

function tagsOf(registry: Registry, version: Version, wanted: readonly string[]): PlainObject {
  const parsed = wanted.length === 0 ? undefined : readable(registry, version)
  if (!parsed) return {}
  const isWanted = (tag: string) => wanted.includes('*') || wanted.includes(tag)
  const tags = inlineTags(parsed).filter((one) => one.tags.some(isWanted))
  if (tags.length === 0) return {}
  return {
    schemaTags: tags.map(({ path, type, tags: names }) => ({
      schemaEntity: { entityPath: path, entityType: type },
      tags: names,
    })),
  }
}

export function textAnswer(text: string): RestAnswer {
  return { text }
}
