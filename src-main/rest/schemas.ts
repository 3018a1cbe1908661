import { entryOfId, versionOfEntry } from '../registry/find'
import { plainObject } from '../registry/records'
import type { Registry } from '../registry/registry'
import { type Plain, RegistryError, schemaTypes, type Version } from '../registry/schema'
import type { RegistryState } from '../registry/state'
import { relativeTo } from '../registry/subject-name'
import type { Route } from './access'
import { asAsked, formatted, textAnswer } from './formats'
import { flag, page } from './http'
import { schemaShape, versionShape } from './shapes'
import { aliased, hasPrefix, wanted } from './subjects'

const maxSchemas = 1000
const maxVersions = 20_000

export const schemaRoutes: readonly Route[] = [
  { method: 'GET', path: '/schemas/types', answer: () => ({ json: [...schemaTypes] }) },
  {
    method: 'GET',
    path: '/schemas',
    answer: async ({ query }, access) => {
      const prefix = query.get('subjectPrefix') ?? ':*:'
      const ruleType = query.get('ruleType')
      const isListed = wanted(query)
      const isWanted = (version: Version) => isListed(version) && (!ruleType || hasRuleOf(version, ruleType))
      const { versions, aliases } = await access.read(({ state }) => {
        const aliases = flag(query, 'aliases') ? aliasesOf(state, prefix) : new Map<string, string[]>()
        const named = state.subjects().filter((subject) => hasPrefix(subject, prefix))
        const versions = [...new Set([...named, ...aliases.keys()])].sort().flatMap((subject) => {
          const all = state.versions(subject, 'all').filter(isWanted)
          return flag(query, 'latestOnly') ? all.slice(-1) : all
        })
        return { versions, aliases }
      })
      return {
        json: page(versions, query, maxSchemas).map((version) => {
          const names = aliases.get(version.subject)
          return { ...versionShape(version, 'ruleset'), ...(names ? { aliases: names } : {}) }
        }),
      }
    },
  },
  {
    method: 'GET',
    path: '/schemas/ids/*',
    answer: async ({ query }, access, [id = '']) =>
      await access.read((registry) => {
        const { context, entry } = entryOf(registry, id, query.get('subject') ?? '')
        const version = versionOfEntry(entry, query.get('subject') ?? '')
        const maxId = flag(query, 'fetchMaxId') ? { maxId: registry.state.maxId(context) } : {}
        const { subject, version: number, deleted } = version
        return {
          json: {
            subject,
            version: number,
            id: entry.id,
            guid: entry.guid,
            ...schemaShape(entry.schema),
            ...asAsked(registry, version, query),
            ...(version.at === null ? {} : { ts: version.at }),
            ...(deleted ? { deleted } : {}),
            ...maxId,
          },
        }
      }),
  },
  {
    method: 'GET',
    path: '/schemas/ids/*/schema',
    answer: async ({ query }, access, [id = '']) =>
      await access.read((registry) => {
        const subject = query.get('subject') ?? ''
        const { entry } = entryOf(registry, id, subject)
        return textAnswer(formatted(registry, versionOfEntry(entry, subject), query))
      }),
  },
  {
    method: 'GET',
    path: '/schemas/ids/*/subjects',
    answer: async ({ query }, access, [id = '']) => {
      const versions = await access.read((registry) => versionsOf(registry, id, query))
      const subjects = [...new Set(versions.map(({ subject }) => subject))].sort()
      return { json: page(subjects, query, maxVersions) }
    },
  },
  {
    method: 'GET',
    path: '/schemas/ids/*/versions',
    answer: async ({ query }, access, [id = '']) => {
      const versions = await access.read((registry) => versionsOf(registry, id, query))
      const pairs = versions.map(({ subject, version }) => ({ subject, version }))
      return { json: page(pairs, query, maxVersions) }
    },
  },
  {
    method: 'GET',
    path: '/schemas/guids/*',
    answer: async ({ query }, access, [guid = '']) =>
      await access.read((registry) => {
        const [found] = registry.state.entriesByGuid(guid.toLowerCase())
        if (!found) throw notFound(guid)
        const { guid: own, schema } = found.entry
        const version = versionOfEntry(found.entry, '')
        return { json: { guid: own, ...schemaShape(schema), ...asAsked(registry, version, query) } }
      }),
  },
  {
    method: 'GET',
    path: '/schemas/guids/*/ids',
    answer: async (_, access, [guid = '']) => {
      const found = await access.read(({ state }) => state.entriesByGuid(guid.toLowerCase()))
      if (found.length === 0) throw notFound(guid)
      return { json: found.map(({ context, entry }) => ({ context, id: entry.id })) }
    },
  },
]

/** The aliases with a prefix by the subject that answers for them (AbstractSchemaRegistry.getAliases). */
function aliasesOf(state: RegistryState, prefix: string): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const [scope, { alias }] of state.configs()) {
    if (alias === undefined || alias === '' || !hasPrefix(scope, prefix)) continue
    const subject = relativeTo(scope, alias)
    found.set(subject, [...(found.get(subject) ?? []), scope].sort())
  }
  return found
}

/** @throws RegistryError 40403 */
function entryOf(registry: Registry, text: string, given: string) {
  const subject = given === '' ? '' : aliased(registry, given)
  const { state } = registry
  const id = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (Number.isNaN(id)) throw new RegistryError(404, 'HTTP 404 Not Found')
  const found = entryOfId(state, id, subject)
  if (!found) throw notFound(text)
  return found
}

function versionsOf(registry: Registry, id: string, query: URLSearchParams): Version[] {
  const { entry } = entryOf(registry, id, query.get('subject') ?? '')
  return [...entry.versions]
    .filter(wanted(query))
    .sort((a, b) => (a.subject === b.subject ? a.version - b.version : a.subject < b.subject ? -1 : 1))
}

/** Whether a version has a rule of a type (`CEL`, `ENCRYPT`): what clients with encryption list. */
function hasRuleOf({ schema }: Version, type: string): boolean {
  return Object.values(schema.ruleSet ?? {}).some(
    (rules) => Array.isArray(rules) && (rules as readonly Plain[]).some((rule) => plainObject(rule)?.type === type),
  )
}

function notFound(what: string): RegistryError {
  return new RegistryError(40403, `Schema ${what} not found`)
}
