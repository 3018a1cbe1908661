import { useSyncExternalStore } from 'react'
import { today } from '../format/time'

/** How soon a page that stays open notices midnight, also after the machine slept. */
const lookMs = 5000

function onLook(look: () => void): () => void {
  const timer = setInterval(look, lookMs)
  return () => clearInterval(timer)
}

/** The day of today in the chosen zone. A page that shows times is rendered again when it changes: its times get their date. */
export function useToday(): string {
  return useSyncExternalStore(onLook, today)
}
