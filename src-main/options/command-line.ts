import { dirname, join } from 'node:path'
import type { LogLevel } from '../base/log'
import { type FlagSpec, type FlagValues, misspelledVariables, readFlags, variableOf, writtenAs } from './flags'
import { type KafkaEnvironment, readKafkaEnvironment } from './kafka-environment'
import {
  type HostPort,
  isPort,
  type ListenerOptions,
  listenersProblem,
  loopbackHosts,
  parseHostPort,
  parseListener,
} from './listener'
import { type RegistryOptions, type ServeOptions, UsageError } from './serve'
import type { SettingName } from './workspace-settings'

const flags = {
  port: { value: 'PORT', help: 'port of the broker (9092); 0 takes a free one' },
  'ui-port': {
    value: 'PORT',
    help: 'port of the pages (the port of the broker + 1000; with --cluster else the next free one); 0 takes a free one',
  },
  'no-ui': { value: null, help: 'serve no pages' },
  metrics: { value: null, help: 'GET /metrics on the port of the pages answers in the text format of Prometheus' },
  'registry-port': {
    value: 'PORT',
    help: 'port of the schema registry (8081, else the next free one); 0 takes a free one',
  },
  'no-registry': { value: null, help: 'serve no schema registry' },
  'decoding-registry': {
    value: 'FILE',
    help: "a properties file with another registry's schema.registry.url and credentials: the pages read values with it",
  },
  file: { value: 'FILE.ottla', help: 'the workspace; made when it is not there' },
  memory: { value: null, help: 'keep everything in memory and forget it at the end' },
  cluster: {
    value: 'FILE|NAME',
    help: "no broker: the pages show the cluster of this client.properties (Java's or librdkafka's names), or of this stored connection, read-only",
  },
  unlock: {
    value: 'NAME',
    help: 'with --writable: the name of a cluster in production (ottla.stage), which may be changed for 15 minutes',
    noVariable: true,
  },
  'secret-file': {
    value: 'FILE',
    help: 'with --cluster NAME: properties with the secrets of the connection, e.g. sasl.password',
    noVariable: true,
  },
  writable: { value: null, help: 'with --cluster: what the pages show may be changed too', noVariable: true },
  host: { value: 'ADDRESS', help: 'bind this address too; localhost is always bound', separator: ',' },
  advertise: {
    value: '[NAME=]HOST:PORT',
    help: 'what clients are told to connect to, also of a named listener; by default what they dialled',
    separator: ',',
  },
  listener: {
    value: '[NAME=]PROTOCOL://HOST:PORT',
    help: 'one more listener, e.g. sasl_ssl://127.0.0.1:9094',
    separator: ',',
  },
  'no-plaintext': { value: null, help: 'open no listener besides those of --listener and of the settings' },
  config: { value: 'KEY=VALUE', help: 'a broker config, as in server.properties', separator: ';' },
  json: { value: null, help: 'say on stdout in one line of JSON when ready' },
  'log-level': { value: 'LEVEL', help: 'debug, info, warn or error (info)' },
} satisfies Record<string, FlagSpec>

type Flag = keyof typeof flags

/** What the user wrote: the flag, or its variable. */
type Written = (flag: Flag) => string

/** Where clients look for a schema registry by custom. */
const registryPort = 8081

const logLevels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

/**
 * Options of `ottla serve` from the command line and the environment.
 *
 * @param defaultFile path of the workspace when neither `--file` nor `--memory` is given
 * @throws UsageError with one sentence for the user
 */
export function readServeOptions(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
  defaultFile: string,
): ServeOptions {
  const given = readFlags<Flag>(argv, environment, flags)
  const written: Written = (flag) => writtenAs(flag, argv)
  const kafka = readKafkaEnvironment(environment)
  const port = given.port ? portOf(written('port'), given.port[0]!) : (kafka.listener?.port ?? 9092)
  const told = advertisedOf(given, written)
  const first: ListenerOptions = {
    name: kafka.listener?.name ?? 'PLAINTEXT',
    securityProtocol: kafka.listener?.securityProtocol ?? 'PLAINTEXT',
    hosts: hostsOf(given),
    port,
    advertise: told.get('') ?? kafka.listener?.advertise ?? null,
  }
  const others = (given.listener ?? []).map((text) => listenerOf(text, written))
  const listeners = [...(given['no-plaintext'] ? [] : [first]), ...others].map((listener) => ({
    ...listener,
    advertise: told.get(listener.name) ?? listener.advertise,
  }))
  const stranger = [...told.keys()].find((name) => name !== '' && !listeners.some((listener) => listener.name === name))
  if (stranger !== undefined) throw new UsageError(`--advertise names ${stranger}; there is no such listener.`)
  if (listeners.length === 0) {
    throw new UsageError(
      '--no-plaintext leaves nothing to open: name a listener, e.g. --listener ssl://127.0.0.1:9093.',
    )
  }
  const problem = listenersProblem(listeners)
  if (problem) throw new UsageError(problem)
  return {
    listeners,
    decided: decidedBy(given, told, kafka),
    uiPort: uiPortOf(given, port, written),
    metrics: metricsOf(given),
    metricsPort: uiPortOf(given, port, written),
    registry: registryOf(given, port, written),
    ...(given['decoding-registry'] ? { decodingRegistry: given['decoding-registry'][0]! } : {}),
    file: fileOf(given, defaultFile),
    fileIsDefault: !given.file && !given.memory,
    ...clusterOf(given, dirname(defaultFile)),
    config: Object.fromEntries((given.config ?? []).map((text) => configOf(text, written))),
    softConfig: kafka.config,
    notes: [
      ...(given.host ? [] : kafka.notes),
      ...misspelledVariables(environment, flags).map(
        ([variable, likely]) => `${variable} has no effect: did you mean ${likely}?`,
      ),
    ],
    json: given.json !== undefined,
    logLevel: logLevelOf(given, written),
  }
}

/** Settings of the workspace that the command line or the environment takes the place of. */
function decidedBy(
  given: FlagValues<Flag>,
  told: ReadonlyMap<string, HostPort>,
  kafka: KafkaEnvironment,
): readonly SettingName[] {
  return [
    ...when(given.port || kafka.listener, 'ottla.port'),
    ...when(given.host || kafka.listener, 'ottla.interfaces'),
    ...when(told.has('') || kafka.listener?.advertise, 'ottla.advertise'),
    ...when(given.listener, 'ottla.listeners'),
    ...when(given.metrics || given['no-ui'], 'ottla.metrics'),
    ...when(given['no-plaintext'], 'ottla.port', 'ottla.interfaces', 'ottla.advertise', 'ottla.plaintext'),
  ]
}

function when(isSo: unknown, ...names: readonly SettingName[]): readonly SettingName[] {
  return isSo ? names : []
}

/** What `ottla serve --help` prints. */
export function serveHelp(): string {
  const lines = Object.entries<FlagSpec>(flags).map(([name, spec]) => ({
    flag: `--${name}${spec.value === null ? '' : ` ${spec.value}`}`,
    help: spec.noVariable ? spec.help : `${spec.help} [${variableOf(name)}]`,
  }))
  const width = Math.max(...lines.map(({ flag }) => flag.length))
  const rows = lines.map(({ flag, help }) => `  ${flag.padEnd(width)}  ${help}`)
  return [
    'ottla serve: a Kafka broker in one file, without a window',
    '',
    ...rows,
    '',
    'Broker configs can also come as KAFKA_* variables, e.g. KAFKA_NUM_PARTITIONS=3.',
    '',
  ].join('\n')
}

function portOf(written: string, text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (!isPort(port)) throw new UsageError(`${written} is "${text}"; a port is a number from 0 to 65535.`)
  return port
}

/** A cluster elsewhere has neither a file nor listeners here. @throws UsageError */
function clusterOf(given: FlagValues<Flag>, folder: string): Pick<ServeOptions, 'cluster'> {
  const word = given.cluster?.[0]
  if (word === undefined) {
    if (given.writable) throw new UsageError('--writable goes with --cluster.')
    if (given.unlock) throw new UsageError('--unlock goes with --cluster and --writable.')
    if (given['secret-file']) throw new UsageError('--secret-file goes with --cluster.')
    return {}
  }
  const other = (['file', 'memory', 'listener', 'no-ui', 'metrics'] as const).find((name) => given[name])
  if (other) throw new UsageError(`--cluster and --${other} exclude each other.`)
  return {
    cluster: {
      from: { word },
      writing: given.writable ? 'always' : 'never',
      takesNextPort: !given.port && !given['ui-port'],
      secretFile: given['secret-file']?.[0] ?? null,
      unlocked: given.unlock?.[0] ?? null,
      auditFile: join(folder, 'audit.jsonl'),
      tokenFile: join(folder, 'page-tokens.json'),
    },
  }
}

function metricsOf(given: FlagValues<Flag>): boolean {
  if (!given.metrics) return false
  if (given['no-ui']) throw new UsageError('--metrics needs the port of the pages: leave out --no-ui.')
  return true
}

function uiPortOf(given: FlagValues<Flag>, port: number, written: Written): number | null {
  if (given['no-ui']) return null
  if (given['ui-port']) return portOf(written('ui-port'), given['ui-port'][0]!)
  return port === 0 || port + 1000 > 65_535 ? 0 : port + 1000
}

function registryOf(given: FlagValues<Flag>, port: number, written: Written): RegistryOptions | null {
  if (given['no-registry']) return null
  const named = given['registry-port']?.[0]
  if (named !== undefined) return { port: portOf(written('registry-port'), named), takesNext: false }
  return { port: port === 0 ? 0 : registryPort, takesNext: true }
}

function hostsOf(given: FlagValues<Flag>): readonly string[] {
  if (!given.host) return loopbackHosts
  const extra = given.host.filter((host) => host !== 'localhost')
  // A wildcard covers the loopback address of its family; Node's `::` covers both families.
  if (extra.includes('::')) return ['::']
  const loopback = extra.includes('0.0.0.0') ? ['::1'] : loopbackHosts
  return [...new Set([...loopback, ...extra])]
}

/** What clients are told, by the name of the listener; '' is the first. */
function advertisedOf(given: FlagValues<Flag>, written: Written): ReadonlyMap<string, HostPort> {
  const told = new Map<string, HostPort>()
  for (const text of given.advertise ?? []) {
    const [, name = '', address = ''] = /^(?:(\w+)=)?(.*)$/.exec(text) ?? []
    const parsed = parseHostPort(address)
    if (!parsed || parsed.port === 0)
      throw new UsageError(`${written('advertise')} is "${text}"; it needs the form HOST:PORT.`)
    if (told.has(name.toUpperCase())) throw new UsageError('--advertise is given twice for one listener.')
    told.set(name.toUpperCase(), parsed)
  }
  return told
}

function listenerOf(text: string, written: Written): ListenerOptions {
  const listener = parseListener(text)
  if (listener) return listener
  throw new UsageError(
    `${written('listener')} is "${text}"; it needs the form PROTOCOL://HOST:PORT, e.g. sasl_ssl://127.0.0.1:9094.`,
  )
}

function fileOf(given: FlagValues<Flag>, defaultFile: string): string | null {
  if (given.memory && given.file) throw new UsageError('--file and --memory exclude each other.')
  return given.memory ? null : (given.file?.[0] ?? defaultFile)
}

function configOf(text: string, written: Written): [string, string] {
  const match = /^\s*([^=\s]+)\s*=([\s\S]*)$/.exec(text)
  if (!match) throw new UsageError(`${written('config')} is "${text}"; it needs the form KEY=VALUE.`)
  return [match[1]!, match[2]!.trim()]
}

function logLevelOf(given: FlagValues<Flag>, written: Written): LogLevel {
  const text = given['log-level']?.[0] ?? 'info'
  const level = logLevels.find((known) => known === text)
  if (!level) throw new UsageError(`${written('log-level')} is "${text}"; it can be ${logLevels.join(', ')}.`)
  return level
}
