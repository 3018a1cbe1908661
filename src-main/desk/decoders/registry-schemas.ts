import { entryOfId, versionOfEntry } from '../../registry/find'
import type { Registry } from '../../registry/registry'
import type { Entry } from '../../registry/state'
import type { FoundSchema, SchemaSource } from './framing'

/** The schemas of a registry whose state is in this thread. `registry` is asked each time: it may have been read further. */
export function schemasOf(registry: () => Registry): SchemaSource {
  const found = ({ parser }: Registry, entry: Entry | undefined, subject: string): FoundSchema | undefined => {
    if (!entry) return undefined
    const version = versionOfEntry(entry, subject)
    return { id: entry.id, subject: version.subject, version: version.version, parsed: parser.stored(version) }
  }
  return {
    where: 'this registry',
    byId(id, subject) {
      const now = registry()
      return found(now, entryOfId(now.state, id, subject)?.entry, subject)
    },
    byGuid(guid) {
      const now = registry()
      return found(now, now.state.entriesByGuid(guid)[0]?.entry, '')
    },
  }
}
