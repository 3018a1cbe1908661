/** What closing the last window does. */
export type Closing = 'ask' | 'tray' | 'quit'

/** What only the shell of the desktop app can do: its preload gives it to the page. */
interface Desktop {
  getStartsAtLogin(): Promise<boolean>
  setStartsAtLogin(starts: boolean): Promise<boolean>
  getClosing(): Promise<Closing>
  setClosing(closing: Closing): Promise<Closing>
  startBroker(): void
  /** Stops and starts it, so that settings of its start count. */
  restartBroker(): void
  /** Asks where to, and says when it is done. */
  saveCopy(): void
}

/** Undefined in a browser. */
export const { desktop } = window as { readonly desktop?: Desktop }
