/** A JSON value whose scalars stay as they were written: numbers of 64 bits are exact. */
export type JsonNode =
  | { readonly kind: 'scalar'; readonly text: string }
  | { readonly kind: 'object' | 'array'; readonly entries: readonly (readonly [string, JsonNode])[] }

/** Deeper values are shown as text. */
const maxDepth = 200

/** Reads JSON into a tree; `undefined` for what is none. */
export function jsonTree(text: string): JsonNode | undefined {
  try {
    JSON.parse(text)
  } catch {
    // Not JSON, or cut.
    return undefined
  }
  // It is JSON: what follows need not look for mistakes.
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\]]|[^\s,:{}[\]"]+/g) ?? []
  let at = 0
  const read = (depth: number): JsonNode => {
    const token = tokens[at++] ?? ''
    if (token !== '{' && token !== '[') return { kind: 'scalar', text: token }
    if (depth > maxDepth) throw new RangeError('too deep')
    const entries: (readonly [string, JsonNode])[] = []
    const end = token === '{' ? '}' : ']'
    while (tokens[at] !== end) {
      const name = token === '{' ? (JSON.parse(tokens[at++] as string) as string) : String(entries.length)
      entries.push([name, read(depth + 1)])
    }
    at++
    return { kind: token === '{' ? 'object' : 'array', entries }
  }
  try {
    return read(0)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
