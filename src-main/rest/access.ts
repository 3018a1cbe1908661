import type { Outcome, Registry } from '../registry/registry'
import type { RestAnswer, RestRequest } from './http'

/** What the API needs of whoever keeps the registry. */
export interface RegistryAccess {
  readonly clusterId: string
  readonly now: () => number
  read<T>(look: (registry: Registry) => T): Promise<T>
  /** Answers when it is stored. @throws RegistryError */
  write<T>(operate: (registry: Registry) => Outcome<T>): Promise<T>
}

/** One call of the API. `path` has `*` where a parameter stands. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  /** `parameters` are the segments where the path has `*`. */
  readonly answer: (
    request: RestRequest,
    access: RegistryAccess,
    parameters: readonly string[],
  ) => Promise<RestAnswer> | RestAnswer
}
