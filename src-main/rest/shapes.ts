import { plainObject, readReferences, typeOf } from '../registry/records'
import type { Registration } from '../registry/register'
import { type Plain, type PlainObject, RegistryError, type Schema, type Version } from '../registry/schema'
import type { Config } from '../registry/settings'

/** A schema as answers carry it; empty lists and nulls are left out. `rulesKey` is `ruleset` in `GET /schemas` only. */
export function schemaShape({ type, text, references, metadata, ruleSet }: Schema, rulesKey = 'ruleSet'): PlainObject {
  return {
    schemaType: type,
    ...(references.length === 0 ? {} : { references: references.map((reference) => ({ ...reference })) }),
    ...(metadata ? { metadata } : {}),
    ...(ruleSet ? { [rulesKey]: ruleSet } : {}),
    schema: text,
  }
}

export function versionShape(version: Version, rulesKey = 'ruleSet'): PlainObject {
  const { subject, version: number, id, guid, schema, at, deleted } = version
  return {
    subject,
    version: number,
    id,
    guid,
    ...schemaShape(schema, rulesKey),
    ...(at === null ? {} : { ts: at }),
    ...(deleted ? { deleted } : {}),
  }
}

/** `PUT` names the level `compatibility`, every other answer `compatibilityLevel`: clients rely on both. */
export function configShape(config: Config, levelKey: 'compatibility' | 'compatibilityLevel'): PlainObject {
  const { compatibilityLevel, ...others } = config
  return {
    ...(compatibilityLevel === undefined ? {} : { [levelKey]: compatibilityLevel }),
    ...(others as PlainObject),
  }
}

/** The body of a registration, a look-up or a check. @throws RegistryError 42201 for an unknown type */
export function readRegistration(body: PlainObject): Registration {
  const { schema, schemaType, references, metadata, ruleSet, id, version } = body
  const type = schemaType === undefined || schemaType === null ? 'AVRO' : typeOf(upperCase(schemaType))
  if (!type) throw new RegistryError(42201, `Invalid schema type ${String(schemaType)}`)
  const whole = (value: Plain | undefined) => (typeof value === 'number' && Number.isSafeInteger(value) ? value : null)
  const givenId = whole(id)
  const givenVersion = whole(version)
  return {
    type,
    text: typeof schema === 'string' ? schema : null,
    references: readReferences(references ?? null),
    metadata: plainObject(metadata),
    ruleSet: plainObject(ruleSet),
    id: givenId !== null && givenId >= 0 ? givenId : null,
    version: givenVersion !== null && givenVersion > 0 ? givenVersion : null,
  }
}

/** The schema of a body that must have one. @throws RegistryError 42201 */
export function readSchema(body: PlainObject): Schema {
  const { type, text, references, metadata, ruleSet } = readRegistration(body)
  if (text === null || text.trim() === '') throw new RegistryError(42201, 'Empty schema')
  return { type, text, references, metadata, ruleSet }
}

/**
 * The body of `POST /subjects/S/versions/V/tags` (Confluent's TagSchemaRequest): metadata and rules of a new version with the same text.
 *
 * @throws RegistryError 501 for tags that are to be written into the text: only Confluent's own pages do that
 */
export function readContractChange(body: PlainObject): Pick<Registration, 'metadata' | 'ruleSet'> & {
  readonly newVersion: number | null
} {
  const { newVersion, tagsToAdd, tagsToRemove, metadata, ruleSet } = body
  const isList = (value: Plain | undefined) => Array.isArray(value) && value.length > 0
  if (isList(tagsToAdd) || isList(tagsToRemove)) {
    throw new RegistryError(501, 'Tags inside the text of a schema cannot be changed here: register the changed text')
  }
  const given = typeof newVersion === 'number' && Number.isSafeInteger(newVersion) && newVersion > 0
  return { metadata: plainObject(metadata), ruleSet: plainObject(ruleSet), newVersion: given ? newVersion : null }
}

function upperCase(value: Plain): Plain {
  return typeof value === 'string' ? value.toUpperCase() : value
}
