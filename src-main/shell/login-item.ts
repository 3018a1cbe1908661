import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { app } from 'electron'

/** Starts Ottla in the tray when the user logs in, or no longer. Linux has no call for it but a file that desktops read. */
export function setStartAtLogin(enabled: boolean): void {
  if (process.platform !== 'linux') {
    app.setLoginItemSettings({ openAtLogin: enabled, args: ['--hidden'] })
    return
  }
  const folder = process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config')
  const file = join(folder, 'autostart', 'ottla.desktop')
  if (!enabled) {
    rmSync(file, { force: true })
    return
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, autostartEntry(process.env.APPIMAGE ?? process.execPath))
}

/** A desktop entry (freedesktop.org Autostart specification). */
export function autostartEntry(program: string): string {
  const quoted = `"${program.replace(/(["`$\\])/g, '\\$1')}"`
  return `[Desktop Entry]\nType=Application\nName=Ottla\nExec=${quoted} --hidden\nX-GNOME-Autostart-enabled=true\n`
}
