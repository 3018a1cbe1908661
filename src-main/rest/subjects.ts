import { lookUp } from '../registry/lookup'
import { register } from '../registry/register'
import { type Registry, subjectNotFound, versionNumberOf, versionOf } from '../registry/registry'
import { removeSubject, removeVersion } from '../registry/remove'
import { RegistryError, type Version } from '../registry/schema'
import { configInScope } from '../registry/scope'
import {
  canonicalSubject,
  defaultContext,
  globalContext,
  qualify,
  relativeTo,
  splitSubject,
} from '../registry/subject-name'
import type { Route } from './access'
import { asAsked, formatted, textAnswer } from './formats'
import { flag, optionalFlag, page, type RestRequest } from './http'
import { readContractChange, readRegistration, readSchema, versionShape } from './shapes'

const maxSubjects = 20_000
const maxVersions = 20_000

/** Which versions a list holds: the live ones, all, or those that are soft-deleted. */
export function wanted(query: URLSearchParams): (version: Version) => boolean {
  if (flag(query, 'deletedOnly')) return ({ deleted }) => deleted
  return flag(query, 'deleted') ? () => true : ({ deleted }) => !deleted
}

/** Whether a subject is among those of a prefix: `:*:` is every context, and a plain prefix is of the default one. */
export function hasPrefix(subject: string, prefix: string): boolean {
  if (prefix.startsWith(':*:')) return splitSubject(subject).subject.startsWith(prefix.slice(3))
  const { context, subject: name } = splitSubject(prefix)
  const own = splitSubject(subject)
  return own.context === context && own.subject.startsWith(name)
}

export const subjectRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/subjects',
    answer: async ({ query }, access) => {
      const prefix = query.get('subjectPrefix') ?? ':*:'
      const isWanted = wanted(query)
      const names = await access.read(({ state }) =>
        state
          .subjects()
          .filter((subject) => hasPrefix(subject, prefix) && state.versions(subject, 'all').some(isWanted)),
      )
      return { json: page(names, query, maxSubjects) }
    },
  },
  {
    method: 'GET',
    path: '/subjects/*/versions',
    answer: async ({ query }, access, [subject = '']) => {
      const versions = await access.read((registry) => {
        const name = aliased(registry, subject)
        const found = registry.state.versions(name, 'all').filter(wanted(query))
        if (found.length === 0) throw subjectNotFound(name)
        return found
      })
      const isNegative = flag(query, 'deletedAsNegative')
      const numbers = versions.map(({ version, deleted }) => (deleted && isNegative ? -version : version))
      return { json: page(numbers, query, maxVersions) }
    },
  },
  {
    method: 'GET',
    path: '/subjects/*/versions/*',
    answer: async (request, access, [subject = '', number = '']) => {
      const { registry, version } = await found(request, access.read.bind(access), subject, number)
      return { json: { ...versionShape(version), ...asAsked(registry, version, request.query) } }
    },
  },
  {
    method: 'GET',
    path: '/subjects/*/versions/*/schema',
    answer: async (request, access, [subject = '', number = '']) => {
      const { registry, version } = await found(request, access.read.bind(access), subject, number)
      return textAnswer(formatted(registry, version, request.query))
    },
  },
  {
    method: 'GET',
    path: '/subjects/*/versions/*/referencedby',
    answer: async ({ query }, access, [subject = '', number = '']) => {
      const ids = await access.read((registry) => {
        const version = versionOf(registry, aliased(registry, subject), versionNumberOf(number), true)
        const referrers = registry.state.referrers(version.subject, version.version).filter(wanted(query))
        return [...new Set(referrers.map(({ id }) => id))].sort((a, b) => a - b)
      })
      return { json: page(ids, query, maxVersions) }
    },
  },
  {
    method: 'POST',
    path: '/subjects/*/versions',
    answer: async (request, access, [subject = '']) => {
      const registration = readRegistration(request.body())
      const { query } = request
      const version = await access.write((registry) =>
        register(registry, canonicalSubject(subject), registration, {
          normalize: optionalFlag(query, 'normalize'),
          force: flag(query, 'force'),
          at: access.now(),
        }),
      )
      // Without the text: confluent-kafka for Python would keep it in the place of the descriptor that it sent.
      const { id, version: number, guid, at } = version
      return { json: { id, version: number, guid, ...(at === null ? {} : { ts: at }) } }
    },
  },
  {
    method: 'POST',
    path: '/subjects/*/versions/*/tags',
    answer: async (request, access, [subject = '', number = '']) => {
      const change = readContractChange(request.body())
      const version = await access.write((registry) => {
        const of = versionOf(registry, canonicalSubject(subject), versionNumberOf(number), false)
        const { metadata, ruleSet, newVersion } = change
        const { type, text, references } = of.schema
        const registration = { type, text, references, id: null, version: newVersion }
        const contract = { metadata: metadata ?? of.schema.metadata, ruleSet: ruleSet ?? of.schema.ruleSet }
        const options = { normalize: optionalFlag(request.query, 'normalize'), force: false, at: access.now() }
        return register(registry, of.subject, { ...registration, ...contract }, options)
      })
      return { json: versionShape(version) }
    },
  },
  {
    method: 'POST',
    path: '/subjects/*',
    answer: async (request, access, [subject = '']) => {
      const schema = readSchema(request.body())
      const { query } = request
      return await access.read((registry) => {
        const name = aliased(registry, subject)
        const normalize = optionalFlag(query, 'normalize') ?? configInScope(registry.state, name).normalize ?? false
        const options = { normalize, withDeleted: flag(query, 'deleted') }
        const version = inContexts(registry, name, (other) => lookUp(registry, other, schema, options))
        return { json: { ...versionShape(version), ...asAsked(registry, version, query) } }
      })
    },
  },
  {
    method: 'DELETE',
    path: '/subjects/*',
    answer: async ({ query }, access, [subject = '']) => ({
      json: await access.write((registry) =>
        removeSubject(registry, canonicalSubject(subject), flag(query, 'permanent')),
      ),
    }),
  },
  {
    method: 'DELETE',
    path: '/subjects/*/versions/*',
    answer: async ({ query }, access, [subject = '', number = '']) => ({
      json: await access.write((registry) =>
        removeVersion(registry, canonicalSubject(subject), versionNumberOf(number), flag(query, 'permanent')),
      ),
    }),
  },
  {
    method: 'GET',
    path: '/subjects/*/metadata',
    answer: async ({ query }, access, [subject = '']) =>
      await access.read((registry) => {
        const name = aliased(registry, subject)
        const versions = registry.state.versions(name, flag(query, 'deleted') ? 'all' : 'live')
        if (versions.length === 0) throw subjectNotFound(name)
        const values = query.getAll('value')
        const pairs = query.getAll('key').map((key, i) => [key, values[i]] as const)
        const version = [...versions].reverse().find(({ schema }) => {
          const properties = (schema.metadata?.properties ?? {}) as Readonly<Record<string, unknown>>
          return pairs.every(([key, value]) => properties[key] === value)
        })
        if (!version) throw new RegistryError(40403, 'Schema not found')
        return { json: { ...versionShape(version), ...asAsked(registry, version, query) } }
      }),
  },
]

async function found(
  { query }: RestRequest,
  read: <T>(look: (registry: Registry) => T) => Promise<T>,
  subject: string,
  number: string,
): Promise<{ readonly registry: Registry; readonly version: Version }> {
  const wantedNumber = versionNumberOf(number)
  return await read((registry) => {
    const withDeleted = flag(query, 'deleted')
    const version = inContexts(registry, aliased(registry, subject), (name) =>
      versionOf(registry, name, wantedNumber, withDeleted),
    )
    return { registry, version }
  })
}

/** A subject's config may say that another one answers for it; a plain name is of its own context (AliasFilter). */
export function aliased({ state }: Registry, given: string): string {
  const subject = canonicalSubject(given)
  const alias = state.config(subject)?.alias
  return alias === undefined || alias === '' ? subject : relativeTo(subject, alias)
}

/** A plain subject that the default context has not is looked for in the others. */
function inContexts<T>({ state }: Registry, subject: string, look: (subject: string) => T): T {
  try {
    return look(subject)
  } catch (error) {
    const { context, subject: name } = splitSubject(subject)
    if (!(error instanceof RegistryError && error.code === 40401) || context !== defaultContext) throw error
    for (const other of state.contexts()) {
      const qualified = qualify({ context: other, subject: name })
      if (other === defaultContext || other === globalContext || !state.versions(qualified, 'all').length) continue
      return look(qualified)
    }
    throw error
  }
}
