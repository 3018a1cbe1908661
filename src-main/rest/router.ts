import { RegistryError } from '../registry/schema'
import type { RegistryAccess, Route } from './access'
import type { RestAnswer, RestRequest } from './http'
import { otherRoutes } from './others'
import { schemaRoutes } from './schemas'
import { compatibilityRoutes, configRoutes, modeRoutes } from './settings'
import { subjectRoutes } from './subjects'

const routes: readonly Route[] = [
  ...otherRoutes,
  ...schemaRoutes,
  ...subjectRoutes,
  ...configRoutes,
  ...modeRoutes,
  ...compatibilityRoutes,
]

const patterns = routes.map((route) => ({ route, segments: route.path.split('/').filter((segment) => segment !== '') }))

/** Answers one request. @throws RegistryError */
export async function answer(request: RestRequest, access: RegistryAccess): Promise<RestAnswer> {
  const path = qualified(request.path)
  const fitting = patterns.filter(({ segments }) => fits(segments, path))
  if (fitting.length === 0) throw new RegistryError(404, 'HTTP 404 Not Found')
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const found = fitting.find(({ route }) => route.method === method)
  if (!found) throw new RegistryError(405, 'HTTP 405 Method Not Allowed')
  const parameters = path.filter((_, i) => found.segments[i] === '*')
  return await found.route.answer(request, access, parameters)
}

function fits(segments: readonly string[], path: readonly string[]): boolean {
  return segments.length === path.length && segments.every((segment, i) => segment === '*' || segment === path[i])
}

/** Clients that have a context in their URL send `/contexts/.ctx/subjects/S`: that is `/subjects/:.ctx:S`. */
function qualified(path: readonly string[]): readonly string[] {
  const [first, context, ...rest] = path
  if (first !== 'contexts' || context === undefined || rest.length === 0) return path
  const name = context.startsWith(':') ? context.replaceAll(':', '') : context
  const prefix = `:${name.startsWith('.') ? name : `.${name}`}:`
  const at = rest[0] === 'compatibility' ? 2 : 1
  if (!['subjects', 'config', 'mode', 'compatibility'].includes(rest[0] ?? '')) return rest
  return rest.map((segment, i) => (i === at && !segment.startsWith(':') ? `${prefix}${segment}` : segment))
}
