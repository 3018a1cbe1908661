/**
 * A JSON value with its source: numbers of 64 bits stay exact, and keys stay in their order and may repeat. JSON.parse keeps none of that,
 * and a reader that returns objects cannot keep the last two. What is inside is read when it is asked for: a list may be long.
 */
export type JsonNode = { readonly source: string } & (
  | { readonly kind: 'scalar' }
  | { readonly kind: 'object' | 'array'; readonly entries: readonly JsonEntry[] }
)

/** A member of an object, or an item of an array, whose name is its index. */
export interface JsonEntry {
  readonly name: string
  /** The name as it was written, with its quotes; empty for an item. */
  readonly nameSource: string
  readonly value: JsonNode
}

/** Deeper values are not read: they are shown as text. */
const maxDepth = 200

/** Reads JSON; `undefined` for text that is not JSON (RFC 8259), or that is nested too deeply. */
export function readJson(text: string): JsonNode | undefined {
  try {
    JSON.parse(text)
  } catch (error) {
    // A RangeError: it is nested more deeply than the stack.
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined
    throw error
  }
  return depthOf(text) > maxDepth ? undefined : nodeOf(text.trim())
}

/** @param source valid JSON without space around it */
function nodeOf(source: string): JsonNode {
  if (!/^[[{]/.test(source)) return { source, kind: 'scalar' }
  const kind = source.startsWith('[') ? 'array' : 'object'
  let entries: readonly JsonEntry[] | undefined
  return {
    source,
    kind,
    get entries() {
      entries ??= partsOf(source).map(kind === 'array' ? itemOf : memberOf)
      return entries
    },
  }
}

function itemOf(part: string, i: number): JsonEntry {
  return { name: String(i), nameSource: '', value: nodeOf(part) }
}

function memberOf(part: string): JsonEntry {
  const nameSource = part.slice(0, endOfText(part, 0) + 1)
  const value = part.slice(part.indexOf(':', nameSource.length) + 1).trim()
  return { name: JSON.parse(nameSource) as string, nameSource, value: nodeOf(value) }
}

/** What stands between the commas of a valid object or array. */
function partsOf(source: string): readonly string[] {
  const parts: string[] = []
  let from = 1
  let depth = 0
  for (let i = 0; i < source.length; i++) {
    const character = source[i]
    if (character === '"') i = endOfText(source, i)
    else if (character === '[' || character === '{') depth++
    else if (character === ']' || character === '}') depth--
    else if (character === ',' && depth === 1) {
      parts.push(source.slice(from, i).trim())
      from = i + 1
    }
  }
  const last = source.slice(from, -1).trim()
  return last === '' ? parts : [...parts, last]
}

/** The place of the quote that ends the text which begins at `start`. */
function endOfText(source: string, start: number): number {
  let end = source.indexOf('"', start + 1)
  for (;;) {
    let escapes = 0
    while (source[end - 1 - escapes] === '\\') escapes++
    if (escapes % 2 === 0) return end
    end = source.indexOf('"', end + 1)
  }
}

/** How deeply valid JSON is nested. */
function depthOf(text: string): number {
  let depth = 0
  let most = 0
  for (let i = 0; i < text.length; i++) {
    const character = text[i]
    if (character === '"') i = endOfText(text, i)
    else if (character === '[' || character === '{') most = Math.max(most, ++depth)
    else if (character === ']' || character === '}') depth--
  }
  return most
}

/** The members of a JSON object, or the items of an array, each with its source. Empty for other text. */
export function jsonParts(text: string): (readonly [string, string])[] {
  const node = readJson(text)
  return !node || node.kind === 'scalar' ? [] : node.entries.map(({ name, value }) => [name, value.source])
}

/** JSON with line breaks and indentation, and nothing else changed. Text that is not JSON is returned as it is. */
export function prettyJson(text: string): string {
  return readJson(text) ? printed(text) : text
}

const space = /\s/

/** @param text valid JSON */
function printed(text: string): string {
  const out: string[] = []
  let indent = '\n'
  for (let i = 0; i < text.length; i++) {
    const character = text[i] as string
    if (character === '"') {
      const end = endOfText(text, i)
      out.push(text.slice(i, end + 1))
      i = end
    } else if (character === '[' || character === '{') {
      let next = i + 1
      while (space.test(text[next] as string)) next++
      if (text[next] === ']' || text[next] === '}') {
        out.push(character, text[next] as string)
        i = next
      } else {
        indent += '  '
        out.push(character, indent)
      }
    } else if (character === ']' || character === '}') {
      indent = indent.slice(0, -2)
      out.push(indent, character)
    } else if (character === ',') out.push(',', indent)
    else if (character === ':') out.push(': ')
    else if (!space.test(character)) out.push(character)
  }
  return out.join('')
}
