import { readFileSync } from 'node:fs'
import { readClientConfig } from './client/config/client-config'
import type { ClientSettings } from './client/settings'
import { defaultSettings, nameOf } from './client/settings'
import { type ClusterLabel, clusterStages } from './contract/workspace'
import { UsageError } from './options/serve'

/** The settings of `--cluster FILE`, and how the pages name the cluster: client.properties of Java, or librdkafka's names. @throws UsageError, SettingsError */
export function clusterSettings(
  file: string,
  version: string,
  warn: (text: string) => void,
): { readonly settings: Omit<ClientSettings, 'forbids'>; readonly label: Omit<ClusterLabel, 'isReadOnly'> } {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`--cluster cannot be read: ${error instanceof Error ? error.message : String(error)}.`)
  }
  const { settings, name, stage, ignored } = readClientConfig(text, Date.now)
  const { bootstrap } = settings
  if (!bootstrap) throw new UsageError(`${file} names no bootstrap.servers.`)
  if (ignored.length > 0) warn(`${file}: not understood, and ignored: ${ignored.join(', ')}`)
  const known = clusterStages.find((one) => one === stage)
  if (stage !== null && !known) {
    throw new UsageError(`ottla.stage is ${stage}; it can be ${clusterStages.join(', ')}.`)
  }
  return {
    settings: { ...defaultSettings, clientId: 'ottla', softwareVersion: version, ...settings, bootstrap },
    label: { name: name ?? bootstrap.map(nameOf).join(', '), stage: known ?? null },
  }
}
