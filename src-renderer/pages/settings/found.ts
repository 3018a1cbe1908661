import { createContext, use } from 'react'

/** Each word is found somewhere in the texts. */
export function isFound(words: readonly string[], texts: readonly (string | null | undefined)[]): boolean {
  const all = texts.join('\n').toLowerCase()
  // Digits begin a number: 8 is not in 604800000.
  return words.every((word) => (/^\d+$/.test(word) ? new RegExp(`(^|\\D)${word}`).test(all) : all.includes(word)))
}

/** Parts of a text: those at odd places are words that were searched for. */
export function markedParts(text: string, words: readonly string[]): readonly string[] {
  if (words.length === 0) return [text]
  // The longest first: of `log` and `log.retention` the whole is marked.
  const escaped = [...words]
    .sort((a, b) => b.length - a.length)
    .map((word) => word.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&'))
  return text.split(new RegExp(`(${escaped.join('|')})`, 'gi'))
}

/** What settings are searched for; none: all of them are shown. */
export const FindWords = createContext<readonly string[]>([])
/** The title of the section around a setting: it finds all of its settings. */
export const SectionTitle = createContext('')

/** Whether a setting with these texts is shown. */
export function useFound(...texts: readonly (string | null | undefined)[]): boolean {
  return isFound(use(FindWords), [use(SectionTitle), ...texts])
}
