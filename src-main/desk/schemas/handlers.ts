import type { SchemasChange } from '../../contract/schemas'
import type { Handlers } from '../../contract/server'
import { deleteConfig, deleteMode, putConfig, putMode } from '../../registry/modes'
import { register } from '../../registry/register'
import { removeSubject, removeVersion } from '../../registry/remove'
import { canonicalSubject } from '../../registry/subject-name'
import { live as liveEvery } from '../live'
import type { Parts } from '../parts'
import type { RegistrySource } from '../source/registry'
import { inParts, subjectLists } from './lines'
import { sentence, subjectDetail } from './subjects'
import { compareVersions, schemaOf, tryDraft } from './trial'
import { usesOf } from './uses'

type Subject = Pick<
  Handlers,
  | 'schemas'
  | 'schema.subject'
  | 'schema.uses'
  | 'schema.compare'
  | 'schema.try'
  | 'schema.register'
  | 'schema.delete'
  | 'schema.level'
  | 'schema.mode'
  | 'schema.example'
  | 'schema.form'
  | 'schema.encode'
  | 'schema.encodeMany'
>

/** A change of the list is one line: it follows sooner than whole pictures do. */
const listPauseMs = 25

/** Schemas: what the registry has, what a draft would mean, and values that are written with a schema. */
export function schemaHandlers({ source, clock, live }: Parts, registry: RegistrySource): Subject {
  const write: RegistrySource['write'] = (operate) =>
    registry.write(operate).catch((error: unknown) => {
      throw sentence(error)
    })
  const read: RegistrySource['read'] = (look) =>
    registry.read(look).catch((error: unknown) => {
      throw sentence(error)
    })
  const lists = subjectLists()
  return {
    schemas(_, outlet) {
      const changes = lists()
      const inTheirParts = {
        ...outlet,
        push(change: SchemasChange) {
          for (const part of inParts(change)) outlet.push(part)
        },
      }
      return liveEvery(inTheirParts, clock, listPauseMs, () => registry.read(changes), [registry.changed])
    },
    'schema.subject': ({ subject }, outlet) =>
      live(outlet, () => registry.read((now) => subjectDetail(now, subject)), [registry.changed]),
    'schema.uses': ({ subject }) => usesOf(source, subject),
    'schema.compare': ({ subject, from, to }) => read((now) => compareVersions(now, subject, from, to)),
    'schema.try': (draft) => tryDraft(source, draft),
    async 'schema.register'(draft) {
      const given = { ...schemaOf(draft), id: null, version: null }
      const options = { normalize: null, force: false, at: clock.now() }
      const { id, version } = await write((now) => register(now, canonicalSubject(draft.subject), given, options))
      return { id, version }
    },
    async 'schema.delete'({ subject, version, permanent }) {
      if (version === null) await write((now) => removeSubject(now, subject, permanent))
      else await write((now) => removeVersion(now, subject, version, permanent))
    },
    async 'schema.level'({ subject, level }) {
      if (level !== null) await write((now) => putConfig(now, subject, { compatibility: level }))
      else await write((now) => deleteConfig(now, subject))
    },
    async 'schema.mode'({ subject, mode }) {
      if (mode !== null) await write((now) => putMode(now, subject, mode, true))
      else await write((now) => deleteMode(now, subject, false))
    },
    // Writing with a schema loads a reader of Protobuf: not every page needs one.
    async 'schema.example'(choice) {
      const { example } = await import('./encode')
      return await read((now) => example(now, choice))
    },
    async 'schema.form'({ subject, version, message }) {
      const [{ chosen }, { formOf }] = await Promise.all([import('./encode'), import('./form')])
      return await read((now) => formOf(chosen(now, subject, version).parsed, message))
    },
    async 'schema.encode'({ json, ...choice }) {
      const { encoded } = await import('./encode')
      return await read((now) => ({ base64: encoded(now, choice, json).toString('base64') }))
    },
    async 'schema.encodeMany'({ values, ...choice }) {
      const { encodedMany } = await import('./encode')
      return await read((now) => encodedMany(now, choice, values))
    },
  }
}
