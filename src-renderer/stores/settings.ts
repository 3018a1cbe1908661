import { create } from 'zustand'
import { showTimes, timeStyles } from '../format/time'
import { type Settings, settingsOf } from './settings-values'

/** Preferences of this user, kept between visits. */
export const useSettings = create<Settings>(() => settingsOf(localStorage.getItem('settings')))

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
