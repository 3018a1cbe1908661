import { metadataProperty } from './contracts'
import { type Difference, type Direction, differenceText, type ParsedSchema } from './kind'
import { parseNew, type Registry, type VersionNumber, versionOf } from './registry'
import { reservedProblems } from './reserved'
import { type PlainObject, RegistryError, type Schema, SchemaError, type Version } from './schema'
import { configInScope } from './scope'
import type { Config, Level } from './settings'

/** What a level asks for: against which versions, and who reads. */
interface Demand {
  readonly directions: readonly Direction[]
  readonly all: boolean
}

const demands: Readonly<Record<Level, Demand>> = {
  NONE: { directions: [], all: false },
  BACKWARD: { directions: ['backward'], all: false },
  BACKWARD_TRANSITIVE: { directions: ['backward'], all: true },
  FORWARD: { directions: ['forward'], all: false },
  FORWARD_TRANSITIVE: { directions: ['forward'], all: true },
  FULL: { directions: ['backward', 'forward'], all: false },
  FULL_TRANSITIVE: { directions: ['backward', 'forward'], all: true },
}

/** What breaks a reader in one direction, in sentences that say which schema is the new one. */
export function differencesOf(
  fresh: ParsedSchema,
  old: ParsedSchema,
  direction: Direction,
  config: Pick<Config, 'compatibilityPolicy'> = {},
): Difference[] {
  if (fresh.type !== old.type) {
    const description = 'Incompatible because of different schema type'
    return [{ type: 'SCHEMA_TYPE_CHANGED', path: '/', description, detail: '' }]
  }
  const policy = config.compatibilityPolicy === 'LENIENT' ? 'LENIENT' : 'STRICT'
  const isBackward = direction === 'backward'
  const found = isBackward ? fresh.differences(old, policy) : old.differences(fresh, policy)
  const [newWord, oldWord] = isBackward ? ['new', 'old'] : ['old', 'new']
  return found.map((difference) => ({
    ...difference,
    description: difference.description.replaceAll('%new', newWord).replaceAll('%old', oldWord),
  }))
}

/** Why a schema may not follow these versions at the level of a config; empty when it may. In Confluent's form. */
export function incompatibilities(
  registry: Registry,
  fresh: ParsedSchema,
  metadata: PlainObject | null,
  versions: readonly Version[],
  config: Config,
): string[] {
  const level = config.compatibilityLevel ?? 'BACKWARD'
  const reserved = config.validateFields ? reservedProblems(fresh, metadata, versions.at(-1)?.schema.metadata) : []
  if (reserved.length > 0) return [...reserved, settingsText(config, level)]
  const { directions, all } = demands[level]
  if (directions.length === 0) return []
  const newestFirst = [...versions].reverse()
  for (const version of all ? newestFirst : newestFirst.slice(0, 1)) {
    const messages = directions.flatMap((direction) => messagesOf(registry, fresh, version, direction, config))
    if (messages.length === 0) continue
    return [
      ...new Set(messages),
      `{oldSchemaVersion: ${version.version}}`,
      `{oldSchema: '${version.schema.text}'}`,
      settingsText(config, level),
    ]
  }
  return []
}

function settingsText({ validateFields }: Config, level: Level): string {
  return `{validateFields: '${validateFields === true}', compatibility: '${level}'}`
}

function messagesOf(
  registry: Registry,
  fresh: ParsedSchema,
  version: Version,
  direction: Direction,
  config: Config,
): string[] {
  if (fresh.type !== version.schema.type) return ['Incompatible because of different schema type']
  try {
    const quote = fresh.type === 'AVRO' ? "'" : '"'
    return differencesOf(fresh, registry.parser.stored(version), direction, config).map((found) =>
      differenceText(found, quote),
    )
  } catch (error) {
    if (error instanceof SchemaError) return [`The earlier schema cannot be read: ${error.message}`]
    throw error
  }
}

/** Live versions that a schema is compared with: those of its compatibility group, if the config names one. */
export function comparedVersions(versions: readonly Version[], schema: Schema, config: Config): Version[] {
  const group = config.compatibilityGroup
  if (group === undefined) return [...versions]
  const wanted = metadataProperty(schema.metadata, group)
  return versions.filter((version) => metadataProperty(version.schema.metadata, group) === wanted)
}

export interface CompatibilityAnswer {
  readonly isCompatible: boolean
  readonly messages: readonly string[]
}

/**
 * `POST /compatibility/subjects/S/versions[/V]`; `number` null is against all that the level asks for.
 *
 * @throws RegistryError 40402, 42201 (which with `verbose` is a message instead)
 */
export function checkCompatibility(
  registry: Registry,
  subject: string,
  number: VersionNumber | null,
  schema: Schema,
  { verbose, normalize }: { readonly verbose: boolean; readonly normalize: boolean },
): CompatibilityAnswer {
  const live = registry.state.versions(subject, 'live')
  const config = configInScope(registry.state, subject)
  const against =
    number === null
      ? comparedVersions(live, schema, config)
      : number === 'latest'
        ? comparedVersions(live, schema, config).slice(-1)
        : [versionOf(registry, subject, number, false)]
  try {
    const fresh = parseNew(registry, schema, subject, { isNew: true, normalize })
    const messages = incompatibilities(registry, fresh, schema.metadata, against, config)
    return { isCompatible: messages.length === 0, messages }
  } catch (error) {
    if (!(verbose && error instanceof RegistryError && error.code === 42201)) throw error
    return { isCompatible: false, messages: [error.message] }
  }
}
