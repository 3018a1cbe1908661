import type { ListenerCertificate } from '../../contract/security'
import type { ListenerLine } from '../../contract/workspace'
import type { SettingName } from '../../options/workspace-settings'
import type { RegistryAccess } from '../chosen-registry/access'

/** What the pages are told of the start. */
export interface StartFacts {
  readonly listeners: readonly ListenerLine[]
  /** Certificates that the listeners with TLS present now. */
  readonly certificates?: () => readonly ListenerCertificate[]
  /** Settings of the workspace that have no effect because the start said otherwise. */
  readonly decided: readonly SettingName[]
  /** What Prometheus scrapes; `null` when no metrics are served. */
  readonly metricsUrl?: () => string | null
  /** The registry that keys and values are decoded with; absent where pages choose. */
  readonly decodingRegistry?: RegistryAccess | null
}
