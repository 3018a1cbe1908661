import { SchemaError } from '../schema'

export interface Token {
  readonly kind: 'word' | 'number' | 'string' | 'sign' | 'end'
  /** Of a string its content. */
  readonly text: string
  readonly line: number
}

const skipped = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y
const patterns: readonly (readonly [Token['kind'], RegExp])[] = [
  ['word', /[A-Za-z_]\w*/y],
  ['number', /(?:0[xX][\dA-Fa-f]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fF]?)/y],
  ['string', /"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'/y],
  ['sign', /[{}()[\]<>;,=.:/+-]/y],
]

const beforeTypes = new Set(['optional', 'required', 'repeated', 'extend', 'stream'])

/** The words of a `.proto` file; comments are left out. @throws SchemaError */
export class Tokens {
  readonly #text: string
  #at = 0
  #line = 1
  #next: Token

  constructor(text: string) {
    this.#text = text
    this.#next = this.#read()
  }

  get next(): Token {
    return this.#next
  }

  take(): Token {
    const token = this.#next
    this.#next = this.#read()
    return token
  }

  is(text: string): boolean {
    return this.#next.text === text && this.#next.kind !== 'string'
  }

  accept(text: string): boolean {
    if (!this.is(text)) return false
    this.take()
    return true
  }

  expect(text: string): void {
    if (!this.accept(text)) throw this.error(`expected '${text}'`)
  }

  word(): string {
    if (this.#next.kind !== 'word') throw this.error('expected a name')
    return this.take().text
  }

  /** A type, or a keyword that may stand before one: in `repeated .a.B x` it is `repeated`, as protoc reads it. */
  typeOrKeyword(): string {
    return this.#next.kind === 'word' && beforeTypes.has(this.#next.text) ? this.take().text : this.dotted()
  }

  /** `a.b.C`, `.a.b.C` */
  dotted(): string {
    let name = this.accept('.') ? '.' : ''
    name += this.word()
    while (this.accept('.')) name += `.${this.word()}`
    return name
  }

  integer(): number {
    const isNegative = this.accept('-')
    const { kind, text } = this.#next
    if (kind !== 'number' || !/^(?:0[xX][\dA-Fa-f]+|\d+)$/.test(text)) throw this.error('expected an integer')
    this.take()
    const value = /^0\d/.test(text) ? Number.parseInt(text, 8) : Number(text)
    return isNegative ? -value : value
  }

  string(): string {
    if (this.#next.kind !== 'string') throw this.error('expected a string')
    let text = ''
    while (this.#next.kind === 'string') text += this.take().text
    return text
  }

  error(what: string): SchemaError {
    const { kind, text, line } = this.#next
    const found = kind === 'end' ? 'the end' : `'${text.slice(0, 50)}'`
    return new SchemaError(`Syntax error in line ${line}: ${what}, found ${found}`)
  }

  #read(): Token {
    this.#skip()
    const line = this.#line
    for (const [kind, pattern] of patterns) {
      pattern.lastIndex = this.#at
      const found = pattern.exec(this.#text)?.[0]
      if (found === undefined) continue
      this.#at += found.length
      return { kind, text: kind === 'string' ? found.slice(1, -1) : found, line }
    }
    if (this.#at >= this.#text.length) return { kind: 'end', text: '', line }
    throw new SchemaError(`Syntax error in line ${line}: unexpected '${this.#text[this.#at]}'`)
  }

  #skip(): void {
    skipped.lastIndex = this.#at
    const found = skipped.exec(this.#text)?.[0] ?? ''
    for (const sign of found) if (sign === '\n') this.#line++
    this.#at += found.length
  }
}
