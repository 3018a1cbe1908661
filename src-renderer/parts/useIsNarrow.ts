import { useCallback, useSyncExternalStore } from 'react'

/** Whether the window is narrower than `px`: a table then leaves out columns that another page has too. */
export function useIsNarrow(px: number): boolean {
  const query = `(max-width: ${px - 1}px)`
  const subscribe = useCallback(
    (changed: () => void) => {
      const media = matchMedia(query)
      media.addEventListener('change', changed)
      return () => media.removeEventListener('change', changed)
    },
    [query],
  )
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches)
}
