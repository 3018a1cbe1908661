import { create } from 'zustand'
import { showTimes, type TimeStyle, timeStyles } from '../format/time'
import { type ColumnId, columnIds } from './message-columns'

export type Theme = 'system' | 'day' | 'night'

interface Settings {
  readonly theme: Theme
  readonly times: TimeStyle
  /** Columns of the message table, in order. */
  readonly columns: readonly ColumnId[]
  /** Widths that the user has given to columns, in pixels, by list and column. */
  readonly columnWidths: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** Topics that are listed first. */
  readonly favourites: readonly string[]
  /** Topics are listed as a tree of the parts of their names. */
  readonly isTopicTree: boolean
  /** Width of the pane beside a table, in pixels. */
  readonly paneWidth: number
}

const stored = localStorage.getItem('settings')

/** Preferences of this user, kept between visits. */
export const useSettings = create<Settings>(() => ({
  theme: 'system',
  times: 'local',
  columns: columnIds,
  columnWidths: {},
  favourites: [],
  isTopicTree: false,
  paneWidth: 440,
  ...(stored ? (JSON.parse(stored) as Partial<Settings>) : {}),
}))

const dark = matchMedia('(prefers-color-scheme: dark)')

function show(): void {
  const { theme, times } = useSettings.getState()
  showTimes(times)
  const night = theme === 'night' || (theme === 'system' && dark.matches)
  document.documentElement.dataset.theme = night ? 'night' : 'day'
}

useSettings.subscribe((settings) => {
  localStorage.setItem('settings', JSON.stringify(settings))
  show()
})
dark.addEventListener('change', show)
show()

export function nextTheme(): void {
  const { theme } = useSettings.getState()
  useSettings.setState({ theme: theme === 'system' ? 'night' : theme === 'night' ? 'day' : 'system' })
}

export function nextTimes(): void {
  const { times } = useSettings.getState()
  useSettings.setState({ times: timeStyles[(timeStyles.indexOf(times) + 1) % timeStyles.length] ?? 'local' })
}
