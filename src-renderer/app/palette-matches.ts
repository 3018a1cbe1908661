/** The worst rank: a label has the letters, in their order and with others between them. */
export const lettersOnly = 3

/** How well a label matches what is typed; the lowest is the best, `null` is no match. Letters may be left out: `odr` finds `orders`. */
export function rankOf(label: string, search: string): number | null {
  const text = label.toLowerCase()
  const at = text.indexOf(search)
  if (at === 0) return 0
  if (at > 0) return /[\s._/-]/.test(text[at - 1] ?? '') ? 1 : 2
  let from = 0
  for (const letter of search) {
    const found = text.indexOf(letter, from)
    if (found < 0) return null
    from = found + 1
  }
  return lettersOnly
}

interface Matches<T> {
  readonly shown: readonly T[]
  /** How many match besides. */
  readonly more: number
  /** The rank of the first one; `null` when nothing matches. */
  readonly best: number | null
}

export interface MatchingList<T> extends Matches<T> {
  readonly heading: string
}

/** Lists with the best matches of each. With a search, the list with the best match comes first: Enter takes its first entry. */
export function matchingLists<T>(
  lists: readonly (readonly [heading: string, items: readonly T[]])[],
  labelOf: (item: T) => string,
  search: string,
  most: number,
): MatchingList<T>[] {
  const found = lists
    .map(([heading, items]) => ({ heading, ...bestOf(items, labelOf, search, most) }))
    .filter(({ best }) => best !== null)
  return search.trim() === '' ? found : found.sort((a, b) => (a.best ?? 0) - (b.best ?? 0))
}

/** The best `most` of the items that match, in their order where they match equally well. */
export function bestOf<T>(items: readonly T[], labelOf: (item: T) => string, search: string, most: number): Matches<T> {
  const wanted = search.trim().toLowerCase()
  const byRank: T[][] = [[], [], [], []]
  for (const item of items) {
    const rank = rankOf(labelOf(item), wanted)
    if (rank !== null) byRank[rank]?.push(item)
  }
  const all = byRank.flat()
  const best = byRank.findIndex((some) => some.length > 0)
  return { shown: all.slice(0, most), more: Math.max(0, all.length - most), best: best < 0 ? null : best }
}
