import type { Cell } from '../../../src-main/contract/messages'

/** Whether the text of a cell is JSON: as it was written, or as a decoder made it. */
export function isJsonCell({ kind }: Cell): boolean {
  return !['null', 'text', 'uuid', 'binary', 'base64', 'integer'].includes(kind)
}

/**
 * JSON with line breaks, without reading its numbers: what has more than 53 bits stays exact, and keys stay in their order.
 */
export function prettyJson(text: string): string {
  let result = ''
  let depth = 0
  let isInText = false
  const newLine = () => `\n${'  '.repeat(depth)}`
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string
    if (isInText) {
      result += char
      if (char === '\\') result += text[++i] ?? ''
      else if (char === '"') isInText = false
    } else if (char === '"') {
      result += char
      isInText = true
    } else if (char === '{' || char === '[') {
      const close = /^\s*[}\]]/.exec(text.slice(i + 1))
      if (close) {
        result += char + (close[0] as string).trim()
        i += close[0].length
      } else {
        depth++
        result += char + newLine()
      }
    } else if (char === '}' || char === ']') {
      depth--
      result += newLine() + char
    } else if (char === ',') result += `,${newLine()}`
    else if (char === ':') result += ': '
    else if (!/\s/.test(char)) result += char
  }
  return result
}
