/** Tells texts in which each word of a search is, in any of them. */
export function isFound(words: readonly string[], texts: readonly (string | null | undefined)[]): boolean {
  const all = texts.join('\n').toLowerCase()
  // Digits begin a number: 8 is not in 604800000.
  return words.every((word) => (/^\d+$/.test(word) ? new RegExp(`(^|\\D)${word}`).test(all) : all.includes(word)))
}

/** More matches than this in one text are not marked. */
const mostPlaces = 2000

/** A part of a text that was searched for. */
export interface Place {
  readonly at: number
  readonly end: number
}

/** The places of a text where one of the words is, without regard to case. */
export function placesOf(text: string, words: readonly string[]): readonly Place[] {
  // The longest first: of `log` and `log.retention` the whole is marked.
  const escaped = words
    .filter((word) => word !== '')
    .sort((a, b) => b.length - a.length)
    .map((word) => word.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&'))
  if (escaped.length === 0) return []
  const places: Place[] = []
  for (const { index, 0: found } of text.matchAll(new RegExp(escaped.join('|'), 'gi'))) {
    places.push({ at: index, end: index + found.length })
    if (places.length === mostPlaces) break
  }
  return places
}
