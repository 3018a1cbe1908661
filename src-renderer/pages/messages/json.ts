import { type Node, type ParseError, parseTree } from 'jsonc-parser'

/**
 * A JSON value with its source: numbers of 64 bits stay exact, and keys stay in their order and may repeat. JSON.parse keeps none of that,
 * and a reader that returns objects cannot keep the last two.
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
    const errors: ParseError[] = []
    const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false })
    return root && errors.length === 0 ? nodeOf(root, text, 0) : undefined
  } catch (error) {
    // The parser is recursive: its stack limits the depth.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function nodeOf(node: Node, text: string, depth: number): JsonNode {
  if (depth > maxDepth) throw new RangeError('too deep')
  const source = text.slice(node.offset, node.offset + node.length)
  const { type, children = [] } = node
  if (type === 'array') {
    const entries = children.map((item, i) => ({
      name: String(i),
      nameSource: '',
      value: nodeOf(item, text, depth + 1),
    }))
    return { source, kind: type, entries }
  }
  if (type !== 'object') return { source, kind: 'scalar' }
  const entries = children.map(({ children: [name, value] = [] }): JsonEntry => {
    if (!name || !value) throw new Error('a member of a JSON object has no name or no value')
    const nameSource = text.slice(name.offset, name.offset + name.length)
    return { name: String(name.value), nameSource, value: nodeOf(value, text, depth + 1) }
  })
  return { source, kind: type, entries }
}

/** The members of a JSON object, or the items of an array, each with its source. Empty for other text. */
export function jsonParts(text: string): (readonly [string, string])[] {
  const node = readJson(text)
  return !node || node.kind === 'scalar' ? [] : node.entries.map(({ name, value }) => [name, value.source])
}

/** JSON with line breaks and indentation, and nothing else changed. Text that is not JSON is returned as it is. */
export function prettyJson(text: string): string {
  const node = readJson(text)
  return node ? printed(node, '') : text
}

function printed(node: JsonNode, indent: string): string {
  if (node.kind === 'scalar') return node.source
  const [open, close] = node.kind === 'object' ? ['{', '}'] : ['[', ']']
  if (node.entries.length === 0) return open + close
  const inner = `${indent}  `
  const lines = node.entries.map(({ nameSource, value }) => {
    const label = nameSource === '' ? '' : `${nameSource}: `
    return `${inner}${label}${printed(value, inner)}`
  })
  return `${open}\n${lines.join(',\n')}\n${indent}${close}`
}
