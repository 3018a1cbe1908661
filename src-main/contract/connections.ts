import { type Checked, flag, list, map, oneOf, orNull, record, text, whole } from './check'
import { type ClusterColor, type ClusterStage, clusterColors, clusterStages } from './workspace'

/**
 * How secrets are kept: encrypted with a key of the system's keyring; encrypted with a password that is built into the app, because
 * the system has no keyring; or only in memory.
 */
export type SecretStorage = 'keyring' | 'builtInPassword' | 'memory'

/** A stored connection as pages see it: of a secret they learn only whether it is set. */
export interface ConnectionLine {
  readonly id: string
  readonly name: string
  readonly color: ClusterColor | null
  readonly stage: ClusterStage | null
  /** Settings of Kafka's clients by their names, without secrets. */
  readonly settings: Readonly<Record<string, string>>
  readonly secrets: readonly { readonly setting: string; readonly isSet: boolean }[]
  /** The id of the cluster at the first connect; a cluster with another id is refused. `null`: not connected yet. */
  readonly clusterId: string | null
}

export interface ConnectionsView {
  readonly connections: readonly ConnectionLine[]
  readonly secretStorage: SecretStorage
  /** Why the stored connections cannot be read or written, in a sentence. */
  readonly problem: string | null
  /** A connection can be opened in a window of its own from here. */
  readonly opensWindows: boolean
}

/** Far longer than any setting: certificates are the longest. */
const settingText = text(100_000)
const connectionName = text(100)
const id = text(64)

/** What a form saves. */
export const connectionDraft = record({
  /** `null`: a new one. */
  id: orNull(id),
  name: connectionName,
  color: orNull(oneOf(...clusterColors)),
  stage: orNull(oneOf(...clusterStages)),
  settings: map(settingText, 100),
  /** `null` removes a secret; one that is not named is kept. */
  secrets: map(orNull(settingText), 50),
  /** Without a keyring: store the secrets nevertheless, not only in memory. */
  storesSecrets: flag,
})
export type ConnectionDraft = Checked<typeof connectionDraft>

export const connectionId = record({ id })
export const connectionView = record({ id, view: orNull(text(2000)) })

/** Larger than any file of settings. */
const configText = text(1_000_000)
export const connectionFile = record({ text: configText, fileName: text(1000) })

/** Connections of a file that are added: the place of each in the file, and how it is called. */
export const connectionImport = record({
  text: configText,
  fileName: text(1000),
  chosen: list(record({ index: whole(0, 1000), name: connectionName }), 1000),
  storesSecrets: flag,
})

/** How one setting of a file was understood. */
export interface ReadSetting {
  /** As the file names it, e.g. `kafka.clusters[0].properties.sasl.mechanism`. */
  readonly given: string
  /** The settings of Kafka's clients that it became; empty: it was not understood. */
  readonly readAs: readonly string[]
  /** `null`: it is a secret, or has several values. */
  readonly value: string | null
  /** Why it was not understood, or what to know about it. */
  readonly note: string | null
}

/** One connection that was found in a file. */
export interface FoundConnection {
  readonly name: string
  /** E.g. `rpk profile`. */
  readonly kind: string
  readonly rows: readonly ReadSetting[]
}

/** Outcome of one step of a connection that is tried. */
export interface ConnectionFinding {
  readonly step: string
  readonly at: string
  readonly passed: boolean
  readonly text: string
  readonly advice: string | null
  /** For `ottla.addresses`: a rule that would mend it. */
  readonly rule?: string
}

/** What was found so far. */
export interface DoctorView {
  readonly findings: readonly ConnectionFinding[]
  readonly isDone: boolean
}
