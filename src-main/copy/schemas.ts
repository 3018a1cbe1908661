import { RegistryCallError, type RegistryClient } from '../client/registry-client'

interface SchemaVersion {
  readonly subject: string
  readonly version: number
  readonly id: number
  readonly schema: string
  readonly schemaType?: string
  readonly references?: readonly { readonly name: string; readonly subject: string; readonly version: number }[]
}

/** Answers of a registry for what is not there. */
const notFound = new Set([404, 40401, 40402, 40409])

/**
 * The schemas of a topic's subjects (TopicNameStrategy), all versions, each behind those that it refers to.
 *
 * @throws RegistryCallError
 */
export async function schemasOf(
  registry: RegistryClient,
  topics: readonly string[],
): Promise<readonly SchemaVersion[]> {
  const found = new Map<string, SchemaVersion>()
  const add = async (subject: string, version: number): Promise<void> => {
    const name = `${subject} ${version}`
    if (found.has(name)) return
    const schema = (await registry.get(versionPath(subject, version))) as SchemaVersion
    for (const reference of schema.references ?? []) await add(reference.subject, reference.version)
    found.set(name, schema)
  }
  for (const subject of topics.flatMap((topic) => [`${topic}-key`, `${topic}-value`])) {
    const versions = await orNull(registry.get(`/subjects/${encodeURIComponent(subject)}/versions`))
    for (const version of (versions ?? []) as readonly number[]) await add(subject, version)
  }
  return [...found.values()]
}

/**
 * Registers schemas under the ids and versions that they have, in the mode IMPORT of their subjects. What is there already is left.
 *
 * @returns the number that was registered
 * @throws RegistryCallError when a version is there with another id, or an id has another schema
 */
export async function importSchemas(
  registry: RegistryClient,
  schemas: readonly SchemaVersion[],
  subjectOf: (subject: string) => string,
): Promise<number> {
  let count = 0
  for (const { subject: name, version, id, schema, schemaType = 'AVRO', references = [] } of schemas) {
    const subject = subjectOf(name)
    const there = (await orNull(registry.get(versionPath(subject, version)))) as SchemaVersion | null
    if (there?.id === id) continue
    if (there) {
      throw new RegistryCallError(
        `Version ${version} of ${subject} has id ${there.id} where it is copied to, and id ${id} where it comes from: the messages name the id, so delete that subject first.`,
      )
    }
    await importing(registry, subject, () =>
      registry.post(`/subjects/${encodeURIComponent(subject)}/versions`, {
        id,
        version,
        schema,
        schemaType,
        references: references.map((reference) => ({ ...reference, subject: subjectOf(reference.subject) })),
      }),
    )
    count++
  }
  return count
}

/** Runs `register` while the subject is in the mode IMPORT, which alone lets ids be chosen; its own mode comes back. */
async function importing(registry: RegistryClient, subject: string, register: () => Promise<unknown>): Promise<void> {
  const path = `/mode/${encodeURIComponent(subject)}`
  const before = (await orNull(registry.get(path))) as { readonly mode: string } | null
  await registry.put(`${path}?force=true`, { mode: 'IMPORT' })
  try {
    await register()
  } finally {
    if (before) await registry.put(`${path}?force=true`, before)
    else await registry.delete(path)
  }
}

async function orNull(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof RegistryCallError && error.code !== null && notFound.has(error.code)) return null
    throw error
  }
}

function versionPath(subject: string, version: number): string {
  return `/subjects/${encodeURIComponent(subject)}/versions/${version}`
}
