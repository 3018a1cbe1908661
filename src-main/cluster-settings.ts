import { readFileSync } from 'node:fs'
import { readClientConfig } from './client/config/client-config'
import type { ClientSettings } from './client/settings'
import { defaultSettings } from './client/settings'
import { UsageError } from './options/serve'

/** The settings of `--cluster FILE`: client.properties of Java, or librdkafka's names. @throws UsageError, SettingsError */
export function clusterSettings(
  file: string,
  version: string,
  warn: (text: string) => void,
): Omit<ClientSettings, 'forbids'> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`--cluster cannot be read: ${error instanceof Error ? error.message : String(error)}.`)
  }
  const { settings, ignored } = readClientConfig(text, Date.now)
  const { bootstrap } = settings
  if (!bootstrap) throw new UsageError(`${file} names no bootstrap.servers.`)
  if (ignored.length > 0) warn(`${file}: not understood, and ignored: ${ignored.join(', ')}`)
  return { ...defaultSettings, clientId: 'ottla', softwareVersion: version, ...settings, bootstrap }
}
