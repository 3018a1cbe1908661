import { UsageError } from '../options/serve'

/** One step of a path: a field, or every element of an array. */
type Step = string | typeof every
const every = Symbol('every element')

const mark = '"***"'

/** Masks fields of JSON values. Null: the value is not JSON, so nothing in it can be found. */
export type Mask = (value: Uint8Array) => Uint8Array | null

/**
 * A mask of paths like `$.customer.email` and `$.items[*].name`. Everything else in the text stays as it is, to the last digit of a
 * number. Values with the five bytes of a schema registry in front keep these.
 *
 * @throws UsageError for a path that cannot be read
 */
export function maskOf(paths: readonly string[]): Mask {
  const wanted = paths.map(stepsOf)
  return (value) => {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    const head = bytes[0] === 0 && bytes.length > 5 ? 5 : 0
    const text = textOf(bytes.subarray(head))
    if (text === undefined) return null
    const masked = new Masker(text).masked(wanted)
    return Buffer.concat([bytes.subarray(0, head), Buffer.from(masked)])
  }
}

/** The text of valid JSON in UTF-8. */
function textOf(bytes: Buffer): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    JSON.parse(text)
    return text
  } catch {
    return undefined
  }
}

function stepsOf(path: string): Step[] {
  const steps: Step[] = []
  const step = /\.([^.[\]"']+)|\[\*\]|\["((?:[^"\\]|\\.)*)"\]/y
  step.lastIndex = 1
  while (step.lastIndex < path.length) {
    const at = step.lastIndex
    const match = step.exec(path)
    if (!match || path[0] !== '$') {
      throw new UsageError(
        `--mask is "${path}", which cannot be read from "${path.slice(at)}" on; write $.a.b or $.a[*].b.`,
      )
    }
    steps.push(match[1] ?? (match[2] === undefined ? every : (JSON.parse(`"${match[2]}"`) as string)))
  }
  if (path[0] !== '$' || steps.length === 0) throw new UsageError(`--mask is "${path}"; write $.a.b or $.a[*].b.`)
  return steps
}

/** Walks through valid JSON once, and replaces what the paths lead to. */
class Masker {
  readonly #text: string
  readonly #parts: string[] = []
  #at = 0
  #copiedTo = 0

  constructor(text: string) {
    this.#text = text
  }

  masked(paths: readonly (readonly Step[])[]): string {
    this.#value(paths)
    this.#parts.push(this.#text.slice(this.#copiedTo))
    return this.#parts.join('')
  }

  /** @param paths the rest of each path that has led here */
  #value(paths: readonly (readonly Step[])[]): void {
    this.#space()
    const start = this.#at
    const first = this.#text[start]
    const isWanted = paths.some(({ length }) => length === 0)
    const below = isWanted ? [] : paths
    if (first === '{') this.#members(below)
    else if (first === '[') this.#elements(below)
    else if (first === '"') this.#string()
    else this.#plain()
    if (!isWanted || this.#text.startsWith('null', start)) return
    this.#parts.push(this.#text.slice(this.#copiedTo, start), mark)
    this.#copiedTo = this.#at
  }

  #members(paths: readonly (readonly Step[])[]): void {
    this.#at++
    for (this.#space(); this.#text[this.#at] !== '}'; this.#space()) {
      if (this.#text[this.#at] === ',') {
        this.#at++
        continue
      }
      const name = JSON.parse(this.#string()) as string
      this.#space()
      this.#at++
      this.#value(paths.filter(([step]) => step === name).map((path) => path.slice(1)))
    }
    this.#at++
  }

  #elements(paths: readonly (readonly Step[])[]): void {
    this.#at++
    const inside = paths.filter(([step]) => step === every).map((path) => path.slice(1))
    for (this.#space(); this.#text[this.#at] !== ']'; this.#space()) {
      if (this.#text[this.#at] === ',') this.#at++
      else this.#value(inside)
    }
    this.#at++
  }

  #string(): string {
    const start = this.#at++
    while (this.#text[this.#at] !== '"') this.#at += this.#text[this.#at] === '\\' ? 2 : 1
    this.#at++
    return this.#text.slice(start, this.#at)
  }

  /** A number, true, false or null. */
  #plain(): void {
    while (this.#at < this.#text.length && !/[\s,\]}]/.test(this.#text[this.#at] ?? ',')) this.#at++
  }

  #space(): void {
    while (/[ \t\r\n]/.test(this.#text[this.#at] ?? '')) this.#at++
  }
}
