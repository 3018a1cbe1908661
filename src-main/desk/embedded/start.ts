import type { ListenerCertificate } from '../../contract/security'
import type { ListenerLine } from '../../contract/workspace'
import type { SettingName } from '../../options/workspace-settings'
import type { RegistryAccess } from '../chosen-registry/access'

/** The URL of the metrics, or the reason why there is none, in a sentence. */
export type MetricsPlace =
  | { readonly url: string; readonly problem: null }
  | { readonly url: null; readonly problem: string }

/** What the pages are told of the start. */
export interface StartFacts {
  readonly listeners: readonly ListenerLine[]
  /** Certificates that the listeners with TLS present now. */
  readonly certificates?: () => readonly ListenerCertificate[]
  /** Settings of the workspace that have no effect because the start said otherwise. */
  readonly decided: readonly SettingName[]
  /** Metrics for Prometheus; `null` when they are not wanted. */
  readonly metrics?: () => MetricsPlace | null
  /** The registry that keys and values are decoded with; absent where pages choose. */
  readonly decodingRegistry?: RegistryAccess | null
}
