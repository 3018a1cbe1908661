import type { ClusterLabel } from './workspace'

/** Messages of the desktop shell to a page. The preload passes them on as window messages. */
export type ShellMessage =
  /** A broker is ready: the message port to it comes with this message. */
  | { readonly ottla: 'port' }
  /** Go to a view, e.g. `/topics/orders`. */
  | { readonly ottla: 'view'; readonly view: string }
  /** Show the keyboard shortcuts. */
  | { readonly ottla: 'keys' }
  /** The window is that of a cluster elsewhere: its band is there before the connection is, and after it was lost. */
  | { readonly ottla: 'cluster'; readonly cluster: ClusterLabel }
  /** The broker does not run, or there is no connection to the cluster elsewhere, and why, in a sentence. */
  | { readonly ottla: 'stopped'; readonly why: string }
  /** An action of the menu succeeded or failed. */
  | { readonly ottla: 'said'; readonly kind: 'done' | 'problem'; readonly text: string }

/** What closing the last window does. */
export const closings = ['ask', 'tray', 'quit'] as const
export type Closing = (typeof closings)[number]

/** Actions that only the desktop shell can run. The preload gives them to the page as `window.desktop`. */
export interface DesktopActions {
  getStartsAtLogin(): Promise<boolean>
  setStartsAtLogin(starts: boolean): Promise<boolean>
  getClosing(): Promise<Closing>
  setClosing(closing: Closing): Promise<Closing>
  startBroker(): void
  /** Stops and starts the broker, so that settings that need a restart take effect. */
  restartBroker(): void
  /** Asks for a path, then writes a copy of the workspace; the result comes as a `said` message. */
  saveCopy(): void
}

/** A window message of the shell, or `undefined` for a message of anybody else. */
export function shellMessageOf(data: unknown): ShellMessage | undefined {
  if (typeof data !== 'object' || data === null || !('ottla' in data)) return undefined
  const known: readonly unknown[] = ['port', 'view', 'keys', 'cluster', 'stopped', 'said']
  return known.includes(data.ottla) ? (data as ShellMessage) : undefined
}
