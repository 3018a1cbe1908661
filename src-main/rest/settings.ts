import { checkCompatibility } from '../registry/compatibility'
import { deleteConfig, deleteMode, putConfig, putMode } from '../registry/modes'
import { versionNumberOf } from '../registry/registry'
import { RegistryError } from '../registry/schema'
import { configInScope, modeInScope } from '../registry/scope'
import { defaultLevel, defaultMode } from '../registry/settings'
import { canonicalSubject, splitSubject } from '../registry/subject-name'
import type { Route } from './access'
import { flag, type RestRequest } from './http'
import { configShape, readSchema } from './shapes'
import { aliased } from './subjects'

/** A scope: a subject, or a context as `:.ctx:`. */
function scopeOf(given: string): string {
  const { context, subject } = splitSubject(given)
  return subject === '' ? `:${context}:` : canonicalSubject(given)
}

export const configRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/config',
    answer: async (_, access) =>
      await access.read(({ state }) => ({ json: configShape(configInScope(state, null), 'compatibilityLevel') })),
  },
  {
    method: 'PUT',
    path: '/config',
    answer: async (request, access) => {
      const body = request.body()
      return { json: configShape(await access.write((registry) => putConfig(registry, null, body)), 'compatibility') }
    },
  },
  {
    method: 'DELETE',
    path: '/config',
    answer: async (_, access) => {
      const config = await access.write((registry) => deleteConfig(registry, null))
      return { json: configShape({ compatibilityLevel: defaultLevel, ...config }, 'compatibilityLevel') }
    },
  },
  {
    method: 'GET',
    path: '/config/*',
    answer: async ({ query }, access, [subject = '']) =>
      await access.read(({ state }) => {
        const scope = scopeOf(subject)
        const own = state.config(scope)
        if (flag(query, 'defaultToGlobal'))
          return { json: configShape(configInScope(state, scope), 'compatibilityLevel') }
        if (own) return { json: configShape(own, 'compatibilityLevel') }
        throw new RegistryError(40408, `Subject '${scope}' does not have subject-level compatibility configured`)
      }),
  },
  {
    method: 'PUT',
    path: '/config/*',
    answer: async (request, access, [subject = '']) => {
      const body = request.body()
      const config = await access.write((registry) => putConfig(registry, scopeOf(subject), body))
      return { json: configShape(config, 'compatibility') }
    },
  },
  {
    method: 'DELETE',
    path: '/config/*',
    answer: async (_, access, [subject = '']) => {
      const config = await access.write((registry) => deleteConfig(registry, scopeOf(subject)))
      return { json: configShape(config, 'compatibilityLevel') }
    },
  },
]

export const modeRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/mode',
    answer: async (_, access) =>
      await access.read(({ state }) => ({ json: { mode: state.mode(null) ?? defaultMode } })),
  },
  {
    method: 'PUT',
    path: '/mode',
    answer: async (request, access) => {
      const { mode } = request.body()
      const force = flag(request.query, 'force')
      return { json: { mode: await access.write((registry) => putMode(registry, null, mode, force)) } }
    },
  },
  {
    method: 'DELETE',
    path: '/mode',
    answer: async ({ query }, access) => ({
      json: { mode: await access.write((registry) => deleteMode(registry, null, flag(query, 'recursive'))) },
    }),
  },
  {
    method: 'GET',
    path: '/mode/*',
    answer: async ({ query }, access, [subject = '']) =>
      await access.read(({ state }) => {
        const scope = scopeOf(subject)
        const own = state.mode(scope)
        if (flag(query, 'defaultToGlobal')) return { json: { mode: modeInScope(state, scope) } }
        if (own) return { json: { mode: own } }
        throw new RegistryError(40409, `Subject '${scope}' does not have subject-level mode configured`)
      }),
  },
  {
    method: 'PUT',
    path: '/mode/*',
    answer: async (request, access, [subject = '']) => {
      const { mode } = request.body()
      const force = flag(request.query, 'force')
      return { json: { mode: await access.write((registry) => putMode(registry, scopeOf(subject), mode, force)) } }
    },
  },
  {
    method: 'DELETE',
    path: '/mode/*',
    answer: async ({ query }, access, [subject = '']) => ({
      json: {
        mode: await access.write((registry) => deleteMode(registry, scopeOf(subject), flag(query, 'recursive'))),
      },
    }),
  },
]

async function check(
  request: RestRequest,
  access: Parameters<Route['answer']>[1],
  subject: string,
  number: ReturnType<typeof versionNumberOf> | null,
) {
  const verbose = flag(request.query, 'verbose')
  const schema = readSchema(request.body())
  const { isCompatible, messages } = await access.read((registry) => {
    const name = aliased(registry, subject)
    const normalize = flag(request.query, 'normalize')
    return checkCompatibility(registry, name, number, schema, { verbose, normalize })
  })
  return { json: { is_compatible: isCompatible, ...(verbose ? { messages } : {}) } }
}

export const compatibilityRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/compatibility/subjects/*/versions/*',
    answer: (request, access, [subject = '', number = '']) => check(request, access, subject, versionNumberOf(number)),
  },
  {
    method: 'POST',
    path: '/compatibility/subjects/*/versions',
    answer: (request, access, [subject = '']) => check(request, access, subject, null),
  },
]
