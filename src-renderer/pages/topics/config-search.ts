import type { ConfigLine } from '../../../src-main/contract/topics'
import { configMeaning } from './config-values'

/** Configs whose name, value or description has the text: those with it in their name first, then in the value; changed ones before the others. */
export function foundConfigs(configs: readonly ConfigLine[], find: string): readonly ConfigLine[] {
  const wanted = find.toLowerCase()
  const rankOf = ({ name, value, documentation }: ConfigLine) =>
    [[name], [value, configMeaning(name, value)], [documentation]].findIndex((texts) =>
      texts.some((text) => text?.toLowerCase().includes(wanted)),
    )
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
export function excerpt(text: string, find: string): string {
  const at = find === '' ? -1 : text.toLowerCase().indexOf(find.toLowerCase())
  if (at <= charactersBefore) return text
  const start = text.indexOf(' ', at - charactersBefore) + 1
  return start > 0 && start <= at ? `… ${text.slice(start)}` : `…${text.slice(at)}`
}
