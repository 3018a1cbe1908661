import { join } from 'node:path'

/** Where the workspace lies that is opened when none is named: where the platform wants an application's data. */
export function defaultWorkspaceFile(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv): string {
  const home = environment.HOME ?? environment.USERPROFILE ?? '.'
  const name = 'default.ottla'
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Ottla', name)
  if (platform === 'win32') return join(environment.APPDATA ?? join(home, 'AppData', 'Roaming'), 'Ottla', name)
  return join(environment.XDG_DATA_HOME ?? join(home, '.local', 'share'), 'ottla', name)
}
