import { RegistryCallError } from '../client/registry-client'
import type { SubjectState, VersionState } from './cluster'

/** What is needed of a schema registry. */
export interface RegistryReader {
  /** Answers with JSON. @throws RegistryCallError */
  get(path: string): Promise<unknown>
}

/** Confluent's largest page of `/schemas`. */
const pageSize = 1000
/** Subjects that are asked for at once where a registry has no list of all schemas. */
const portion = 20

interface Listed {
  readonly subject: string
  readonly version: number
  readonly id: number
  readonly schemaType?: string
  readonly schema: string
}

/** All subjects with their live versions: by pages of all schemas, or one by one where a registry does not list them. @throws RegistryCallError */
export async function registrySubjects(registry: RegistryReader): Promise<Map<string, SubjectState>> {
  const found = new Map<string, Map<number, VersionState>>()
  /** Returns false when it was there already. */
  const add = ({ subject, version, id, schemaType = 'AVRO', schema }: Listed): boolean => {
    const versions = found.get(subject) ?? new Map<number, VersionState>()
    const isNew = !versions.has(version)
    versions.set(version, { id, schemaType, schema })
    found.set(subject, versions)
    return isNew
  }
  const first = await page(registry, 0)
  if (first) {
    for (let some = first, at = pageSize; ; at += pageSize) {
      const added = some.filter(add).length
      // A registry that does not know pages gives all of them each time.
      if (some.length < pageSize || added === 0) break
      some = (await page(registry, at)) ?? []
    }
  } else {
    const subjects = (await registry.get('/subjects')) as readonly string[]
    for (let at = 0; at < subjects.length; at += portion) {
      await Promise.all(subjects.slice(at, at + portion).map((subject) => eachVersion(registry, subject, add)))
    }
  }
  return new Map([...found].map(([subject, versions]) => [subject, { versions }]))
}

/** Undefined: the registry has no list of all schemas. */
async function page(registry: RegistryReader, offset: number): Promise<readonly Listed[] | undefined> {
  try {
    const listed = await registry.get(`/schemas?offset=${offset}&limit=${pageSize}`)
    return Array.isArray(listed) ? (listed as readonly Listed[]) : undefined
  } catch (error) {
    if (error instanceof RegistryCallError && (error.code === 404 || error.code === 405)) return undefined
    throw error
  }
}

async function eachVersion(registry: RegistryReader, subject: string, add: (listed: Listed) => unknown): Promise<void> {
  const path = `/subjects/${encodeURIComponent(subject)}/versions`
  for (const number of (await registry.get(path)) as readonly number[]) {
    add({ ...((await registry.get(`${path}/${number}`)) as Listed), subject, version: number })
  }
}
