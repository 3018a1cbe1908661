import type { Core } from '../../broker/core'
import type { KeptMap, KeptMaps } from '../source/workspace'
import { stored } from './stored'

/** Maps that are kept in the workspace, as documents of one kind each. */
export function embeddedKept(core: Core): KeptMaps {
  const { documents } = core.workspace
  return {
    map<T>(kind: string): KeptMap<T> {
      return {
        get: async (key) => {
          const value = documents.get(kind, key)
          return value === undefined ? undefined : (JSON.parse(value) as T)
        },
        entries: async () => documents.list(kind).map(({ key, value }) => [key, JSON.parse(value) as T] as const),
        set: (key, value) =>
          stored(core, () =>
            core.workspace.write(() => documents.set(kind, key, value === null ? null : JSON.stringify(value))),
          ),
      }
    },
  }
}
