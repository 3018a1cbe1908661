import { JsonFile } from './connections/json-file'
import { map, record, text } from './contract/check'
import { newToken } from './web/access'

/** Clusters whose tokens are kept; the oldest are forgotten first. */
const keptTokens = 200

const content = record({ tokens: map(text(100), keptTokens) })

/**
 * The token of the pages of a cluster elsewhere: that of the last start, so that open tabs and bookmarks work again. A workspace has its own
 * inside; a cluster elsewhere has no file, so it lies in the folder of the app.
 *
 * @param cluster its bootstrap servers
 * @param warn told in a sentence why the token could not be kept; the pages are served all the same
 */
export function clusterToken(
  path: string,
  cluster: string,
  now: () => number,
  warn: (sentence: string) => void,
): string {
  const file = new JsonFile(path, { check: content, empty: { tokens: {} }, now })
  const { tokens } = file.read()
  const known = Object.hasOwn(tokens, cluster) ? tokens[cluster] : undefined
  if (known !== undefined) return known
  const token = newToken()
  const all = [...Object.entries(tokens), [cluster, token] as const].slice(-keptTokens)
  try {
    file.write({ tokens: Object.fromEntries(all) })
  } catch (error) {
    warn(`${error instanceof Error ? error.message : String(error)} The pages have another address after a restart.`)
  }
  if (file.problem !== null) warn(file.problem)
  return token
}
