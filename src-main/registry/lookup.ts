import { sameMetadata, samePlain } from './contracts'
import type { ParsedSchema } from './kind'
import { parseNew, type Registry, subjectNotFound } from './registry'
import { type Reference, RegistryError, type Schema, SchemaError, type Version } from './schema'
import { relativeTo } from './subject-name'

/**
 * The version of a subject that a schema is: its text in the stored form, references, metadata and rules are the same, or it is the same
 * schema written otherwise (ParsedSchema.canLookup). The newest wins.
 */
export function sameVersion(
  registry: Registry,
  subject: string,
  schema: Schema,
  parsed: ParsedSchema,
  withDeleted: boolean,
): Version | undefined {
  const versions = [...registry.state.versions(subject, withDeleted ? 'all' : 'live')].reverse()
  const stored: Schema = { ...schema, text: parsed.text }
  return (
    versions.find((version) => isIdentical(version.schema, stored)) ??
    versions.find((version) => canLookUp(registry, version, stored, parsed))
  )
}

/** `POST /subjects/S`. @throws RegistryError 40401, 40403, 42201 */
export function lookUp(
  registry: Registry,
  subject: string,
  schema: Schema,
  { normalize, withDeleted }: { readonly normalize: boolean; readonly withDeleted: boolean },
): Version {
  const parsed = parseNew(registry, schema, subject, { isNew: false, normalize })
  const version = sameVersion(registry, subject, schema, parsed, withDeleted)
  if (version) return version
  if (registry.state.versions(subject, withDeleted ? 'all' : 'live').length === 0) throw subjectNotFound(subject)
  throw new RegistryError(40403, 'Schema not found')
}

function isIdentical(a: Schema, b: Schema): boolean {
  return (
    a.type === b.type &&
    a.text === b.text &&
    sameReferences(a.references, b.references) &&
    samePlain(a.metadata, b.metadata) &&
    samePlain(a.ruleSet, b.ruleSet)
  )
}

function canLookUp(registry: Registry, version: Version, schema: Schema, parsed: ParsedSchema): boolean {
  const other = version.schema
  if (other.type !== schema.type) return false
  // A schema that says nothing of metadata or rules is any that has them.
  if (schema.metadata && !sameMetadata(other.metadata, schema.metadata)) return false
  if (schema.ruleSet && !samePlain(other.ruleSet, schema.ruleSet)) return false
  const isInlined = schema.references.length === 0 && other.references.length > 0
  const exact = (references: readonly Reference[], from: string) =>
    references.map((reference) => ({
      name: reference.name,
      subject: relativeTo(from, reference.subject),
      version: registry.parser.referred(reference, from).version,
    }))
  try {
    if (isInlined) return registry.parser.stored(version).resolved() === parsed.resolved()
    if (!sameReferences(exact(other.references, version.subject), exact(schema.references, version.subject)))
      return false
    return registry.parser.stored(version).isEqual(parsed)
  } catch (error) {
    // A stored schema that cannot be read is not this one.
    if (error instanceof SchemaError) return false
    throw error
  }
}

function sameReferences(a: readonly Reference[], b: readonly Reference[]): boolean {
  const texts = (references: readonly Reference[]) =>
    [...new Set(references.map(({ name, subject, version }) => JSON.stringify([name, subject, version])))].sort().join()
  return texts(a) === texts(b)
}
