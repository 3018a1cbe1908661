import { create } from 'zustand'

export type Theme = 'system' | 'day' | 'night'

interface Settings {
  readonly theme: Theme
  readonly utc: boolean
}

const stored = localStorage.getItem('settings')

/** What this person prefers, kept between visits. */
export const useSettings = create<Settings>(() => ({
  theme: 'system',
  utc: false,
  ...(stored ? (JSON.parse(stored) as Partial<Settings>) : {}),
}))

const dark = matchMedia('(prefers-color-scheme: dark)')

function show(): void {
  const { theme } = useSettings.getState()
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
