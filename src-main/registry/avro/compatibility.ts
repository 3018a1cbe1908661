import {
  type AvroEnum,
  type AvroField,
  type AvroFixed,
  type AvroNamed,
  type AvroRecord,
  type AvroType,
  type AvroUnion,
  fullName,
} from './schema'

type AvroDifferenceType =
  | 'NAME_MISMATCH'
  | 'FIXED_SIZE_MISMATCH'
  | 'MISSING_ENUM_SYMBOLS'
  | 'READER_FIELD_MISSING_DEFAULT_VALUE'
  | 'TYPE_MISMATCH'
  | 'MISSING_UNION_BRANCH'
  /** No name of Java's: the comparison was given up. */
  | 'SCHEMA_TOO_COMPLEX'

/** Why a reader cannot read what a writer wrote (org.apache.avro.SchemaCompatibility.Incompatibility). */
export interface AvroDifference {
  readonly type: AvroDifferenceType
  /** A JSON pointer into the reader's schema: `/fields/0/type`. */
  readonly location: string
  readonly message: string
}

/** Differences that are collected at most; more would help nobody. */
const maxDifferences = 200
/** Comparisons that are made at most: unions of thousands of branches are compared each with each. */
const maxComparisons = 200_000

/** Java's SchemaCompatibility over schemas that are read. */
export function avroDifferences(reader: AvroType, writer: AvroType): AvroDifference[] {
  const checker = new Checker()
  const found = checker.compare(reader, writer, [])
  return checker.isExhausted ? [difference('SCHEMA_TOO_COMPLEX', [], '')] : found
}

/** Numeric and text types that a reader may read others as. */
const promotions: Readonly<Partial<Record<AvroType['kind'], readonly AvroType['kind'][]>>> = {
  long: ['int'],
  float: ['int', 'long'],
  double: ['int', 'long', 'float'],
  bytes: ['string'],
  string: ['bytes'],
}

class Checker {
  /** Pairs that are compared or were: one in progress is compatible, so that recursion ends. */
  readonly #known = new Map<AvroType, Map<AvroType, AvroDifference[]>>()

  #left = maxComparisons

  get isExhausted(): boolean {
    return this.#left <= 0
  }

  compare(reader: AvroType, writer: AvroType, path: readonly string[]): AvroDifference[] {
    // As in Java, a pair that is met again has the differences, and their places, of the first time.
    const known = this.#known.get(reader)?.get(writer)
    if (known) return known
    if (this.isExhausted) return []
    this.#left--
    const ofReader = this.#known.get(reader) ?? new Map<AvroType, AvroDifference[]>()
    this.#known.set(reader, ofReader)
    ofReader.set(writer, [])
    const found = this.#differences(reader, writer, path).slice(0, maxDifferences)
    ofReader.set(writer, found)
    return found
  }

  #differences(reader: AvroType, writer: AvroType, path: readonly string[]): AvroDifference[] {
    if (writer.kind === 'union') return this.#writerUnion(reader, writer, path)
    if (reader.kind === 'union') return this.#readerUnion(reader, writer, path)
    if (reader.kind === writer.kind) return this.#sameKind(reader, writer, path)
    return promotions[reader.kind]?.includes(writer.kind) ? [] : [typeMismatch(reader, writer, path)]
  }

  #sameKind(reader: AvroType, writer: AvroType, path: readonly string[]): AvroDifference[] {
    if (reader.kind === 'array' && writer.kind === 'array') {
      return this.compare(reader.items, writer.items, [...path, 'items'])
    }
    if (reader.kind === 'map' && writer.kind === 'map') {
      return this.compare(reader.values, writer.values, [...path, 'values'])
    }
    if (reader.kind === 'fixed' && writer.kind === 'fixed') {
      return [...nameDifferences(reader, writer, path), ...sizeDifferences(reader, writer, path)]
    }
    if (reader.kind === 'enum' && writer.kind === 'enum') {
      return [...nameDifferences(reader, writer, path), ...symbolDifferences(reader, writer, path)]
    }
    if (reader.kind === 'record' && writer.kind === 'record') {
      return [...nameDifferences(reader, writer, path), ...this.#fieldDifferences(reader, writer, path)]
    }
    return []
  }

  #fieldDifferences(reader: AvroRecord, writer: AvroRecord, path: readonly string[]): AvroDifference[] {
    const found: AvroDifference[] = []
    const writerFields = new Map(writer.fields.map((field) => [field.name, field]))
    for (const [i, field] of reader.fields.entries()) {
      if (found.length >= maxDifferences) break
      const place = [...path, 'fields', String(i)]
      const other = writerField(field, writerFields)
      if (other) found.push(...this.compare(field.type, other.type, [...place, 'type']))
      else if (field.default === undefined && !(field.type.kind === 'enum' && field.type.default !== null)) {
        found.push(difference('READER_FIELD_MISSING_DEFAULT_VALUE', place, field.name))
      }
    }
    return found
  }

  #writerUnion(reader: AvroType, writer: AvroUnion, path: readonly string[]): AvroDifference[] {
    return writer.branches.flatMap((branch, i) => {
      const place = [...path, String(i)]
      if (reader.kind !== 'union') return this.compare(reader, branch, place)
      return this.#isReadable(reader, branch, place) ? [] : [missingBranch(branch, place)]
    })
  }

  #readerUnion(reader: AvroUnion, writer: AvroType, path: readonly string[]): AvroDifference[] {
    return this.#isReadable(reader, writer, path) ? [] : [missingBranch(writer, path)]
  }

  #isReadable(reader: AvroUnion, writer: AvroType, path: readonly string[]): boolean {
    return reader.branches.some((branch, i) => this.compare(branch, writer, [...path, String(i)]).length === 0)
  }
}

/** The field of the writer that a reader's one reads: by its name, else by one of its aliases. */
function writerField(field: AvroField, writerFields: ReadonlyMap<string, AvroField>): AvroField | undefined {
  const byName = writerFields.get(field.name)
  if (byName) return byName
  for (const alias of field.aliases) {
    const byAlias = writerFields.get(alias)
    if (byAlias) return byAlias
  }
  return undefined
}

/** Namespaces are not compared; an alias is, with its own. */
function nameDifferences(reader: AvroNamed, writer: AvroNamed, path: readonly string[]): AvroDifference[] {
  if (reader.name.simple === writer.name.simple) return []
  const written = fullName(writer.name)
  if (reader.aliases.some((alias) => fullName(alias) === written)) return []
  return [difference('NAME_MISMATCH', [...path, 'name'], `expected: ${written}`)]
}

function sizeDifferences(reader: AvroFixed, writer: AvroFixed, path: readonly string[]): AvroDifference[] {
  if (reader.size === writer.size) return []
  return [difference('FIXED_SIZE_MISMATCH', [...path, 'size'], `expected: ${writer.size}, found: ${reader.size}`)]
}

function symbolDifferences(reader: AvroEnum, writer: AvroEnum, path: readonly string[]): AvroDifference[] {
  if (reader.default !== null) return []
  const known = new Set(reader.symbols)
  const missing = writer.symbols.filter((symbol) => !known.has(symbol)).sort()
  return missing.length === 0
    ? []
    : [difference('MISSING_ENUM_SYMBOLS', [...path, 'symbols'], `[${missing.join(', ')}]`)]
}

function missingBranch(writer: AvroType, path: readonly string[]): AvroDifference {
  return difference('MISSING_UNION_BRANCH', path, `reader union lacking writer type: ${writer.kind.toUpperCase()}`)
}

function typeMismatch(reader: AvroType, writer: AvroType, path: readonly string[]): AvroDifference {
  const text = `reader type: ${reader.kind.toUpperCase()} not compatible with writer type: ${writer.kind.toUpperCase()}`
  return difference('TYPE_MISMATCH', path, text)
}

function difference(type: AvroDifferenceType, path: readonly string[], message: string): AvroDifference {
  return { type, location: `/${path.join('/')}`, message }
}
