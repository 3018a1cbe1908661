import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { app } from 'electron'

/** Whether the app starts, without a window, when the user logs in. Electron knows how on macOS and Windows; Linux has autostart files. */
export function opensAtLogin(): boolean {
  return process.platform === 'linux' ? existsSync(autostartFile()) : app.getLoginItemSettings().openAtLogin
}

/** @throws Error when the autostart file cannot be written */
export function setOpensAtLogin(opens: boolean): void {
  if (process.platform !== 'linux') {
    app.setLoginItemSettings({ openAtLogin: opens, args: ['--hidden'] })
    return
  }
  const file = autostartFile()
  if (!opens) {
    rmSync(file, { force: true })
    return
  }
  mkdirSync(dirname(file), { recursive: true })
  // An AppImage runs from a mount that changes with every start; it tells where it lies.
  const program = process.env.APPIMAGE ?? process.execPath
  const words = app.isPackaged ? [program] : [program, app.getAppPath()]
  const command = [...words, '--hidden'].map((word) => `"${word.replace(/["\\`$]/g, '\\$&')}"`).join(' ')
  writeFileSync(file, `[Desktop Entry]\nType=Application\nName=Ottla\nExec=${command}\nTerminal=false\n`)
}

function autostartFile(): string {
  return join(app.getPath('appData'), 'autostart', 'ottla.desktop')
}
