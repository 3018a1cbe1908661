import { type Plain, type PlainObject, RegistryError, sortedText } from './schema'
import type { Config } from './settings'

/** Data contracts: metadata and rules are stored and given back; clients apply them. */

const listsOfRules = ['migrationRules', 'domainRules', 'encodingRules'] as const
const migrationModes = new Set<Plain | undefined>(['UPGRADE', 'DOWNGRADE', 'UPDOWN'])
const domainModes = new Set<Plain | undefined>(['WRITE', 'READ', 'WRITEREAD'])
const versionProperty = 'confluent:version'

/** @throws RegistryError 42210 */
export function checkRuleSet(ruleSet: PlainObject | null): void {
  if (!ruleSet) return
  for (const list of listsOfRules) {
    const names = new Set<string>()
    for (const rule of rulesOf(ruleSet, list)) {
      const { name, mode } = rule
      if (typeof name !== 'string' || name === '') throw invalid('rule name is missing')
      if (!/^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(name)) throw invalid(`rule name ${name} is not valid`)
      if (names.has(name)) throw invalid(`rule name ${name} is a duplicate`)
      names.add(name)
      const allowed = list === 'migrationRules' ? migrationModes : domainModes
      if (mode !== undefined && mode !== null && !allowed.has(mode)) {
        throw invalid(`mode ${String(mode)} of rule ${name} is not allowed in ${list}`)
      }
    }
  }
}

/** What a schema is stored with: its own over the defaults of the config, and the overrides over its own. */
export function withDefaults(
  own: { readonly metadata: PlainObject | null; readonly ruleSet: PlainObject | null },
  config: Config,
): { readonly metadata: PlainObject | null; readonly ruleSet: PlainObject | null } {
  return {
    metadata: merged(mergeMetadata, [config.defaultMetadata, own.metadata, config.overrideMetadata]),
    ruleSet: merged(mergeRuleSets, [config.defaultRuleSet, own.ruleSet, config.overrideRuleSet]),
  }
}

/** Whether a config changes what schemas are stored with. */
export function hasDefaults(config: Config): boolean {
  const { defaultMetadata, overrideMetadata, defaultRuleSet, overrideRuleSet } = config
  return Boolean(defaultMetadata ?? overrideMetadata ?? defaultRuleSet ?? overrideRuleSet)
}

/** Equal but for the property in which Confluent keeps the number of the version. */
export function sameMetadata(a: PlainObject | null, b: PlainObject | null): boolean {
  return sortedText(withoutVersion(a)) === sortedText(withoutVersion(b))
}

export function samePlain(a: PlainObject | null, b: PlainObject | null): boolean {
  return sortedText(a) === sortedText(b)
}

/** A property of the metadata; undefined when it has none of that name. */
export function metadataProperty(metadata: PlainObject | null, name: string): Plain | undefined {
  return objectOf(metadata?.properties)[name]
}

function merged(
  merge: (a: PlainObject, b: PlainObject) => PlainObject,
  parts: readonly (PlainObject | null | undefined)[],
): PlainObject | null {
  return parts.reduce<PlainObject | null>((sum, part) => (sum && part ? merge(sum, part) : (part ?? sum)), null)
}

function mergeMetadata(a: PlainObject, b: PlainObject): PlainObject {
  const sensitive = [...new Set([...listOf(a.sensitive), ...listOf(b.sensitive)])]
  return {
    ...a,
    ...b,
    ...(a.tags || b.tags ? { tags: { ...objectOf(a.tags), ...objectOf(b.tags) } } : {}),
    ...(a.properties || b.properties ? { properties: { ...objectOf(a.properties), ...objectOf(b.properties) } } : {}),
    ...(sensitive.length > 0 ? { sensitive } : {}),
  }
}

/** Rules of one name: the later one. */
function mergeRuleSets(a: PlainObject, b: PlainObject): PlainObject {
  const lists = listsOfRules.flatMap((list) => {
    const later = rulesOf(b, list)
    const names = new Set(later.map(({ name }) => name))
    const rules = [...rulesOf(a, list).filter(({ name }) => !names.has(name)), ...later]
    return rules.length === 0 ? [] : [[list, rules] as const]
  })
  return { ...a, ...b, ...Object.fromEntries(lists) }
}

function rulesOf(ruleSet: PlainObject, list: string): PlainObject[] {
  return listOf(ruleSet[list]).map(objectOf)
}

function listOf(value: Plain | undefined): readonly Plain[] {
  return Array.isArray(value) ? (value as readonly Plain[]) : []
}

function objectOf(value: Plain | undefined): PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as PlainObject) : {}
}

function withoutVersion(metadata: PlainObject | null): PlainObject | null {
  const properties = objectOf(metadata?.properties)
  if (!(versionProperty in properties)) return metadata
  const others = Object.entries(properties).filter(([key]) => key !== versionProperty)
  const { properties: _, ...rest } = metadata ?? {}
  if (others.length > 0) return { ...rest, properties: Object.fromEntries(others) }
  return Object.keys(rest).length > 0 ? rest : null
}

function invalid(why: string): RegistryError {
  return new RegistryError(42210, `Invalid ruleSet: ${why}`)
}
