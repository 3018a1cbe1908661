import type { SettingLine } from '../../../src-main/contract/workspace'
import { desktop } from '../../desktop'
import { texts as alerts } from '../alerts/texts'
import { isUnsetContainers } from './Listening'
import { texts } from './texts'

export interface SettingPlace {
  /** As its row is named. */
  readonly label: string
  /** A search that finds it. */
  readonly find: string
}

/** All settings by name, without theme and times: the palette changes these itself. */
export function settingPlaces(lines: readonly SettingLine[]): readonly SettingPlace[] {
  const { app, listening, workspace } = texts
  const others = [
    ...(desktop ? [app.closing, app.login] : []),
    alerts.title,
    listening.now,
    workspace.file,
    workspace.free,
    workspace.copy,
    ...(desktop ? [workspace.restart] : []),
  ]
  return [
    ...lines.map((line) => ({ label: isUnsetContainers(line) ? listening.containers : line.label, find: line.name })),
    ...others.map((label) => ({ label, find: label })),
  ]
}
