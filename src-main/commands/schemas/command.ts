import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { RegistryCallError, RegistryClient } from '../../client/registry-client'
import { type FlagSpec, type FlagValues, readFlags } from '../../options/flags'
import { UsageError } from '../../options/serve'

const said = { noVariable: true } as const

const flags = {
  'registry-url': { value: 'URL', help: 'the schema registry (http://localhost:8081)' },
  user: { value: 'USER:PASSWORD', help: 'basic authentication' },
  token: { value: 'TOKEN', help: 'bearer authentication' },
  type: { value: 'TYPE', help: 'avro, protobuf or json; by default what the ending of the file says', ...said },
  reference: {
    value: 'NAME=SUBJECT:VERSION',
    help: 'a schema that this one refers to; may be given several times',
    separator: ';',
    ...said,
  },
  'all-versions': { value: null, help: 'check: against every version that the level of the subject asks for', ...said },
  normalize: { value: null, help: 'register, check: in the normalized form', ...said },
  deleted: { value: null, help: 'list: subjects that are soft-deleted too', ...said },
  json: { value: null, help: 'the answer as JSON', ...said },
  help: { value: null, help: 'this text', ...said },
} satisfies Record<string, FlagSpec>

type Given = FlagValues<keyof typeof flags>

const verbs = ['list', 'get', 'register', 'check'] as const

export interface SchemasParts {
  readonly environment: NodeJS.ProcessEnv
  print(text: string): void
}

/**
 * Runs `ottla schemas ...` against any registry that speaks Confluent's API.
 *
 * @returns false when a check found the schema incompatible
 * @throws UsageError, RegistryCallError, whose messages are sentences for the user
 */
export async function schemasCommand(argv: readonly string[], { environment, print }: SchemasParts): Promise<boolean> {
  const words: string[] = []
  const given = readFlags(argv, environment, flags, words)
  const [verb, subject, file] = words
  if (given.help || verb === undefined) {
    print(help())
    return true
  }
  if (!(verbs as readonly string[]).includes(verb)) {
    throw new UsageError(`There is no "ottla schemas ${verb}"; there are ${verbs.join(', ')}.`)
  }
  const client = new RegistryClient(given['registry-url']?.[0] ?? 'http://localhost:8081', {
    user: given.user?.[0] ?? null,
    token: given.token?.[0] ?? null,
  })
  if (verb === 'list') return await list(client, subject ?? '', given, print)
  if (subject === undefined) throw new UsageError(`Specify the subject: ottla schemas ${verb} SUBJECT.`)
  if (verb === 'get') return await get(client, subject, file ?? 'latest', given, print)
  if (file === undefined) throw new UsageError(`Specify the file: ottla schemas ${verb} SUBJECT FILE.`)
  const body = bodyOf(file, given)
  return verb === 'register'
    ? await register(client, subject, body, given, print)
    : await check(client, subject, body, given, print)
}

type Print = SchemasParts['print']

async function list(client: RegistryClient, prefix: string, given: Given, print: Print): Promise<boolean> {
  const query = given.deleted ? '?deleted=true' : ''
  const subjects = ((await client.get(`/subjects${query}`)) as readonly string[]).filter((one) =>
    one.startsWith(prefix),
  )
  print(given.json ? `${JSON.stringify(subjects)}\n` : subjects.map((subject) => `${subject}\n`).join(''))
  return true
}

async function get(
  client: RegistryClient,
  subject: string,
  version: string,
  given: Given,
  print: Print,
): Promise<boolean> {
  const path = `/subjects/${encodeURIComponent(subject)}/versions/${encodeURIComponent(version)}`
  const found = (await client.get(path)) as { readonly schema: string }
  print(given.json ? `${JSON.stringify(found)}\n` : `${found.schema.trimEnd()}\n`)
  return true
}

async function register(
  client: RegistryClient,
  subject: string,
  body: object,
  given: Given,
  print: Print,
): Promise<boolean> {
  const query = given.normalize ? '?normalize=true' : ''
  const path = `/subjects/${encodeURIComponent(subject)}`
  const { id } = (await client.post(`${path}/versions${query}`, body).catch((error: unknown) => {
    throw error instanceof RegistryCallError ? withLines(error) : error
  })) as { readonly id: number }
  const { version } = (await client.post(`${path}${query}`, body)) as { readonly version: number }
  print(given.json ? `${JSON.stringify({ subject, version, id })}\n` : `${subject} version ${version}, id ${id}\n`)
  return true
}

/** The details of an incompatible schema as `check` prints them: one a line, without the whole earlier schema. */
function withLines({ message, code }: RegistryCallError): RegistryCallError {
  const [, sentence, details, end] = /^(.*), details: \[(.*)\](.*)$/s.exec(message) ?? []
  if (sentence === undefined || details === undefined) return new RegistryCallError(message, code)
  const lines = details.split(/, (?=\{\w+:)/).filter(isDetail)
  return new RegistryCallError([`${sentence}${end}`, ...lines.map((line) => `  ${line}`)].join('\n'), code)
}

/** Of what a registry says of two schemas, the earlier one is not printed: it can be long, and `get` prints it. */
function isDetail(message: string): boolean {
  return !message.startsWith('{oldSchema:')
}

/** A name that was mistyped is compatible with anything, so a check says when there is nothing to compare with. */
async function hasNoVersions(client: RegistryClient, subject: string): Promise<boolean> {
  try {
    await client.get(`/subjects/${encodeURIComponent(subject)}/versions`)
    return false
  } catch (error) {
    if (error instanceof RegistryCallError && error.code === 40401) return true
    throw error
  }
}

async function check(
  client: RegistryClient,
  subject: string,
  body: object,
  given: Given,
  print: Print,
): Promise<boolean> {
  const query = new URLSearchParams({ verbose: 'true', ...(given.normalize ? { normalize: 'true' } : {}) })
  const against = given['all-versions'] ? '' : '/latest'
  const path = `/compatibility/subjects/${encodeURIComponent(subject)}/versions${against}?${query}`
  const answer = (await client.post(path, body)) as {
    readonly is_compatible: boolean
    readonly messages?: readonly string[]
  }
  const { is_compatible: isCompatible, messages = [] } = answer
  if (given.json) print(`${JSON.stringify({ subject, isCompatible, messages })}\n`)
  else {
    const lines = messages.filter(isDetail)
    const isNew = isCompatible && (await hasNoVersions(client, subject))
    const verdict = isCompatible ? 'compatible' : 'not compatible'
    const said = isNew ? `${verdict}: the subject has no versions yet` : verdict
    print(`${subject}: ${said}\n${lines.map((line) => `  ${line}\n`).join('')}`)
  }
  return isCompatible
}

/** The body of a registration or a check. @throws UsageError */
function bodyOf(file: string, given: Given): object {
  let schema: string
  try {
    schema = readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    throw new UsageError(`The schema cannot be read: ${error instanceof Error ? error.message : String(error)}.`)
  }
  return { schema, schemaType: typeOf(file, given), references: (given.reference ?? []).map(referenceOf) }
}

function typeOf(file: string, given: Given): string {
  const types: Readonly<Record<string, string>> = {
    avro: 'AVRO',
    '.avsc': 'AVRO',
    protobuf: 'PROTOBUF',
    '.proto': 'PROTOBUF',
    json: 'JSON',
    '.json': 'JSON',
  }
  const type = types[(given.type?.[0] ?? extname(file)).toLowerCase()]
  if (type) return type
  throw new UsageError('The ending of the file says no type: give --type avro, --type protobuf or --type json.')
}

function referenceOf(text: string): object {
  const match = /^(.+)=(.+):(\d+|latest)$/.exec(text)
  if (!match) throw new UsageError(`--reference is "${text}"; it needs the form NAME=SUBJECT:VERSION.`)
  return { name: match[1], subject: match[2], version: match[3] === 'latest' ? -1 : Number(match[3]) }
}

function help(): string {
  const rows = Object.entries<FlagSpec>(flags).map(([name, spec]) => ({
    flag: `--${name}${spec.value === null ? '' : ` ${spec.value}`}`,
    help: spec.help,
  }))
  const width = Math.max(...rows.map(({ flag }) => flag.length))
  return [
    'ottla schemas: subjects of a schema registry, for scripts and CI',
    '',
    '  ottla schemas list [PREFIX]',
    '  ottla schemas get SUBJECT [VERSION]',
    '  ottla schemas register SUBJECT FILE',
    '  ottla schemas check SUBJECT FILE      exit code 1 when it is not compatible',
    '',
    ...rows.map(({ flag, help: text }) => `  ${flag.padEnd(width)}  ${text}`),
    '',
  ].join('\n')
}
