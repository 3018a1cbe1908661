import { existsSync } from 'node:fs'
import type { Clock } from '../../base/clock'
import { KafkaClient } from '../../client/client'
import { readBootstrap } from '../../client/config/client-config'
import type { Dial } from '../../client/dial'
import { readOnly } from '../../client/read-only'
import { type ClientSettings, defaultSettings, nameOf } from '../../client/settings'
import { isLoopback } from '../../options/listener'
import { UsageError } from '../../options/serve'
import { readConfigFile } from '../config-file'

export interface ConnectParts {
  readonly clock: Clock
  readonly version: string
  /** By default TCP. */
  readonly dial?: Dial
  readonly warn: (text: string) => void
}

/** The cluster that is read: its client cannot write. @throws UsageError, SettingsError */
export function sourceClient(text: string | undefined, parts: ConnectParts): KafkaClient {
  if (text === undefined)
    throw new UsageError('Specify the cluster to read: --from client.properties, or --from HOST:PORT.')
  const forbids = readOnly('A copy writes nothing to the cluster that it reads.')
  return new KafkaClient({ ...settingsOf('from', text, parts), forbids }, parts)
}

/** The broker that is written to. Nobody writes to a shared cluster by a slip of the hand. @throws UsageError, SettingsError */
export function targetClient(text: string | undefined, isAllowed: boolean, parts: ConnectParts): KafkaClient {
  const settings = settingsOf('to', text ?? 'localhost:9092', parts)
  const away = settings.bootstrap.find(({ host }) => !isLoopback(host))
  if (away && !isAllowed) {
    throw new UsageError(`${nameOf(away)} is not on this machine: add --writable to write there.`)
  }
  return new KafkaClient(settings, parts)
}

function settingsOf(flag: 'from' | 'to', text: string, { clock, version, warn }: ConnectParts): ClientSettings {
  const own = { ...defaultSettings, clientId: 'ottla-copy', softwareVersion: version }
  if (!existsSync(text) && /^[^/\\]+:\d+$/.test(text)) return { ...own, bootstrap: readBootstrap(text) }
  const { settings, ignored } = readConfigFile(flag, text, () => clock.now())
  if (ignored.length > 0) warn(`${text}: not understood, and ignored: ${ignored.join(', ')}`)
  if (!settings.bootstrap) throw new UsageError(`${text} names no bootstrap.servers.`)
  return { ...own, ...settings, bootstrap: settings.bootstrap }
}
