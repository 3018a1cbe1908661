import { existsSync } from 'node:fs'
import type { Clock } from '../../base/clock'
import { KafkaClient } from '../../client/client'
import { type ClientConfig, readBootstrap } from '../../client/config/client-config'
import type { Dial } from '../../client/dial'
import { readOnly } from '../../client/read-only'
import { type ClientSettings, defaultSettings, nameOf } from '../../client/settings'
import { isLoopback } from '../../options/listener'
import { UsageError } from '../../options/serve'
import { readNamedConfig, type StoredSettings } from '../config-file'
import type { Given } from './flags'

export interface ConnectParts {
  readonly clock: Clock
  readonly version: string
  /** By default TCP. */
  readonly dial?: Dial
  readonly warn: (text: string) => void
  readonly stored: StoredSettings
}

/** The cluster that is read: its client cannot write. @throws UsageError, SettingsError */
export async function sourceClient(
  text: string | undefined,
  secretFile: string | null,
  parts: ConnectParts,
): Promise<KafkaClient> {
  if (text === undefined)
    throw new UsageError(
      'Specify the cluster to read: --from client.properties, --from HOST:PORT, or a stored connection.',
    )
  const forbids = readOnly('A copy writes nothing to the cluster that it reads.')
  const { settings } = await configOf('from', text, secretFile, parts)
  return new KafkaClient({ ...settings, forbids }, parts)
}

/** The broker that is written to. Nobody writes to a shared cluster by a slip of the hand. @throws UsageError, SettingsError */
export async function targetClient({ to, writable, unlock }: Given, parts: ConnectParts): Promise<KafkaClient> {
  const { settings, name, stage } = await configOf('to', to?.[0] ?? 'localhost:9092', null, parts)
  const away = settings.bootstrap.find(({ host }) => !isLoopback(host))
  if (away && !writable) {
    throw new UsageError(`${nameOf(away)} is not on this machine: add --writable to write there.`)
  }
  const cluster = name ?? settings.bootstrap.map(nameOf).join(', ')
  // Also at an address of this machine: it may be a forwarded port.
  if (stage === 'production' && unlock?.[0]?.trim() !== cluster) {
    throw new UsageError(`${cluster} is marked as production: add --unlock "${cluster}" to write messages there.`)
  }
  return new KafkaClient(settings, parts)
}

async function configOf(
  flag: 'from' | 'to',
  text: string,
  secretFile: string | null,
  { clock, version, warn, stored }: ConnectParts,
): Promise<Pick<ClientConfig, 'name' | 'stage'> & { readonly settings: ClientSettings }> {
  const own = { ...defaultSettings, clientId: 'ottla-copy', softwareVersion: version }
  if (!existsSync(text) && /^[^/\\]+:\d+$/.test(text)) {
    return { settings: { ...own, bootstrap: readBootstrap(text) }, name: null, stage: null }
  }
  const { settings, name, stage, ignored } = await readNamedConfig(flag, text, {
    stored,
    secretFile,
    now: () => clock.now(),
  })
  if (ignored.length > 0) warn(`${text}: not understood, and ignored: ${ignored.join(', ')}`)
  if (!settings.bootstrap) throw new UsageError(`${text} names no bootstrap.servers.`)
  return { settings: { ...own, ...settings, bootstrap: settings.bootstrap }, name, stage }
}
