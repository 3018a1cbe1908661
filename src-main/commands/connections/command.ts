import type { Connections } from '../../connections/connections'
import { variableOfSecret } from '../../connections/headless-secrets'
import { type FlagSpec, readFlags } from '../../options/flags'
import { UsageError } from '../../options/serve'
import { table } from '../groups/output'

const flags = {
  json: { value: null, help: 'one line of JSON for each connection', noVariable: true },
  help: { value: null, help: 'this text', noVariable: true },
} satisfies Record<string, FlagSpec>

export interface ConnectionsCommandParts {
  readonly environment: NodeJS.ProcessEnv
  readonly print: (text: string) => void
  readonly warn: (text: string) => void
  readonly connections: Connections
}

/**
 * Runs `ottla connections ...`. No secret is printed: only how each is called in the environment.
 *
 * @throws UsageError, UserError
 */
export async function connectionsCommand(argv: readonly string[], parts: ConnectionsCommandParts): Promise<boolean> {
  const words: string[] = []
  const given = readFlags(argv, parts.environment, flags, words)
  const [verb, name, ...others] = words
  const { connections, print, warn } = parts
  if (given.help || verb === undefined) print(help)
  else if (verb === 'list' && name === undefined) list(connections, given.json !== undefined, print)
  else if (verb === 'accept' && name !== undefined && others.length === 0) {
    const connection = connections.named(name)
    if (!connection) throw new UsageError(`There is no stored connection ${name}.`)
    connections.pin(connection.id, null)
    print(`The next connect to ${connection.name} notes the id of the cluster.\n`)
  } else throw new UsageError('There are ottla connections list, and ottla connections accept NAME.')
  if (connections.problem !== null) warn(connections.problem)
  return true
}

function list(connections: Connections, isJson: boolean, print: (text: string) => void): void {
  const all = [...connections.all()].sort((a, b) => a.name.localeCompare(b.name))
  if (isJson) {
    for (const { id: _, ...connection } of all) print(`${JSON.stringify(connection)}\n`)
    return
  }
  if (all.length === 0) {
    print('No connection is stored. Add one on the Connections page of the desktop app.\n')
    return
  }
  const rows = all.map(({ name, stage, settings, secrets, clusterId }) => [
    name,
    stage ?? '-',
    settings['bootstrap.servers'] ?? '',
    settings['security.protocol'] ?? 'PLAINTEXT',
    clusterId ?? '-',
    secrets.map((setting) => variableOfSecret(name, setting)).join(' ') || '-',
  ])
  print(table([['NAME', 'STAGE', 'SERVERS', 'SECURITY', 'CLUSTER-ID', 'SECRETS-FROM'], ...rows]))
}

const help = [
  'ottla connections: the connections to clusters elsewhere that are stored on this machine',
  '',
  '  ottla connections list [--json]      their names, servers, and the variables that secrets are read from',
  '  ottla connections accept NAME        the next connect accepts a cluster with another id',
  '',
  'A name goes wherever a cluster does: ottla serve --cluster NAME, ottla doctor NAME, ottla copy --from NAME.',
  'The desktop app alone can decrypt stored secrets; here they come from the environment, --secret-file, or are typed.',
  '',
].join('\n')
