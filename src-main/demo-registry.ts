import type { Clock } from './base/clock'
import type { Core } from './broker/core'
import { DocumentMap } from './broker/document-map'
import type { DemoRegistry } from './demo/schemas'
import { schemasTopic } from './registry/records'
import { register } from './registry/register'
import { removeSubject } from './registry/remove'

/** The registry of this broker for the demo. It keeps in the workspace whether the demo was the first to register a schema. */
export function demoRegistry(
  { schemas, topics, workspace, commits }: Pick<Core, 'schemas' | 'topics' | 'workspace' | 'commits'>,
  clock: Clock,
): DemoRegistry {
  const documents = new DocumentMap<boolean>({ workspace, commits, kind: 'demo-registry' })
  /** Subjects with any version, also a deleted one: a crash may have come between the two steps of a deletion. */
  const existing = (wanted: readonly string[]) =>
    schemas.read(({ state }) => wanted.filter((subject) => state.versions(subject, 'all').length > 0))
  return {
    existing,
    async register(subject, { type, text }) {
      if (!topics.find(schemasTopic)) documents.set('first', true)
      const schema = { type, text, references: [], metadata: null, ruleSet: null, id: null, version: null }
      const options = { normalize: null, force: false, at: clock.now() }
      await schemas.write((registry) => register(registry, subject, schema, options))
    },
    async encode(subject, value) {
      // Loaded with the first value: a start does not wait for the languages of schemas.
      const { encoded } = await import('./desk/schemas/encode')
      return await schemas.read((registry) =>
        encoded(registry, { subject, version: null, message: null }, JSON.stringify(value)),
      )
    },
    async remove(ours) {
      for (const subject of await existing(ours)) {
        const isLive = await schemas.read(({ state }) => state.versions(subject, 'live').length > 0)
        if (isLive) await schemas.write((registry) => removeSubject(registry, subject, false))
        await schemas.write((registry) => removeSubject(registry, subject, true))
      }
      const isEmpty = await schemas.read(
        ({ state }) => state.subjects().length === 0 && !state.config(null) && !state.mode(null),
      )
      const topic = topics.find(schemasTopic)
      if (documents.has('first') && isEmpty && topic) topics.delete(topic)
      documents.delete('first')
      await commits.settled
    },
  }
}
