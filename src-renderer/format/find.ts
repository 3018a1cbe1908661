/** The words of a search, in lower case. */
export function wordsOf(find: string): readonly string[] {
  return find.toLowerCase().split(/\s+/).filter(Boolean)
}

/** Tells texts that have each word of a search, in any order and case. Without words it is every text. */
export function matcherOf(find: string): (text: string) => boolean {
  const words = wordsOf(find)
  return (text) => {
    const whole = text.toLowerCase()
    return words.every((word) => whole.includes(word))
  }
}
