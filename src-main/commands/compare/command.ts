import { existsSync } from 'node:fs'
import type { Clock } from '../../base/clock'
import { UserError } from '../../base/user-error'
import { KafkaClient } from '../../client/client'
import { clientConfigOf, readBootstrap } from '../../client/config/client-config'
import type { Dial } from '../../client/dial'
import { readOnly } from '../../client/read-only'
import { RegistryClient } from '../../client/registry-client'
import { type ClientSettings, defaultSettings } from '../../client/settings'
import { clientCluster } from '../../compare/client-cluster'
import type { ComparedCluster } from '../../compare/cluster'
import { compareClusters } from '../../compare/compare'
import type { ComparedRow } from '../../contract/comparison'
import { type FlagSpec, type FlagValues, readFlags } from '../../options/flags'
import { UsageError } from '../../options/serve'
import { readConfigFile, type StoredSettings } from '../config-file'
import { table } from '../groups/output'

/** A flag of a comparison is given on the command line, never by a variable that somebody forgot. */
const said = { noVariable: true } as const

const flags = {
  topics: { value: 'PATTERN,...', help: 'only topics like these, e.g. orders,shop-*', separator: ',', ...said },
  'no-groups': { value: null, help: 'leave consumer groups out', ...said },
  'registry-a': { value: 'URL', help: 'the schema registry of A; with --registry-b schemas are compared too', ...said },
  'registry-b': { value: 'URL', help: 'the schema registry of B', ...said },
  'all-configs': {
    value: null,
    help: 'also configs that no topic sets itself, which are those of the brokers',
    ...said,
  },
  offsets: {
    value: null,
    help: 'also what changes while clients run: state, members, committed offsets and lag of groups',
    ...said,
  },
  'secret-file': { value: 'FILE', help: 'properties with the secrets of stored connections', ...said },
  json: { value: null, help: 'a line of JSON for each difference', ...said },
  help: { value: null, help: 'this text', ...said },
} satisfies Record<string, FlagSpec>

export interface CompareParts {
  readonly clock: Clock
  readonly environment: NodeJS.ProcessEnv
  readonly version: string
  readonly print: (text: string) => void
  readonly warn: (text: string) => void
  readonly stored: StoredSettings
  /** By default TCP. */
  readonly dial?: Dial
}

/**
 * Runs `ottla compare A B`. Nothing is written to either.
 *
 * @returns true when there is no difference
 * @throws UsageError, SettingsError, KafkaError, ClientError, RegistryCallError
 */
export async function compareCommand(argv: readonly string[], parts: CompareParts): Promise<boolean> {
  const words: string[] = []
  const given = readFlags(argv, parts.environment, flags, words)
  if (given.help || argv.length === 0) {
    parts.print(help())
    return true
  }
  const [a, b = 'localhost:9092', more] = words
  if (a === undefined || more !== undefined) {
    throw new UsageError(
      'Specify what to compare: ottla compare A B, each a client.properties, a stored connection, or HOST:PORT.',
    )
  }
  const registries = registriesOf(given)
  const secretFile = given['secret-file']?.[0] ?? null
  const clients: KafkaClient[] = []
  try {
    for (const word of [a, b]) clients.push(await clientOf(word, secretFile, parts))
    const [one, other] = clients.map((client, i) => chosen(clientCluster(client, registries?.[i] ?? null), given))
    if (!one || !other) return false
    const found = await differences(one, other, given, parts)
    parts.print(given.json ? found.map((row) => `${JSON.stringify(lineOf(row))}\n`).join('') : report(found, a, b))
    return found.length === 0
  } finally {
    for (const client of clients) client.dispose()
  }
}

type Given = FlagValues<keyof typeof flags>

/** @throws UserError when a side does not tell what is compared */
async function differences(
  a: ComparedCluster,
  b: ComparedCluster,
  given: Given,
  { warn }: CompareParts,
): Promise<readonly ComparedRow[]> {
  const rows: ComparedRow[] = []
  const refusals: string[] = []
  const parts = [
    'topics' as const,
    ...(given['no-groups'] ? [] : ['groups' as const]),
    ...(given['registry-a'] ? ['subjects' as const] : []),
  ]
  await compareClusters(
    { a, b },
    (item) => {
      if (item.type === 'rows') rows.push(...item.rows)
      else if (item.type === 'untold') (item.isAll ? (text: string) => refusals.push(text) : warn)(item.why)
    },
    new AbortController().signal,
    parts,
  )
  if (refusals[0] !== undefined) throw new UserError(refusals[0])
  const kinds = ['topic', 'config', 'group', 'subject']
  const order = ({ kind }: ComparedRow) => (kind === 'config' ? 0 : kinds.indexOf(kind))
  return rows
    .filter(({ verdict, about }) => {
      if (about === 'default' && !given['all-configs']) return false
      return verdict !== 'same' && (about !== 'activity' || given.offsets !== undefined)
    })
    .sort((x, y) => order(x) - order(y))
}

function chosen(cluster: ComparedCluster, { topics: wanted }: Given): ComparedCluster {
  const patterns = wanted?.map(patternOf)
  if (!patterns) return cluster
  const isWanted = (topic: string) => patterns.some((pattern) => pattern.test(topic))
  return {
    ...cluster,
    topics: async (untold) => new Map([...(await cluster.topics(untold))].filter(([name]) => isWanted(name))),
    groups: async (untold) =>
      new Map(
        [...(await cluster.groups(untold))].map(([name, group]) => [
          name,
          { ...group, offsets: group.offsets?.filter(({ topic }) => isWanted(topic)) ?? null },
        ]),
      ),
  }
}

function patternOf(text: string): RegExp {
  return new RegExp(
    `^${text
      .split('*')
      .map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
      .join('.*')}$`,
  )
}

function registriesOf(given: Given): readonly RegistryClient[] | null {
  const addresses = [given['registry-a']?.[0], given['registry-b']?.[0]].filter((url) => url !== undefined)
  if (addresses.length === 1) throw new UsageError('--registry-a and --registry-b are given together.')
  return addresses.length === 0 ? null : addresses.map((url) => new RegistryClient(url, { user: null, token: null }))
}

async function clientOf(text: string, secretFile: string | null, parts: CompareParts): Promise<KafkaClient> {
  const { clock, version, warn, dial, stored } = parts
  const forbids = readOnly('A comparison writes nothing.')
  const own = { ...defaultSettings, clientId: 'ottla-compare', softwareVersion: version, forbids }
  const settings = async (): Promise<ClientSettings> => {
    if (!existsSync(text) && /^[^/\\]+:\d+$/.test(text)) return { ...own, bootstrap: readBootstrap(text) }
    const now = () => clock.now()
    const properties = existsSync(text) ? undefined : await stored(text, secretFile)
    if (!existsSync(text) && !properties) {
      throw new UsageError(`There is no file ${text} and no stored connection with this name, and it is not HOST:PORT.`)
    }
    const { settings: read, ignored } = properties ? clientConfigOf(properties, now) : readConfigFile(text, text, now)
    if (ignored.length > 0) warn(`${text}: not understood, and ignored: ${ignored.join(', ')}`)
    if (!read.bootstrap) throw new UsageError(`${text} names no bootstrap.servers.`)
    return { ...own, ...read, bootstrap: read.bootstrap }
  }
  return new KafkaClient(await settings(), dial ? { clock, dial } : { clock })
}

/** Longer texts, such as schemas, are cut; --json has them whole. */
const mostCharacters = 60

function lineOf({ kind, name, what, a, b }: ComparedRow) {
  return { kind, name, what, a, b }
}

function report(found: readonly ComparedRow[], a: string, b: string): string {
  if (found.length === 0) return 'No differences.\n'
  const text = (value: string | null) => {
    if (value === null) return '-'
    return value.length > mostCharacters ? `${value.slice(0, mostCharacters)}…` : value
  }
  const rows = found.map((one) => [one.kind, one.name, one.what, text(one.a), text(one.b)])
  const count = found.length === 1 ? '1 difference' : `${found.length} differences`
  return `${table([['KIND', 'NAME', 'WHAT', `A ${a}`, `B ${b}`], ...rows])}${count}.\n`
}

function help(): string {
  const lines = Object.entries<FlagSpec>(flags).map(([name, { value, help: text }]) => {
    return `  ${`--${name}${value === null ? '' : ` ${value}`}`.padEnd(24)} ${text}`
  })
  return [
    'ottla compare: what is not the same in two clusters: topics, configs, groups, schemas',
    '',
    '  ottla compare A [B]      each a client.properties, a stored connection, or HOST:PORT; B is localhost:9092 unless it is given',
    '',
    ...lines,
    '',
    'Exit code 0: no differences; 1: there are some; 2: it could not be compared.',
    '',
  ].join('\n')
}
