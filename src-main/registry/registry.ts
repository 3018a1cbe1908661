import type { ParsedSchema } from './kind'
import { SchemaParser } from './parser'
import type { RegistryRecord } from './records'
import { RegistryError, type Schema, SchemaError, type Version } from './schema'
import { RegistryState } from './state'

/** State and parser: what the operations of the registry read. They change nothing: they return the records to write. */
export class Registry {
  readonly state = new RegistryState()
  readonly parser = new SchemaParser(this.state)
}

/** What an operation answers, and the records that make it so. */
export interface Outcome<T> {
  readonly records: readonly RegistryRecord[]
  readonly answer: T
}

/** A number, or `latest`. */
export type VersionNumber = number | 'latest'

const largestVersion = 2_147_483_647

/** @throws RegistryError 42202 */
export function versionNumberOf(text: string): VersionNumber {
  if (text === 'latest' || text === '-1') return 'latest'
  const number = /^\d{1,10}$/.test(text) ? Number(text) : 0
  if (number >= 1 && number <= largestVersion) return number
  throw new RegistryError(
    42202,
    `The specified version '${text}' is not a valid version id. Allowed values are between [1, 2^31-1] and the string "latest"`,
  )
}

/** @throws RegistryError 40401, 40402 */
export function versionOf(registry: Registry, subject: string, number: VersionNumber, withDeleted: boolean): Version {
  const versions = registry.state.versions(subject, withDeleted ? 'all' : 'live')
  const latest = versions.at(-1)
  if (!latest) throw subjectNotFound(subject)
  const version = number === 'latest' ? latest : versions.find((other) => other.version === number)
  if (!version) throw versionNotFound(number)
  return version
}

export function subjectNotFound(subject: string): RegistryError {
  return new RegistryError(40401, `Subject '${subject}' not found.`)
}

export function versionNotFound(version: VersionNumber): RegistryError {
  return new RegistryError(40402, `Version ${version} not found.`)
}

/** @throws RegistryError 42201 */
export function parseNew(
  registry: Registry,
  schema: Schema,
  subject: string,
  options: { readonly isNew: boolean; readonly normalize: boolean },
): ParsedSchema {
  try {
    return registry.parser.parse(schema, subject, options)
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error
    throw new RegistryError(42201, `Invalid schema ${shown(schema)}, details: ${error.message}`)
  }
}

function shown({ type, text, references }: Schema): string {
  const short = text.length > 1000 ? `${text.slice(0, 1000)}…` : text
  const names = references.map(
    ({ name, subject, version }) => `{name='${name}', subject='${subject}', version=${version}}`,
  )
  return `{subject=?, version=-1, id=-1, schemaType=${type}, references=[${names.join(', ')}], schema=${short}}`
}
