import type { MenuItemConstructorOptions } from 'electron'

/** One workspace as the tray shows it. */
export interface TrayEntry {
  readonly name: string
  /** `localhost:9092`; null while it is stopped. */
  readonly address: string | null
  /** Why it stopped unexpectedly; null when nothing is wrong. */
  readonly problem: string | null
  /** Total lag of all groups. */
  readonly lag: number
  open(): void
  start(): void
  stop(): void
}

/** Lines of the tray's menu. */
export function trayTemplate(entries: readonly TrayEntry[], quit: () => void): MenuItemConstructorOptions[] {
  const workspaces = entries.flatMap((entry): MenuItemConstructorOptions[] => [
    { label: entry.name, click: () => entry.open() },
    { label: stateOf(entry), enabled: false },
    ...(entry.address === null
      ? [{ label: entry.problem === null ? 'Start' : 'Start Again', click: () => entry.start() }]
      : [
          { label: `Total lag ${entry.lag.toLocaleString('en')}`, enabled: false },
          { label: 'Stop', click: () => entry.stop() },
        ]),
    { type: 'separator' },
  ])
  return [...workspaces, { label: 'Quit Ottla', click: quit }]
}

/** The tooltip of the tray icon. */
export function trayToolTip(entries: readonly TrayEntry[]): string {
  return entries.map((entry) => `${entry.name}: ${stateOf(entry)}`).join('\n') || 'Ottla'
}

function stateOf({ address, problem }: TrayEntry): string {
  if (address !== null) return `Running on ${address}`
  return problem === null ? 'Stopped' : `Stopped: ${problem}`
}
