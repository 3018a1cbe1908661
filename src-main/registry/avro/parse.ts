import { isArray, isObject, type Json, JsonError, JsonNumber, type JsonObject, parseJson, printJson } from '../json'
import { SchemaError } from '../schema'
import { isValidDefault } from './defaults'
import {
  type AvroField,
  type AvroNamed,
  type AvroType,
  branchName,
  fullName,
  isPrimitive,
  type Name,
  type Primitive,
  primitives,
} from './schema'

/** Keys that are not properties (org.apache.avro.Schema.SCHEMA_RESERVED, FIELD_RESERVED). */
const schemaKeys = new Set([
  'doc',
  'fields',
  'items',
  'name',
  'namespace',
  'size',
  'symbols',
  'values',
  'type',
  'aliases',
])
const fieldKeys = new Set(['default', 'doc', 'name', 'order', 'type', 'aliases'])
const identifier = /^[\p{L}_][\p{L}\p{Nd}_]*$/u

export type NamedTypes = Map<string, AvroNamed>

/**
 * Reads an Avro schema as org.apache.avro.Schema.Parser 1.12 does. `names` holds the types of the references, and gets those of this
 * schema. `isNew`: defaults must fit and namespaces must be names; what is stored already is read as it is.
 *
 * @throws SchemaError
 */
export function parseAvro(text: string, names: NamedTypes, isNew: boolean): AvroType {
  try {
    const json = parseJson(text, { comments: true })
    return new Parser(json, names, isNew).type(json, '')
  } catch (error) {
    if (error instanceof JsonError) throw new SchemaError(error.message)
    throw error
  }
}

class Parser {
  readonly #json: Json
  readonly #names: NamedTypes
  readonly #isNew: boolean
  /** Records whose fields are being read. */
  readonly #open = new Set<AvroType>()
  /** Definitions in the text by full name, looked for when a name is used before its definition. */
  #later: ReadonlyMap<string, Definition> | undefined
  /** Definitions that were read when they were first used. */
  readonly #read = new Map<JsonObject, AvroType>()

  constructor(json: Json, names: NamedTypes, isNew: boolean) {
    this.#json = json
    this.#names = names
    this.#isNew = isNew
  }

  /** `space`: the namespace around it. */
  type(json: Json, space: string): AvroType {
    if (typeof json === 'string') return this.#reference(json, space)
    if (isArray(json)) return this.#union(json, space)
    if (!isObject(json)) throw new SchemaError(`Schema not yet supported: ${shown(json)}`)
    const type = textOf(json, 'type')
    if (type === undefined) throw new SchemaError(`No type: ${shown(json)}`)
    const read = this.#read.get(json)
    if (read) return read
    const properties = propertiesOf(json, schemaKeys)
    switch (type) {
      case 'record':
      case 'error':
        return this.#record(json, space, type === 'error')
      case 'enum':
        return this.#enum(json, space)
      case 'fixed':
        return this.#fixed(json, space)
      case 'array':
        return {
          kind: 'array',
          items: this.type(required(json, 'items', 'Array has no items type'), space),
          properties,
        }
      case 'map':
        return { kind: 'map', values: this.type(required(json, 'values', 'Map has no values type'), space), properties }
      default:
        return isPrimitiveName(type) ? { kind: type, properties } : this.#reference(type, space)
    }
  }

  #reference(name: string, space: string): AvroType {
    if (isPrimitiveName(name)) return { kind: name, properties: new Map() }
    // A simple name that is not in this namespace may be in the null one.
    const known =
      this.#names.get(name.includes('.') || space === '' ? name : `${space}.${name}`) ?? this.#names.get(name)
    if (known) return known
    const later = this.#defined(name, space)
    if (later) return later
    throw new SchemaError(`Undefined schema: ${name.includes('.') || space === '' ? name : `${space}.${name}`}`)
  }

  /** A type that the text defines further on (Avro 1.12): it is read now. */
  #defined(name: string, space: string): AvroType | undefined {
    this.#later ??= definitionsIn(this.#json)
    const found =
      this.#later.get(name.includes('.') || space === '' ? name : `${space}.${name}`) ?? this.#later.get(name)
    if (!found) return undefined
    const type = this.type(found.json, found.space)
    this.#read.set(found.json, type)
    return type
  }

  #union(json: readonly Json[], space: string): AvroType {
    const branches = json.map((branch) => this.type(branch, space))
    const seen = new Set<string>()
    for (const branch of branches) {
      if (branch.kind === 'union') throw new SchemaError(`Nested union: ${shown(json)}`)
      const name = branchName(branch)
      if (seen.has(name)) throw new SchemaError(`Duplicate in union:${name}`)
      seen.add(name)
    }
    return { kind: 'union', branches }
  }

  #record(json: JsonObject, space: string, isError: boolean): AvroType {
    const name = this.#nameOf(json, space)
    const fields: AvroField[] = []
    const record = {
      kind: 'record',
      isError,
      ...this.#named(json, name),
      fields,
      properties: propertiesOf(json, schemaKeys),
    } as const
    // Within itself a record may be defined again: its fields are not known yet (ParseContext.put).
    const around = this.#names.get(fullName(name))
    if (!(around && this.#open.has(around))) this.#define(record)
    this.#open.add(record)
    const given = json.get('fields')
    if (!isArray(given)) throw new SchemaError(`Record has no fields: ${shown(json)}`)
    const seen = new Set<string>()
    for (const item of given) {
      const field = this.#field(item, name)
      if (seen.has(field.name)) throw new SchemaError(`Duplicate field ${field.name} in record ${fullName(name)}`)
      seen.add(field.name)
      fields.push(field)
    }
    this.#open.delete(record)
    return record
  }

  #field(json: Json, record: Name): AvroField {
    if (!isObject(json)) throw new SchemaError(`A field is no object: ${shown(json)}`)
    const name = textOf(json, 'name')
    if (name === undefined) throw new SchemaError(`No field name: ${shown(json)}`)
    this.#checkName(name)
    const given = json.get('type')
    if (given === undefined) throw new SchemaError(`No field type: ${shown(json)}`)
    const type = this.type(given, record.space)
    const order = (textOf(json, 'order') ?? 'ascending').toLowerCase()
    if (order !== 'ascending' && order !== 'descending' && order !== 'ignore') {
      throw new SchemaError(`Unknown order: ${order}`)
    }
    const fallback = withExactDoubles(json.get('default'), type)
    if (this.#isNew && fallback !== undefined && !isValidDefault(type, fallback, this.#open)) {
      throw new SchemaError(`Invalid default for field ${name}: ${shown(fallback)} not a ${shownType(given)}`)
    }
    return {
      name,
      type,
      doc: textOf(json, 'doc') ?? null,
      default: fallback,
      order,
      aliases: aliasesOf(json),
      properties: propertiesOf(json, fieldKeys),
    }
  }

  #enum(json: JsonObject, space: string): AvroType {
    const name = this.#nameOf(json, space)
    const given = json.get('symbols')
    if (!isArray(given)) throw new SchemaError(`Enum has no symbols: ${shown(json)}`)
    const symbols = given.map((symbol) => {
      if (typeof symbol !== 'string') throw new SchemaError(`An enum symbol is no text: ${shown(symbol)}`)
      this.#checkName(symbol)
      return symbol
    })
    const seen = new Set<string>()
    const twice = symbols.find((symbol) => seen.size === seen.add(symbol).size)
    if (twice !== undefined) throw new SchemaError(`Duplicate enum symbol: ${twice}`)
    const fallback = textOf(json, 'default') ?? null
    if (fallback !== null && !symbols.includes(fallback)) {
      throw new SchemaError(`The Enum Default: ${fallback} is not in the enum symbol set: [${symbols.join(', ')}]`)
    }
    const properties = propertiesOf(json, new Set([...schemaKeys, 'default']))
    return this.#define({ kind: 'enum', ...this.#named(json, name), symbols, default: fallback, properties })
  }

  #fixed(json: JsonObject, space: string): AvroType {
    const name = this.#nameOf(json, space)
    const size = json.get('size')
    if (!(size instanceof JsonNumber) || !size.isInteger) throw new SchemaError(`Invalid or no size: ${shown(json)}`)
    const bytes = Number(size.text)
    if (bytes < 0) throw new SchemaError(`Malformed data. Length is negative: ${size.text}`)
    if (bytes > 2_147_483_647) throw new SchemaError(`Invalid or no size: ${shown(json)}`)
    const properties = propertiesOf(json, schemaKeys)
    return this.#define({ kind: 'fixed', ...this.#named(json, name), size: bytes, properties })
  }

  #named(json: JsonObject, name: Name) {
    const aliases = aliasesOf(json).map((alias) => splitName(alias, name.space))
    for (const { simple } of aliases) this.#checkName(simple)
    return { name, doc: textOf(json, 'doc') ?? null, aliases }
  }

  #nameOf(json: JsonObject, around: string): Name {
    const given = textOf(json, 'name')
    if (given === undefined) throw new SchemaError(`No name in schema: ${shown(json)}`)
    const name = splitName(given, textOf(json, 'namespace') ?? around)
    this.#checkName(name.simple)
    if (this.#isNew && name.space !== '') for (const part of name.space.split('.')) this.#checkName(part)
    return name
  }

  #define<T extends AvroNamed>(type: T): T {
    const name = fullName(type.name)
    if (isPrimitiveName(type.name.simple) && type.name.space === '') {
      throw new SchemaError(`Schemas may not be named after primitives: ${name}`)
    }
    const known = this.#names.get(name)
    if (known && isSameDefinition(known, type)) return type
    if (known) throw new SchemaError(`Can't redefine: ${name}`)
    this.#names.set(name, type)
    return type
  }

  #checkName(name: string): void {
    if (name === '') throw new SchemaError('Empty name')
    if (!identifier.test(name)) {
      const isStart = !/^[\p{L}_]/u.test(name)
      throw new SchemaError(isStart ? `Illegal initial character: ${name}` : `Illegal character in: ${name}`)
    }
  }
}

interface Definition {
  readonly json: JsonObject
  /** The namespace around it. */
  readonly space: string
}

/** Named types that a text defines, by full name. */
function definitionsIn(json: Json): ReadonlyMap<string, Definition> {
  const found = new Map<string, Definition>()
  const walk = (at: Json | undefined, space: string) => {
    if (isArray(at)) for (const item of at) walk(item, space)
    if (!isObject(at)) return
    const kind = at.get('type')
    const name = textOf(at, 'name')
    let inside = space
    if (name !== undefined && (kind === 'record' || kind === 'error' || kind === 'enum' || kind === 'fixed')) {
      const split = splitName(name, textOf(at, 'namespace') ?? space)
      inside = split.space
      if (!found.has(fullName(split))) found.set(fullName(split), { json: at, space })
    }
    for (const key of ['fields', 'items', 'values', 'type']) walk(at.get(key), inside)
  }
  walk(json, '')
  return found
}

/** Enums and fixed types may be defined twice alike. */
function isSameDefinition(a: AvroNamed, b: AvroNamed): boolean {
  const properties = (type: AvroNamed) => printJson(type.properties, true)
  if (properties(a) !== properties(b)) return false
  if (a.kind === 'enum' && b.kind === 'enum') return a.symbols.join() === b.symbols.join()
  return a.kind === 'fixed' && b.kind === 'fixed' && a.size === b.size
}

/** `a.b.R` is R of a.b, whatever is around it. */
function splitName(text: string, space: string): Name {
  const dot = text.lastIndexOf('.')
  return dot < 0 ? { simple: text, space } : { simple: text.slice(dot + 1), space: text.slice(0, dot) }
}

function isPrimitiveName(text: string): text is Primitive {
  return (primitives as readonly string[]).includes(text)
}

function textOf(json: JsonObject, key: string): string | undefined {
  const value = json.get(key)
  return typeof value === 'string' ? value : undefined
}

function required(json: JsonObject, key: string, what: string): Json {
  const value = json.get(key)
  if (value === undefined) throw new SchemaError(`${what}: ${shown(json)}`)
  return value
}

function propertiesOf(json: JsonObject, reserved: ReadonlySet<string>): JsonObject {
  return new Map([...json].filter(([key]) => !reserved.has(key)))
}

function aliasesOf(json: JsonObject): readonly string[] {
  const given = json.get('aliases')
  if (given === undefined || given === null) return []
  if (!isArray(given)) throw new SchemaError(`aliases not an array: ${shown(json)}`)
  const names = given.map((alias) => {
    if (typeof alias !== 'string') throw new SchemaError(`alias not a string: ${shown(alias)}`)
    return alias
  })
  return [...new Set(names)]
}

/** Jackson keeps an integer of a default as it is, and reads any other number as a double. */
function withExactDoubles(json: Json | undefined, type: AvroType): Json | undefined {
  if (!(json instanceof JsonNumber) || json.isInteger || !isPrimitive(type)) return json
  return new JsonNumber(javaDouble(Number(json.text)))
}

/** Double.toString of Java: `1.0E10`, `1.0E-4`, `12.5`. */
function javaDouble(value: number): string {
  const size = Math.abs(value)
  if (size === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value)
  const [digits = '', exponent = ''] = value.toExponential().split('e')
  return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`
}

function shown(json: Json): string {
  const text = printJson(json)
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}

function shownType(json: Json): string {
  return shown(json)
}
