import { SchemaError } from '../schema'
import type {
  ProtoEnum,
  ProtoExtension,
  ProtoField,
  ProtoFile,
  ProtoImport,
  ProtoLabel,
  ProtoMessage,
  ProtoMethod,
  ProtoOneof,
  ProtoOption,
  ProtoService,
  ProtoType,
} from './file'
import { Tokens } from './tokens'

type Writable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer I)[] ? I[] : T[K] }

/** Messages within messages; protoc stops there too. */
const maxDepth = 32

/** Reads a `.proto` file, proto2, proto3 or an edition. @throws SchemaError */
export function parseProto(text: string): ProtoFile {
  return new Parser(text).file()
}

class Parser {
  readonly #tokens: Tokens

  constructor(text: string) {
    this.#tokens = new Tokens(text)
  }

  file(): ProtoFile {
    const tokens = this.#tokens
    const file: Writable<ProtoFile> = {
      syntax: 'proto2',
      package: '',
      imports: [],
      options: [],
      types: [],
      extensions: [],
      services: [],
    }
    while (tokens.next.kind !== 'end') {
      if (tokens.accept(';')) continue
      const word = tokens.word()
      switch (word) {
        case 'syntax':
        case 'edition':
          tokens.expect('=')
          file.syntax = tokens.string()
          tokens.expect(';')
          break
        case 'package':
          file.package = tokens.dotted()
          tokens.expect(';')
          break
        case 'import':
          file.imports.push(this.#import())
          break
        case 'option':
          file.options.push(this.#statementOption())
          break
        case 'message':
          file.types.push(this.#message(0))
          break
        case 'enum':
          file.types.push(this.#enum())
          break
        case 'extend':
          file.extensions.push(this.#extension(file.types))
          break
        case 'service':
          file.services.push(this.#service())
          break
        default:
          throw new SchemaError(`Syntax error in line ${tokens.next.line}: unexpected '${word}'`)
      }
    }
    if (file.syntax !== 'proto2' && file.syntax !== 'proto3' && !/^\d{4}$/.test(file.syntax)) {
      throw new SchemaError(`Unknown syntax "${file.syntax}"`)
    }
    return file
  }

  #import(): ProtoImport {
    const tokens = this.#tokens
    const kind = tokens.accept('public') ? 'public' : tokens.accept('weak') ? 'weak' : ''
    const path = tokens.string()
    tokens.expect(';')
    return { path, kind }
  }

  #message(depth: number): ProtoMessage {
    const name = this.#tokens.word()
    return this.#messageBody(name, depth)
  }

  #messageBody(name: string, depth: number): ProtoMessage {
    const tokens = this.#tokens
    if (depth > maxDepth) throw new SchemaError(`Messages are nested more than ${maxDepth} deep`)
    const message: Writable<ProtoMessage> = {
      kind: 'message',
      name,
      options: [],
      fields: [],
      oneofs: [],
      types: [],
      extensions: [],
      reserved: [],
      extensionRanges: [],
    }
    tokens.expect('{')
    while (!tokens.accept('}')) {
      if (tokens.accept(';')) continue
      if (tokens.next.kind === 'end') throw tokens.error("expected '}'")
      this.#member(message, depth)
    }
    return message
  }

  #member(message: Writable<ProtoMessage>, depth: number): void {
    const tokens = this.#tokens
    // Keywords are names too: `message message = 1;` is a field of the type `message`.
    const first = tokens.typeOrKeyword()
    const isDeclaration = tokens.next.kind === 'word'
    if (first === 'message' && isDeclaration) {
      const name = tokens.word()
      if (tokens.is('{')) message.types.push(this.#messageBody(name, depth + 1))
      else message.fields.push(this.#fieldAfterName('', first, name, null))
      return
    }
    if (first === 'enum' && isDeclaration) {
      message.types.push(this.#enum())
      return
    }
    if (first === 'oneof' && isDeclaration) {
      this.#oneof(message, depth)
      return
    }
    if (first === 'option' && (isDeclaration || tokens.is('('))) {
      message.options.push(this.#statementOption())
      return
    }
    if (first === 'reserved' && !tokens.is('=')) {
      message.reserved.push(...this.#ranges())
      return
    }
    if (first === 'extensions' && tokens.next.kind === 'number') {
      message.extensionRanges.push(...this.#ranges())
      return
    }
    if (first === 'extend' && (isDeclaration || tokens.is('.'))) {
      message.extensions.push(this.#extension(message.types))
      return
    }
    message.fields.push(this.#field(first, null, message.types, depth))
  }

  #oneof(message: Writable<ProtoMessage>, depth: number): void {
    const tokens = this.#tokens
    const name = tokens.word()
    const options: ProtoOption[] = []
    tokens.expect('{')
    while (!tokens.accept('}')) {
      if (tokens.accept(';')) continue
      const first = tokens.typeOrKeyword()
      if (first === 'option') options.push(this.#statementOption())
      else message.fields.push(this.#field(first, name, message.types, depth))
    }
    const oneof: ProtoOneof = { name, options }
    message.oneofs.push(oneof)
  }

  #field(first: string, oneof: string | null, types: ProtoType[], depth: number): ProtoField {
    const tokens = this.#tokens
    const isLabel = first === 'optional' || first === 'required' || first === 'repeated'
    const hasLabel = isLabel && oneof === null && (tokens.next.kind === 'word' || tokens.is('.'))
    const label: ProtoLabel = hasLabel ? (first as ProtoLabel) : ''
    const type = hasLabel ? tokens.dotted() : first
    if (type === 'map' && tokens.accept('<')) {
      const key = tokens.dotted()
      tokens.expect(',')
      const value = tokens.dotted()
      tokens.expect('>')
      return { ...this.#fieldAfterName(label, value, tokens.word(), oneof), mapKey: key }
    }
    const name = tokens.word()
    if (type === 'group' && tokens.is('=')) {
      tokens.take()
      const number = tokens.integer()
      const options = this.#bracketOptions()
      types.push(this.#messageBody(name, depth + 1))
      return { label, type: name, name: name.toLowerCase(), number, options, mapKey: null, oneof, isGroup: true }
    }
    return this.#fieldAfterName(label, type, name, oneof)
  }

  #fieldAfterName(label: ProtoLabel, type: string, name: string, oneof: string | null): ProtoField {
    this.#tokens.expect('=')
    const number = this.#tokens.integer()
    const options = this.#bracketOptions()
    this.#tokens.expect(';')
    return { label, type, name, number, options, mapKey: null, oneof, isGroup: false }
  }

  #enum(): ProtoEnum {
    const tokens = this.#tokens
    const made: Writable<ProtoEnum> = { kind: 'enum', name: tokens.word(), options: [], values: [], reserved: [] }
    tokens.expect('{')
    while (!tokens.accept('}')) {
      if (tokens.accept(';')) continue
      const word = tokens.word()
      if (word === 'option' && !tokens.is('=')) made.options.push(this.#statementOption())
      else if (word === 'reserved' && !tokens.is('=')) made.reserved.push(...this.#ranges())
      else {
        tokens.expect('=')
        const number = tokens.integer()
        const options = this.#bracketOptions()
        tokens.expect(';')
        made.values.push({ name: word, number, options })
      }
    }
    return made
  }

  #extension(types: ProtoType[]): ProtoExtension {
    const tokens = this.#tokens
    const extendee = tokens.dotted()
    const fields: ProtoField[] = []
    tokens.expect('{')
    while (!tokens.accept('}')) {
      if (tokens.accept(';')) continue
      fields.push(this.#field(tokens.typeOrKeyword(), null, types, 0))
    }
    return { extendee, fields }
  }

  #service(): ProtoService {
    const tokens = this.#tokens
    const service: Writable<ProtoService> = { name: tokens.word(), options: [], methods: [] }
    tokens.expect('{')
    while (!tokens.accept('}')) {
      if (tokens.accept(';')) continue
      if (tokens.accept('option')) service.options.push(this.#statementOption())
      else {
        tokens.expect('rpc')
        service.methods.push(this.#method())
      }
    }
    return service
  }

  #method(): ProtoMethod {
    const tokens = this.#tokens
    const name = tokens.word()
    const [streamsInput, input] = this.#methodType()
    tokens.expect('returns')
    const [streamsOutput, output] = this.#methodType()
    const options: ProtoOption[] = []
    if (tokens.accept('{')) {
      while (!tokens.accept('}')) {
        if (tokens.accept(';')) continue
        tokens.expect('option')
        options.push(this.#statementOption())
      }
    } else tokens.expect(';')
    return { name, input, output, streamsInput, streamsOutput, options }
  }

  #methodType(): [boolean, string] {
    const tokens = this.#tokens
    tokens.expect('(')
    const first = tokens.typeOrKeyword()
    const streams = first === 'stream' && !tokens.is(')')
    const type = streams ? tokens.dotted() : first
    tokens.expect(')')
    return [streams, type]
  }

  /** Behind `reserved` or `extensions`, up to the semicolon. */
  #ranges(): string[] {
    const tokens = this.#tokens
    const ranges: string[] = []
    do {
      if (tokens.next.kind === 'string') ranges.push(quoted(tokens.string()))
      else if (tokens.next.kind === 'word') ranges.push(quoted(tokens.word()))
      else {
        const from = tokens.integer()
        const to = tokens.accept('to') ? (tokens.accept('max') ? 'max' : String(tokens.integer())) : undefined
        ranges.push(to === undefined ? String(from) : `${from} to ${to}`)
      }
    } while (tokens.accept(','))
    this.#bracketOptions()
    tokens.expect(';')
    return ranges
  }

  #statementOption(): ProtoOption {
    const option = this.#option()
    this.#tokens.expect(';')
    return option
  }

  #bracketOptions(): ProtoOption[] {
    const options: ProtoOption[] = []
    if (!this.#tokens.accept('[')) return options
    do options.push(this.#option())
    while (this.#tokens.accept(','))
    this.#tokens.expect(']')
    return options
  }

  #option(): ProtoOption {
    const tokens = this.#tokens
    let name = ''
    do {
      if (name !== '') name += '.'
      if (tokens.accept('(')) {
        name += `(${tokens.dotted()})`
        tokens.expect(')')
      } else name += tokens.word()
    } while (tokens.accept('.'))
    tokens.expect('=')
    return { name, value: this.#optionValue(0) }
  }

  #optionValue(depth: number): string {
    const tokens = this.#tokens
    if (depth > maxDepth) throw new SchemaError('An option is nested too deep')
    if (tokens.next.kind === 'string') return quoted(tokens.string())
    if (tokens.accept('-')) return `-${tokens.take().text}`
    if (tokens.accept('+')) return tokens.take().text
    if (tokens.accept('{')) return this.#aggregate('}', depth)
    if (tokens.next.kind === 'word') return tokens.dotted()
    if (tokens.next.kind === 'number') return tokens.take().text
    throw tokens.error('expected the value of an option')
  }

  /** Text format between braces: its words with one space between them. */
  #aggregate(end: string, depth: number): string {
    const tokens = this.#tokens
    const words: string[] = []
    while (!tokens.accept(end)) {
      if (tokens.next.kind === 'end') throw tokens.error(`expected '${end}'`)
      if (tokens.next.kind === 'string') words.push(quoted(tokens.string()))
      else if (tokens.is('{')) words.push(this.#optionValue(depth + 1))
      else words.push(tokens.take().text)
    }
    return `{ ${words.join(' ')} }`
  }
}

/** Escapes of a string stay as they are written. */
function quoted(content: string): string {
  return `"${content.replace(/\\'/g, "'").replace(/(?<!\\)"/g, '\\"')}"`
}
