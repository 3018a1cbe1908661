/**
 * The members of a JSON object, or the items of an array, each as it is written: a number of more than 53 bits stays what it is. The text
 * must be JSON; an item is named by its place.
 */
export function jsonParts(text: string): (readonly [string, string])[] {
  const parts: (readonly [string, string])[] = []
  const isObject = text.trimStart()[0] === '{'
  let depth = 0
  let name: string | undefined
  let from = 0
  const end = (at: number) => {
    const source = text.slice(from, at).trim()
    if (source !== '') parts.push([name ?? String(parts.length), source])
    name = undefined
    from = at + 1
  }
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (char === '"') at = endOfString(text, at)
    else if (char === '{' || char === '[') {
      if (depth++ === 0) from = at + 1
    } else if (char === '}' || char === ']') {
      if (--depth === 0) end(at)
    } else if (depth === 1 && char === ',') end(at)
    else if (depth === 1 && char === ':' && isObject) {
      name = JSON.parse(text.slice(from, at)) as string
      from = at + 1
    }
  }
  return parts
}

/** The place of the quote that ends the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0
    while (text[at - 1 - slashes] === '\\') slashes++
    if (slashes % 2 === 0) return at
  }
  return text.length
}
