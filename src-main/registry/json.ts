/** JSON as it was written: numbers keep their digits, objects the order of their keys. */
export type Json = null | boolean | string | JsonNumber | readonly Json[] | JsonObject
export type JsonObject = ReadonlyMap<string, Json>

export class JsonNumber {
  /** As written: `1`, `1.0`, `1e3`. */
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  get isInteger(): boolean {
    return /^-?\d+$/.test(this.text)
  }
}

export class JsonError extends Error {
  override name = 'JsonError'
}

/** Nesting that is accepted; Jackson, which Confluent's registry reads with, stops at 1000. */
const maxDepth = 500

const space = /[ \t\n\r]*/y
const spaceAndComments = /(?:[ \t\n\r]|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const string = /"(?:[^"\\]|\\.)*"/y

/** @throws JsonError that says where. `comments`: `//` and slash-star are skipped, as Avro's parser does. */
export function parseJson(text: string, { comments = false } = {}): Json {
  const reader = new Reader(text, comments ? spaceAndComments : space)
  const value = reader.value(0)
  reader.end()
  return value
}

class Reader {
  readonly #text: string
  readonly #space: RegExp
  #at = 0

  constructor(text: string, skipped: RegExp) {
    this.#text = text
    this.#space = new RegExp(skipped.source, 'y')
    this.#skip()
  }

  end(): void {
    if (this.#at < this.#text.length) throw this.#error('dangling content after end')
  }

  value(depth: number): Json {
    if (depth > maxDepth) throw new JsonError(`JSON is nested more than ${maxDepth} deep`)
    const first = this.#text[this.#at]
    if (first === '{') return this.#object(depth)
    if (first === '[') return this.#array(depth)
    if (first === '"') return this.#string()
    for (const [word, value] of words) if (this.#text.startsWith(word, this.#at)) return this.#taken(word, value)
    const digits = this.#match(number)
    if (digits !== undefined) return this.#taken('', new JsonNumber(digits))
    throw this.#error(first === undefined ? 'unexpected end of JSON' : `unexpected '${first}'`)
  }

  #object(depth: number): JsonObject {
    const object = new Map<string, Json>()
    this.#punctuation('{')
    if (this.#accept('}')) return object
    do {
      if (this.#text[this.#at] !== '"') throw this.#error('expected a name in double quotes')
      const key = this.#string()
      this.#punctuation(':')
      object.set(key, this.value(depth + 1))
    } while (this.#accept(','))
    this.#punctuation('}')
    return object
  }

  #array(depth: number): Json[] {
    const array: Json[] = []
    this.#punctuation('[')
    if (this.#accept(']')) return array
    do array.push(this.value(depth + 1))
    while (this.#accept(','))
    this.#punctuation(']')
    return array
  }

  #string(): string {
    const start = this.#at
    const quoted = this.#match(string)
    if (quoted === undefined) throw this.#error('a string has no end')
    try {
      return this.#taken('', JSON.parse(quoted) as string)
    } catch {
      // The pattern admits escapes and control characters that JSON does not.
      throw new JsonError(`a string is no JSON at ${placeOf(this.#text, start)}`)
    }
  }

  #punctuation(sign: string): void {
    if (!this.#accept(sign)) throw this.#error(`expected '${sign}'`)
  }

  #accept(sign: string): boolean {
    if (this.#text[this.#at] !== sign) return false
    this.#at++
    this.#skip()
    return true
  }

  #taken<T>(word: string, value: T): T {
    this.#at += word.length
    this.#skip()
    return value
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    if (found === undefined) return undefined
    this.#at += found.length
    return found
  }

  #skip(): void {
    this.#space.lastIndex = this.#at
    this.#at += this.#space.exec(this.#text)?.[0].length ?? 0
  }

  #error(what: string): JsonError {
    return new JsonError(`${what} at ${placeOf(this.#text, this.#at)}`)
  }
}

const words: readonly (readonly [string, boolean | null])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
]

function placeOf(text: string, at: number): string {
  const before = text.slice(0, at)
  return `line ${before.split('\n').length}, column ${at - before.lastIndexOf('\n')}`
}

/** Compact JSON; with `sorted` the keys of every object are in order. */
export function printJson(value: Json, sorted = false): string {
  if (value instanceof JsonNumber) return value.text
  if (isObject(value)) {
    const entries = [...value]
    if (sorted) entries.sort(([a], [b]) => compareText(a, b))
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${printJson(item, sorted)}`).join(',')}}`
  }
  if (isArray(value)) return `[${value.map((item) => printJson(item, sorted)).join(',')}]`
  return JSON.stringify(value)
}

export function isObject(value: Json | undefined): value is JsonObject {
  return value instanceof Map
}

export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}

/** Order of the UTF-16 code units, as Java sorts. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
