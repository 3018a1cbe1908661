import type { MenuItemConstructorOptions } from 'electron'
import { pageList } from '../contract/pages'

/** Actions of the menu. */
export interface MenuActions {
  newWorkspace(): void
  openWorkspace(): void
  openRecent(file: string): void
  clearRecent(): void
  saveCopy(): void
  show(view: string): void
  showKeys(): void
}

/** The application menu, with the items and shortcuts that are usual on the platform. */
export function menuTemplate(
  platform: NodeJS.Platform,
  recentFiles: readonly string[],
  actions: MenuActions,
): MenuItemConstructorOptions[] {
  const isMac = platform === 'darwin'
  const settings: MenuItemConstructorOptions = {
    label: 'Settings…',
    accelerator: 'CmdOrCtrl+,',
    click: () => actions.show('/settings'),
  }
  return [
    ...(isMac ? [macMenu(settings)] : []),
    fileMenu(isMac, recentFiles, actions, settings),
    { role: 'editMenu' },
    viewMenu(actions),
    { role: 'windowMenu' },
    { role: 'help', submenu: [{ label: 'Keyboard Shortcuts', click: () => actions.showKeys() }] },
  ]
}

function macMenu(settings: MenuItemConstructorOptions): MenuItemConstructorOptions {
  return {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      { type: 'separator' },
      settings,
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      { role: 'quit' },
    ],
  }
}

function fileMenu(
  isMac: boolean,
  recentFiles: readonly string[],
  actions: MenuActions,
  settings: MenuItemConstructorOptions,
): MenuItemConstructorOptions {
  const recent: MenuItemConstructorOptions[] = recentFiles.map((file) => ({
    label: file,
    click: () => actions.openRecent(file),
  }))
  return {
    label: '&File',
    submenu: [
      { label: 'New Workspace…', accelerator: 'CmdOrCtrl+N', click: () => actions.newWorkspace() },
      { label: 'Open Workspace…', accelerator: 'CmdOrCtrl+O', click: () => actions.openWorkspace() },
      {
        label: 'Open Recent',
        enabled: recent.length > 0,
        submenu: [...recent, { type: 'separator' }, { label: 'Clear List', click: () => actions.clearRecent() }],
      },
      { label: 'Save a Copy…', accelerator: 'CmdOrCtrl+Shift+S', click: () => actions.saveCopy() },
      { type: 'separator' },
      ...(isMac ? [] : [settings, { type: 'separator' } as const]),
      isMac ? { role: 'close' } : { role: 'quit' },
    ],
  }
}

function viewMenu(actions: MenuActions): MenuItemConstructorOptions {
  return {
    label: '&View',
    submenu: [
      // Settings is where the platform expects it.
      ...pageList
        .filter(({ id }) => id !== 'settings')
        .map(({ id, label, key }) => ({
          label,
          accelerator: `CmdOrCtrl+${key}`,
          click: () => actions.show(`/${id}`),
        })),
      { type: 'separator' },
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
      { role: 'toggleDevTools' },
    ],
  }
}
