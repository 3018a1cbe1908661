import { join } from 'node:path'
import { Menu, type MenuItemConstructorOptions, nativeImage, Tray } from 'electron'

/** One workspace as the tray shows it. */
export interface TrayEntry {
  readonly name: string
  /** `localhost:9092`; null while it is stopped. */
  readonly address: string | null
  /** Messages that all groups together have not read. */
  readonly lag: number
  open(): void
  start(): void
  stop(): void
}

/** Lines of the tray's menu. */
export function trayTemplate(entries: readonly TrayEntry[], quit: () => void): MenuItemConstructorOptions[] {
  const workspaces = entries.flatMap((entry): MenuItemConstructorOptions[] => [
    { label: entry.name, click: () => entry.open() },
    { label: entry.address === null ? 'Stopped' : `Running on ${entry.address}`, enabled: false },
    ...(entry.address === null
      ? [{ label: 'Start', click: () => entry.start() }]
      : [
          { label: `Lag ${entry.lag.toLocaleString('en')}`, enabled: false },
          { label: 'Stop', click: () => entry.stop() },
        ]),
    { type: 'separator' },
  ])
  return [...workspaces, { label: 'Quit Ottla', click: quit }]
}

/** The tray icon; `show` replaces what its menu says. */
export function createTray(): { show(template: MenuItemConstructorOptions[]): void; dispose(): void } {
  const icon = nativeImage.createFromPath(join(__dirname, '../../resources/tray.png'))
  const tray = new Tray(icon)
  tray.setToolTip('Ottla')
  return {
    show: (template) => tray.setContextMenu(Menu.buildFromTemplate(template)),
    dispose: () => tray.destroy(),
  }
}
