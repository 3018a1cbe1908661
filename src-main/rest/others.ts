import { RegistryError } from '../registry/schema'
import type { Route } from './access'
import { page } from './http'

/** The version of Confluent's registry whose behaviour is served. */
const servedVersion = '8.0.0'
const maxContexts = 20_000

export const otherRoutes: readonly Route[] = [
  // A health check of some clients.
  { method: 'GET', path: '/', answer: () => ({ json: {} }) },
  { method: 'POST', path: '/', answer: () => ({ json: {} }) },
  {
    method: 'GET',
    path: '/contexts',
    answer: async ({ query }, access) => {
      const prefix = query.get('contextPrefix') ?? ''
      const contexts = await access.read(({ state }) => state.contexts())
      return {
        json: page(
          contexts.filter((context) => context.startsWith(prefix)),
          query,
          maxContexts,
        ),
      }
    },
  },
  {
    method: 'DELETE',
    path: '/contexts/*',
    answer: async (_, access, [context = '']) => {
      await access.read(({ state }) => {
        const name = context.startsWith('.') ? context : `.${context}`
        if (!state.contexts().includes(name)) throw new RegistryError(404, 'HTTP 404 Not Found')
        const isUsed = state.subjects().some((subject) => contextOf(subject) === name)
        if (isUsed) throw new RegistryError(42211, `Context '${name}' is not empty.`)
      })
      return { status: 204 }
    },
  },
  {
    method: 'GET',
    path: '/v1/metadata/id',
    answer: (_, { clusterId }) => ({
      json: {
        id: '',
        scope: { path: [], clusters: { 'kafka-cluster': clusterId, 'schema-registry-cluster': 'schema-registry' } },
      },
    }),
  },
  {
    method: 'GET',
    path: '/v1/metadata/version',
    answer: () => ({ json: { version: servedVersion, commitId: 'ottla' } }),
  },
  { method: 'GET', path: '/v1/metadata/deployment', answer: () => ({ json: { attributes: [] } }) },
  // Schema linking is a plug-in of Confluent's: there is nothing to list.
  { method: 'GET', path: '/exporters', answer: () => ({ json: [] }) },
  // The first call of Java's serializers since 8.2: without associations they fall back to the name of the topic.
  { method: 'GET', path: '/associations/resources/*/*', answer: () => ({ json: [] }) },
]

function contextOf(subject: string): string {
  return /^:(\.[^:]*):/.exec(subject)?.[1] ?? '.'
}
