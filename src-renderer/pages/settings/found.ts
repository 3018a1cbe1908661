import { createContext, use } from 'react'
import { isFound } from '../../format/found'

/** The words that settings are searched for; none: all of them are shown. */
export const FindWords = createContext<readonly string[]>([])
/** The title of the section around a setting: it finds all of its settings. */
export const SectionTitle = createContext('')

/** Returns true when a setting with these texts is shown. */
export function useFound(...texts: readonly (string | null | undefined)[]): boolean {
  return isFound(use(FindWords), [use(SectionTitle), ...texts])
}
