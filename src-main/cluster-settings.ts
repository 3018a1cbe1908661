import { clientConfigOf } from './client/config/client-config'
import { type ClientSettings, defaultSettings, nameOf } from './client/settings'
import { type ClusterColor, type ClusterLabel, clusterStages } from './contract/workspace'
import { UsageError } from './options/serve'

/** Pages say after this time that a cluster does not answer, and ask again; default.api.timeout.ms sets another. */
const callTimeoutMs = 15_000

/** A cluster elsewhere as it was named: a file of client properties, or a stored connection. It holds secrets. */
export interface NamedCluster {
  /** Settings by their names. */
  readonly properties: ReadonlyMap<string, string>
  /** Where they are from, for messages. */
  readonly origin: string
  /** Of a stored connection; a file may have them in `ottla.name` and `ottla.stage`. */
  readonly label: Pick<ClusterLabel, 'name' | 'stage' | 'color'> | null
  /** Notes the id of the cluster at the first connect; `null`: it is not noted. */
  readonly pin: { readonly known: string | null; note(clusterId: string): Promise<void> } | null
}

/**
 * A cluster's client configuration, and how the pages name it.
 *
 * @throws UsageError, SettingsError with a sentence that shows no secret
 */
export function clusterSettings(
  { properties, origin, label }: Pick<NamedCluster, 'properties' | 'origin' | 'label'>,
  version: string,
  warn: (text: string) => void,
): {
  readonly settings: Omit<ClientSettings, 'forbids'>
  readonly label: {
    readonly name: string
    readonly stage: ClusterLabel['stage']
    readonly color: ClusterColor | null
  }
} {
  const { settings, name, stage, ignored } = clientConfigOf(properties, Date.now)
  const { bootstrap } = settings
  if (!bootstrap) throw new UsageError(`${origin} names no bootstrap.servers.`)
  if (ignored.length > 0) warn(`${origin}: not understood, and ignored: ${ignored.join(', ')}`)
  const known = clusterStages.find((one) => one === stage)
  if (stage !== null && !known) {
    throw new UsageError(`ottla.stage is ${stage}; it can be ${clusterStages.join(', ')}.`)
  }
  return {
    settings: {
      ...defaultSettings,
      callTimeoutMs,
      clientId: 'ottla',
      softwareVersion: version,
      ...settings,
      bootstrap,
    },
    label: label ?? { name: name ?? bootstrap.map(nameOf).join(', '), stage: known ?? null, color: null },
  }
}
