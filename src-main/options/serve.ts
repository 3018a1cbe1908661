import type { LogLevel } from '../base/log'
import { UserError } from '../base/user-error'
import type { ListenerOptions } from './listener'
import type { SettingName } from './workspace-settings'

/** What a broker is started with, whoever starts it: the command line, the desktop app or a test. */
export interface ServeOptions {
  /** The first is the one that `--port` and `--host` speak of, unless `--no-plaintext` leaves it out. */
  readonly listeners: readonly ListenerOptions[]
  /** Settings of the workspace that have no effect, because this start says otherwise. */
  readonly decided: readonly SettingName[]
  /** The port was chosen for this workspace, and becomes its setting. */
  readonly keepsPort?: boolean
  /** Pages over a cluster elsewhere instead of a broker. */
  readonly cluster?: {
    /** A file of client properties or the name of a stored connection; in the desktop app the id of a stored connection. */
    readonly from: { readonly word: string } | { readonly connectionId: string; readonly name: string }
    /** What may be changed there: nothing; everything, though production needs its name typed; everything, once its name is typed. */
    readonly writing: 'never' | 'always' | 'unlocked'
    /** Nobody named the port of the pages: when it is in use, as by the pages of the own broker, the next free one will do. */
    readonly takesNextPort: boolean
    /** The name that unlocks it from the start. */
    readonly unlocked: string | null
    /** A file with secrets of a stored connection. */
    readonly secretFile: string | null
    /** Every change is noted here. */
    readonly auditFile: string
    /** The tokens of the pages of clusters are kept here. */
    readonly tokenFile: string
  }
  /** Port of the pages; 0 takes a free one; null serves no pages. */
  readonly uiPort: number | null
  /** Metrics are served for Prometheus. */
  readonly metrics: boolean
  /** Their port: that of the pages, or of their own where no pages are served; 0 takes a free one; null serves none. */
  readonly metricsPort: number | null
  /** The schema registry's port; null serves none. */
  readonly registry: RegistryOptions | null
  /** Properties file of the schema registry that the pages decode with, instead of our own. */
  readonly decodingRegistry?: string
  /** Path of the workspace file; null keeps everything in memory. */
  readonly file: string | null
  /** The file is the one that nobody named: its folder is made when it is missing. */
  readonly fileIsDefault: boolean
  /** Broker configs under their Kafka names, e.g. `num.partitions`. Flags win over the environment. */
  readonly config: Readonly<Record<string, string>>
  /** Broker configs of the environment that may be unknown to us: a compose file made for Kafka names some. */
  readonly softConfig: Readonly<Record<string, string>>
  /** What the log says at the start of how all this was understood. */
  readonly notes: readonly string[]
  readonly json: boolean
  readonly logLevel: LogLevel
}

export interface RegistryOptions {
  /** 0 takes a free one. */
  readonly port: number
  /** Nobody named the port: when it is in use, the next free one will do. */
  readonly takesNext: boolean
}

/** A request that cannot be met, told in one sentence for the user; never shown with a stack. */
export class UsageError extends UserError {
  override name = 'UsageError'
}
