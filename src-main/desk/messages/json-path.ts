/** Steps into a JSON value: names of fields and indexes of items. */
export type JsonPath = readonly string[]

const step = /\.([^.[\]]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y

/** Reads `.customer.ids[0]["a key"]`; `null` for text that is no path. */
export function readPath(text: string): JsonPath | null {
  const path: string[] = []
  step.lastIndex = 0
  while (step.lastIndex < text.length) {
    const found = step.exec(text)
    if (!found) return null
    const [, field, index, quoted] = found
    path.push(field ?? index ?? (JSON.parse(quoted as string) as string))
  }
  return path
}

/** The source of the value at a path, so that numbers of 64 bits stay exact; `null` when there is none. @param json valid JSON */
export function sourceAt(json: string, path: JsonPath): string | null {
  let at = skipSpace(json, 0)
  for (const name of path) {
    const next = childAt(json, at, name)
    if (next < 0) return null
    at = next
  }
  const end = skipValue(json, at)
  return end > at ? json.slice(at, end) : null
}

/** Where the value of a field (the last one of that name, as JSON.parse takes it) or of an item begins; -1: there is none. */
function childAt(json: string, from: number, name: string): number {
  const open = json[from]
  if (open !== '{' && open !== '[') return -1
  let found = -1
  let at = skipSpace(json, from + 1)
  for (let index = 0; at < json.length && json[at] !== '}' && json[at] !== ']'; index++) {
    let isIt = open === '[' && String(index) === name
    if (open === '{') {
      const end = skipValue(json, at)
      isIt = nameOf(json.slice(at, end)) === name
      at = skipSpace(json, skipSpace(json, end) + 1)
    }
    if (isIt) found = at
    const end = skipValue(json, at)
    if (end <= at) return -1
    at = skipSpace(json, end)
    if (json[at] === ',') at = skipSpace(json, at + 1)
  }
  return found
}

function nameOf(quoted: string): string {
  return quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1)
}

function skipSpace(json: string, from: number): number {
  let at = from
  while (at < json.length && ' \n\r\t'.includes(json[at] as string)) at++
  return at
}

/** The end of the value that begins here. */
function skipValue(json: string, from: number): number {
  let depth = 0
  let at = from
  while (at < json.length) {
    const character = json[at] as string
    if (character === '"') {
      at++
      while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1
      at++
    } else if (character === '{' || character === '[') {
      depth++
      at++
    } else if (character === '}' || character === ']') {
      if (depth === 0) return at
      depth--
      at++
    } else if (depth === 0) {
      while (at < json.length && !',]} \n\r\t'.includes(json[at] as string)) at++
      return at
    } else at++
    if (depth === 0) return at
  }
  return at
}
