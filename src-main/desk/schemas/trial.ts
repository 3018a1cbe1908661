import type { Contract } from '../../contract/contract'
import type { InputOf } from '../../contract/define'
import type { SchemaComparison, SchemaTrial } from '../../contract/schemas'
import { checkCompatibility, differencesOf } from '../../registry/compatibility'
import type { Difference, ParsedSchema } from '../../registry/kind'
import { sameVersion } from '../../registry/lookup'
import { typeOf } from '../../registry/records'
import { parseNew, type Registry, versionOf } from '../../registry/registry'
import { RegistryError, type Schema, SchemaError } from '../../registry/schema'
import type { FoundSchema } from '../decoders/framing'
import type { ClusterSource } from '../source/source'
import { namedSchemas } from './uses'

type Draft = InputOf<Contract['schema.try']>

export function schemaOf({ type, schema, references }: Draft): Schema {
  const known = typeOf(type)
  if (!known) throw new Error(`There is no schema type ${type}.`)
  return { type: known, text: schema, references, metadata: null, ruleSet: null }
}

/** What a draft would mean: whether it may be registered, which of the newest messages it could not read, and which readers would break. */
export async function tryDraft(source: ClusterSource, draft: Draft): Promise<SchemaTrial> {
  const { schemas } = source
  if (!schemas) throw new Error('There is no schema registry.')
  const schema = schemaOf(draft)
  const read = await schemas.read((registry) => readDraft(registry, draft.subject, schema))
  if (read.kind === 'problem') {
    return { problem: read.text, isCompatible: false, messages: [], existing: null, topics: [], brokenReaders: [] }
  }
  const { parsed, ...rest } = read
  return {
    problem: null,
    isCompatible: rest.isCompatible,
    messages: rest.messages,
    existing: rest.existing,
    brokenReaders: rest.brokenReaders,
    topics: await unreadableIn(source, draft.subject, parsed),
  }
}

function readDraft(registry: Registry, subject: string, schema: Schema) {
  try {
    const parsed = parseNew(registry, schema, subject, { isNew: true, normalize: false })
    const { isCompatible, messages } = checkCompatibility(registry, subject, null, schema, {
      verbose: true,
      normalize: false,
    })
    const brokenReaders = registry.state.versions(subject, 'live').flatMap((version) => {
      const why = firstOf(safely(() => differencesOf(parsed, registry.parser.stored(version), 'forward')))
      return why === null ? [] : [{ version: version.version, why }]
    })
    const existing = sameVersion(registry, subject, schema, parsed, false)?.version ?? null
    return { kind: 'read', parsed, isCompatible, messages, brokenReaders, existing } as const
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error
    return { kind: 'problem', text: error.message.replace(/^[\s\S]*details: /, '') } as const
  }
}

/** For each topic whose messages name schemas of the subject: how many of them a reader of the draft could not read. */
async function unreadableIn(
  source: ClusterSource,
  subject: string,
  draft: ParsedSchema,
): Promise<SchemaTrial['topics']> {
  const problems = new Map<ParsedSchema, string | null>()
  const problemOf = ({ parsed }: FoundSchema) => {
    const known = problems.get(parsed)
    if (known !== undefined) return known
    const why = firstOf(safely(() => differencesOf(draft, parsed, 'backward')))
    problems.set(parsed, why)
    return why
  }
  const named = await namedSchemas(source)
  const expected = /^(.*)-(key|value)$/.exec(subject)
  const topics = new Map<
    string,
    {
      topic: string
      part: 'key' | 'value'
      messages: number
      unreadable: number
      why: string | null
      unknown: number
      isUsed: boolean
    }
  >()
  for (const { topic, part, found } of named) {
    const key = `${part} ${topic}`
    const line = topics.get(key) ?? {
      topic,
      part,
      messages: 0,
      unreadable: 0,
      why: null,
      unknown: 0,
      isUsed: expected?.[1] === topic && expected[2] === part,
    }
    topics.set(key, line)
    line.messages++
    if (!found) line.unknown++
    else {
      if (found.subject === subject) line.isUsed = true
      const why = problemOf(found)
      if (why === null) continue
      line.unreadable++
      line.why ??= `${found.subject} version ${found.version}: ${why}`
    }
  }
  return [...topics.values()].filter(({ isUsed }) => isUsed).map(({ isUsed: _, ...line }) => line)
}

/** What two versions cannot read of each other. */
export function compareVersions(registry: Registry, subject: string, from: number, to: number): SchemaComparison {
  const [older, newer] = [from, to].map((number) => registry.parser.stored(versionOf(registry, subject, number, true)))
  if (!older || !newer) return { backward: [], forward: [] }
  const shown = ({ type, path, description }: Difference) => ({ type, path, description })
  return {
    backward: differencesOf(newer, older, 'backward').map(shown),
    forward: differencesOf(newer, older, 'forward').map(shown),
  }
}

function safely(compare: () => Difference[]): Difference[] {
  try {
    return compare()
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error
    return [{ type: 'UNREADABLE_SCHEMA', path: '/', description: error.message, detail: '' }]
  }
}

function firstOf(differences: readonly Difference[]): string | null {
  return differences[0]?.description ?? null
}
