import { join } from 'node:path'
import { Menu, type MenuItemConstructorOptions, nativeImage, Tray } from 'electron'

/** The icon in the tray, with its menu. */
export interface TrayIcon {
  /** What the menu shall say from now on; a menu that is open stays as it is until it is closed. */
  show(template: MenuItemConstructorOptions[], toolTip: string): void
  dispose(): void
}

export function createTray(): TrayIcon {
  const tray = new Tray(nativeImage.createFromPath(join(__dirname, '../../resources/tray.png')))
  let isOpen = false
  let shown = ''
  let next: MenuItemConstructorOptions[] | null = null
  const renew = () => {
    const said = JSON.stringify(next)
    if (!next || isOpen || said === shown) return
    shown = said
    const menu = Menu.buildFromTemplate(next)
    menu.on('menu-will-show', () => {
      isOpen = true
    })
    menu.on('menu-will-close', () => {
      isOpen = false
      // What was clicked is told after the menu closed: the old one must live until then.
      setImmediate(renew)
    })
    tray.setContextMenu(menu)
  }
  return {
    show(template, toolTip) {
      tray.setToolTip(toolTip)
      next = template
      renew()
    },
    dispose: () => tray.destroy(),
  }
}
