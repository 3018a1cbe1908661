import { type Json, JsonNumber, type JsonObject, printJson } from '../json'
import {
  type AvroField,
  type AvroNamed,
  type AvroType,
  fullName,
  isNamed,
  isPrimitive,
  type Name,
  primitives,
} from './schema'

/** How a schema is written. */
interface Style {
  /** Full names of types whose definitions are not written: those of the references. */
  readonly known: ReadonlySet<string>
  /** Confluent's normalized form: full names, properties sorted. */
  readonly normalized: boolean
}

/**
 * The text of a schema as Java Avro 1.12 writes it (Schema.toJson): compact, attributes in a fixed order, a type's definition where it is
 * first used. `known` are the types that references bring.
 */
export function printAvro(type: AvroType, known: ReadonlySet<string> = new Set()): string {
  return new Printer({ known, normalized: false }).type(type, '')
}

/** The text with `normalize=true`: equal for schemas that differ in the order of properties or in how names are written. */
export function normalizedAvro(type: AvroType, known: ReadonlySet<string> = new Set()): string {
  return new Printer({ known, normalized: true }).type(type, '')
}

class Printer {
  readonly #style: Style
  readonly #written: Set<string>

  constructor(style: Style) {
    this.#style = style
    this.#written = new Set(style.known)
  }

  type(type: AvroType, space: string): string {
    if (type.kind === 'union') return `[${type.branches.map((branch) => this.type(branch, space)).join(',')}]`
    if (isNamed(type)) return this.#named(type, space)
    if (isPrimitive(type)) {
      const properties = this.#properties(type.properties)
      return properties.length === 0 ? quoted(type.kind) : object(['type', quoted(type.kind)], ...properties)
    }
    const inner: Entry =
      type.kind === 'array' ? ['items', this.type(type.items, space)] : ['values', this.type(type.values, space)]
    return object(['type', quoted(type.kind)], inner, ...this.#properties(type.properties))
  }

  #named(type: AvroNamed, space: string): string {
    const { name } = type
    if (this.#written.has(fullName(name))) {
      const isPlain =
        name.space === space && !this.#style.normalized && !(primitives as readonly string[]).includes(name.simple)
      return quoted(isPlain ? name.simple : fullName(name))
    }
    this.#written.add(fullName(name))
    const kind: Entry = ['type', quoted(type.kind === 'record' && type.isError ? 'error' : type.kind)]
    const doc: Entry[] = type.doc === null ? [] : [['doc', quoted(type.doc)]]
    const aliases = this.#aliases(type)
    const properties = this.#properties(type.properties)
    if (this.#style.normalized) {
      return object(['name', quoted(fullName(name))], kind, ...this.#body(type), ...doc, ...aliases, ...properties)
    }
    return object(kind, ...this.#name(name, space), ...doc, ...this.#body(type), ...properties, ...aliases)
  }

  #name({ simple, space }: Name, around: string): Entry[] {
    return [['name', quoted(simple)], ...(space === around ? [] : [['namespace', quoted(space)] as Entry])]
  }

  #body(type: AvroNamed): Entry[] {
    switch (type.kind) {
      case 'record':
        return [['fields', `[${type.fields.map((field) => this.#field(field, type.name.space)).join(',')}]`]]
      case 'enum': {
        const fallback: Entry[] = type.default === null ? [] : [['default', quoted(type.default)]]
        return [['symbols', `[${type.symbols.map(quoted).join(',')}]`], ...fallback]
      }
      case 'fixed':
        return [['size', String(type.size)]]
    }
  }

  #field(field: AvroField, space: string): string {
    const entries: Entry[] = [
      ['name', quoted(field.name)],
      ['type', this.type(field.type, space)],
    ]
    if (field.doc !== null) entries.push(['doc', quoted(field.doc)])
    if (field.default !== undefined) entries.push(['default', printJson(field.default, this.#style.normalized)])
    if (field.order !== 'ascending') entries.push(['order', quoted(field.order)])
    if (field.aliases.length > 0) entries.push(['aliases', `[${field.aliases.map(quoted).join(',')}]`])
    return object(...entries, ...this.#properties(field.properties))
  }

  #aliases({ aliases, name }: AvroNamed): Entry[] {
    if (aliases.length === 0) return []
    const isPlain = (alias: Name) => alias.space === name.space && !this.#style.normalized
    const names = aliases.map((alias) => quoted(isPlain(alias) ? alias.simple : fullName(alias)))
    if (this.#style.normalized) names.sort()
    return [['aliases', `[${names.join(',')}]`]]
  }

  /** Normalized, those of the logical type come first and the others in order. */
  #properties(properties: JsonObject): Entry[] {
    const entries = [...properties].map(([key, value]): Entry => [key, printJson(value, this.#style.normalized)])
    if (!this.#style.normalized) return entries
    const kept = entries.filter(([key]) => key !== 'scale' || !isZero(properties.get('scale')))
    return kept.sort(([a], [b]) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1))
  }
}

type Entry = readonly [key: string, json: string]

const logicalKeys = ['logicalType', 'precision', 'scale']

function rankOf(key: string): number {
  const at = logicalKeys.indexOf(key)
  return at < 0 ? logicalKeys.length : at
}

function isZero(json: Json | undefined): boolean {
  return json instanceof JsonNumber && Number(json.text) === 0
}

function object(...entries: readonly Entry[]): string {
  return `{${entries.map(([key, json]) => `${quoted(key)}:${json}`).join(',')}}`
}

function quoted(text: string): string {
  return JSON.stringify(text)
}
