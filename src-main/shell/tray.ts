import { join } from 'node:path'
import { Menu, type MenuItemConstructorOptions, nativeImage, Tray } from 'electron'

/** The icon in the tray, with its menu. */
export interface TrayIcon {
  /** Replaces the menu; a menu that is open is replaced after it closes. */
  show(template: MenuItemConstructorOptions[], toolTip: string): void
  dispose(): void
}

export function createTray(): TrayIcon {
  const tray = new Tray(nativeImage.createFromPath(join(__dirname, '../../resources/tray.png')))
  let isOpen = false
  let shown = ''
  let next: MenuItemConstructorOptions[] | null = null
  const renew = () => {
    const wanted = JSON.stringify(next)
    if (!next || isOpen || wanted === shown) return
    shown = wanted
    const menu = Menu.buildFromTemplate(next)
    menu.on('menu-will-show', () => {
      isOpen = true
    })
    menu.on('menu-will-close', () => {
      isOpen = false
      // The click event comes after the menu has closed: the old menu must live until then.
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
