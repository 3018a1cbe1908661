import type { ConfigLine } from '../../../src-main/contract/topics'
import { isFound, placesOf } from '../../format/found'
import { configMeaning } from './config-values'

/** Configs whose name, value or description has each word: those with all in their name first, then with the value; changed ones before the others. */
export function foundConfigs(configs: readonly ConfigLine[], words: readonly string[]): readonly ConfigLine[] {
  const rankOf = ({ name, value, documentation }: ConfigLine) => {
    const withValue = [name, value, configMeaning(name, value)]
    return [[name], withValue, [...withValue, documentation]].findIndex((texts) => isFound(words, texts))
  }
  return configs
    .map((line) => ({ line, rank: rankOf(line) }))
    .filter(({ rank }) => rank >= 0)
    .sort(
      (a, b) =>
        a.rank - b.rank || Number(a.line.isDefault) - Number(b.line.isDefault) || (a.line.name < b.line.name ? -1 : 1),
    )
    .map(({ line }) => line)
}

/** So much stands before what was found. */
const charactersBefore = 20

/** A text from a word shortly before what was found in it; from its beginning where nothing was. */
export function excerpt(text: string, words: readonly string[]): string {
  const at = placesOf(text, words)[0]?.at ?? -1
  if (at <= charactersBefore) return text
  const start = text.indexOf(' ', at - charactersBefore) + 1
  return start > 0 && start <= at ? `… ${text.slice(start)}` : `…${text.slice(at)}`
}
