import type { Clock } from '../../base/clock'
import { readBootstrap } from '../../client/config/client-config'
import { type DoctorParts, examine, type Finding } from '../../client/doctor'
import { readOnly } from '../../client/read-only'
import { type ClientSettings, defaultSettings } from '../../client/settings'
import { type FlagSpec, readFlags } from '../../options/flags'
import { UsageError } from '../../options/serve'
import { readNamedConfig, type StoredSettings } from '../config-file'

const flags = {
  cluster: {
    value: 'FILE|NAME',
    help: "the client.properties to try (Java's or librdkafka's names), or a stored connection",
  },
  'secret-file': { value: 'FILE', help: 'properties with the secrets of the stored connection', noVariable: true },
  help: { value: null, help: 'this text', noVariable: true },
} satisfies Record<string, FlagSpec>

export interface DoctorCommandParts extends Pick<DoctorParts, 'dial' | 'resolve'> {
  readonly clock: Clock
  readonly environment: NodeJS.ProcessEnv
  readonly version: string
  readonly print: (text: string) => void
  readonly warn: (text: string) => void
  readonly stored: StoredSettings
}

/**
 * Runs `ottla doctor ...`.
 *
 * @returns false when a step failed; it was said which, and why
 * @throws UsageError, SettingsError
 */
export async function doctorCommand(argv: readonly string[], parts: DoctorCommandParts): Promise<boolean> {
  const words: string[] = []
  const given = readFlags(argv, parts.environment, flags, words)
  if (given.help) {
    parts.print(help)
    return true
  }
  if (words.length > 1 || (words.length === 1 && given.cluster)) {
    throw new UsageError('The doctor tries one cluster: --cluster FILE, a stored connection, or HOST:PORT.')
  }
  const [word] = words
  // A server has a port; a stored connection has none in its name.
  const isServer = word === undefined || /:\d+$/.test(word)
  const named = given.cluster?.[0] ?? (isServer ? undefined : word)
  const settings = await settingsOf(word, named, given['secret-file']?.[0] ?? null, parts)
  let isFine = true
  for await (const finding of examine(settings, parts)) {
    parts.print(lineOf(finding))
    isFine &&= finding.passed
  }
  parts.print(isFine ? 'Everything works.\n' : 'Something fails: see above.\n')
  return isFine
}

async function settingsOf(
  server: string | undefined,
  named: string | undefined,
  secretFile: string | null,
  { clock, version, warn, stored }: DoctorCommandParts,
): Promise<ClientSettings> {
  const forbids = readOnly('The doctor writes nothing.')
  const own = { ...defaultSettings, clientId: 'ottla-doctor', softwareVersion: version, forbids }
  if (named === undefined) return { ...own, bootstrap: readBootstrap(server ?? 'localhost:9092') }
  const { settings, ignored } = await readNamedConfig('cluster', named, { stored, secretFile, now: () => clock.now() })
  if (ignored.length > 0) warn(`${named}: not understood, and ignored: ${ignored.join(', ')}`)
  if (!settings.bootstrap) throw new UsageError(`${named} names no bootstrap.servers.`)
  return { ...own, ...settings, bootstrap: settings.bootstrap }
}

function lineOf({ step, at, passed, text, advice }: Finding): string {
  // Sentences about a connection begin with its name.
  const what = text.startsWith(`${at} `) ? text : `${at}: ${text}`
  const first = `${passed ? 'ok    ' : 'FAILED'}  ${step.padEnd(11)}  ${what}\n`
  return advice === null ? first : `${first}${' '.repeat(21)}${advice}\n`
}

const help = [
  'ottla doctor: tries every step of a connection to a cluster, and every address that it advertises',
  '',
  '  ottla doctor                               the broker on localhost:9092',
  '  ottla doctor HOST:PORT',
  '  ottla doctor NAME                          a stored connection: ottla connections list',
  '  ottla doctor --cluster client.properties',
  '',
  'A setting in that file dials other addresses than the advertised ones, with the names of TLS kept:',
  '  ottla.addresses=kafka-1:9092=localhost:19092,#2=localhost:19094,*.svc=localhost:{19092+id},*=bootstrap',
  '',
  'Nothing is written. The exit code is 1 when a step failed.',
  '',
].join('\n')
