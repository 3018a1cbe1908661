import { existsSync } from 'node:fs'
import type { Clock } from '../../base/clock'
import { KafkaClient } from '../../client/client'
import { readBootstrap } from '../../client/config/client-config'
import type { Dial } from '../../client/dial'
import { readOnly } from '../../client/read-only'
import { type ClientSettings, defaultSettings, nameOf } from '../../client/settings'
import { isLoopback } from '../../options/listener'
import { UsageError } from '../../options/serve'
import { readNamedConfig, type StoredSettings } from '../config-file'

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
  return new KafkaClient({ ...(await settingsOf('from', text, secretFile, parts)), forbids }, parts)
}

/** The broker that is written to. Nobody writes to a shared cluster by a slip of the hand. @throws UsageError, SettingsError */
export async function targetClient(
  text: string | undefined,
  isAllowed: boolean,
  parts: ConnectParts,
): Promise<KafkaClient> {
  const settings = await settingsOf('to', text ?? 'localhost:9092', null, parts)
  const away = settings.bootstrap.find(({ host }) => !isLoopback(host))
  if (away && !isAllowed) {
    throw new UsageError(`${nameOf(away)} is not on this machine: add --writable to write there.`)
  }
  return new KafkaClient(settings, parts)
}

async function settingsOf(
  flag: 'from' | 'to',
  text: string,
  secretFile: string | null,
  { clock, version, warn, stored }: ConnectParts,
): Promise<ClientSettings> {
  const own = { ...defaultSettings, clientId: 'ottla-copy', softwareVersion: version }
  if (!existsSync(text) && /^[^/\\]+:\d+$/.test(text)) return { ...own, bootstrap: readBootstrap(text) }
  const { settings, ignored } = await readNamedConfig(flag, text, { stored, secretFile, now: () => clock.now() })
  if (ignored.length > 0) warn(`${text}: not understood, and ignored: ${ignored.join(', ')}`)
  if (!settings.bootstrap) throw new UsageError(`${text} names no bootstrap.servers.`)
  return { ...own, ...settings, bootstrap: settings.bootstrap }
}
