import type { Difference } from '../kind'
import { isScalar, oneofMembers, type ProtoField, type ProtoFile, type ProtoMessage, type ProtoType } from './file'
import type { Definition, Names } from './names'

/** A file with the names that it knows. */
export interface ProtoSide {
  readonly file: ProtoFile
  readonly names: Names
}

/** Comparisons that are made at most. */
const maxComparisons = 200_000

/** Kinds of numbers on the wire: inside one, a change is read correctly. */
const wireKinds: Readonly<Record<string, string>> = {
  int32: 'varint',
  int64: 'varint',
  uint32: 'varint',
  uint64: 'varint',
  bool: 'varint',
  sint32: 'zigzag',
  sint64: 'zigzag',
  string: 'text',
  bytes: 'text',
  fixed32: 'fixed32',
  sfixed32: 'fixed32',
  fixed64: 'fixed64',
  sfixed64: 'fixed64',
  float: 'float',
  double: 'double',
}

/** What a reader of `update` could misread of what was written with `original` (Confluent's SchemaDiff for Protobuf). */
export function protobufDifferences(original: ProtoSide, update: ProtoSide): Difference[] {
  return new Comparison(original, update).files()
}

class Comparison {
  readonly #original: ProtoSide
  readonly #update: ProtoSide
  /** Types of references that are compared or were, by both names. */
  readonly #seen = new Set<string>()
  #left = maxComparisons

  constructor(original: ProtoSide, update: ProtoSide) {
    this.#original = original
    this.#update = update
  }

  files(): Difference[] {
    const [before, after] = [this.#original.file, this.#update.file]
    const found: Difference[] =
      before.package === after.package
        ? []
        : [
            difference(
              'PACKAGE_CHANGED',
              '#/',
              `The package of the %new schema is ${after.package || 'none'}, of the %old one ${before.package || 'none'}`,
            ),
          ]
    found.push(...this.#types(before.types, after.types, [before.package, after.package], '#'))
    if (this.#left > 0) return found
    return [difference('SCHEMA_TOO_COMPLEX', '#/', 'The schemas are too large to be compared')]
  }

  #types(before: readonly ProtoType[], after: readonly ProtoType[], scopes: Scopes, path: string): Difference[] {
    const updated = new Map(after.map((type) => [type.name, type]))
    return before.flatMap((type) => {
      if (type.kind !== 'message') return []
      const place = `${path}/${type.name}`
      const other = updated.get(type.name)
      if (other?.kind !== 'message') {
        return [difference('MESSAGE_REMOVED', place, 'The %new schema is missing a message of the %old one')]
      }
      return this.#messages(type, other, [inner(scopes[0], type.name), inner(scopes[1], type.name)], place)
    })
  }

  #messages(before: ProtoMessage, after: ProtoMessage, scopes: Scopes, path: string): Difference[] {
    if (this.#left-- <= 0) return []
    const fresh = new Map(after.fields.map((field) => [field.number, field]))
    const old = new Map(before.fields.map((field) => [field.number, field]))
    const numbers = [...new Set([...old.keys(), ...fresh.keys()])].sort((a, b) => a - b)
    return [
      ...this.#types(before.types, after.types, scopes, path),
      ...numbers.flatMap((number) => this.#fieldPair(old.get(number), fresh.get(number), scopes, `${path}/${number}`)),
      ...oneofDifferences(before, after, path),
    ]
  }

  #fieldPair(old: ProtoField | undefined, fresh: ProtoField | undefined, scopes: Scopes, path: string): Difference[] {
    if (old && fresh) return this.#fields(old, fresh, scopes, path)
    if (fresh?.label === 'required') {
      return [
        difference('REQUIRED_FIELD_ADDED', path, 'The %new schema has a required field that the %old one has not'),
      ]
    }
    if (old?.label === 'required') {
      return [difference('REQUIRED_FIELD_REMOVED', path, 'The %new schema is missing a required field of the %old one')]
    }
    return []
  }

  #fields(old: ProtoField, fresh: ProtoField, scopes: Scopes, path: string): Difference[] {
    if (old.mapKey !== null && fresh.mapKey !== null) {
      return [
        ...this.#fieldTypes(old.mapKey, fresh.mapKey, scopes, path),
        ...this.#fieldTypes(old.type, fresh.type, scopes, path),
      ]
    }
    if (old.mapKey !== null || fresh.mapKey !== null) return [kindChanged(path)]
    const isRepeated = (field: ProtoField) => field.label === 'repeated'
    const found = this.#fieldTypes(old.type, fresh.type, scopes, path)
    const kind = this.#kindOf(fresh.type, scopes[1], this.#update)
    if (isRepeated(old) !== isRepeated(fresh) && kind !== 'text' && kind !== 'message') {
      found.push(
        difference(
          'FIELD_NUMERIC_LABEL_CHANGED',
          path,
          'The label of a numeric field in the %new schema differs from the %old one',
        ),
      )
    }
    return found
  }

  #fieldTypes(old: string, fresh: string, scopes: Scopes, path: string): Difference[] {
    const [before, after] = [this.#kindOf(old, scopes[0], this.#original), this.#kindOf(fresh, scopes[1], this.#update)]
    if ((before === 'message') !== (after === 'message')) return [kindChanged(path)]
    if (before !== 'message') {
      if (before === after) return []
      return [
        difference(
          'FIELD_SCALAR_KIND_CHANGED',
          path,
          `The kind of a field in the %new schema is ${fresh}, in the %old one ${old}`,
        ),
      ]
    }
    const [oldType, freshType] = [
      this.#original.names.resolve(old, scopes[0]),
      this.#update.names.resolve(fresh, scopes[1]),
    ]
    if (localName(oldType, old) !== localName(freshType, fresh)) {
      return [
        difference(
          'FIELD_NAMED_TYPE_CHANGED',
          path,
          `The type of a field in the %new schema is ${fresh}, in the %old one ${old}`,
        ),
      ]
    }
    return this.#referred(oldType, freshType, path)
  }

  /** A message that comes from a reference is compared by what it is; those of the file itself are compared where they are defined. */
  #referred(old: Definition | undefined, fresh: Definition | undefined, path: string): Difference[] {
    if (old?.type.kind !== 'message' || fresh?.type.kind !== 'message') return []
    const isOwn = old.file === this.#original.file && fresh.file === this.#update.file
    const key = `${old.fullName} ${fresh.fullName}`
    if (isOwn || old.type === fresh.type || this.#seen.has(key)) return []
    this.#seen.add(key)
    return this.#messages(old.type, fresh.type, [old.fullName, fresh.fullName], path)
  }

  #kindOf(type: string, scope: string, { names }: ProtoSide): string {
    if (isScalar(type)) return wireKinds[type]!
    return names.resolve(type, scope)?.type.kind === 'enum' ? 'varint' : 'message'
  }
}

/** Where a message is, in the original and in the update. */
type Scopes = readonly [before: string, after: string]

function oneofDifferences(before: ProtoMessage, after: ProtoMessage, path: string): Difference[] {
  const fresh = new Map(after.fields.map((field) => [field.number, field]))
  const [membersBefore, membersAfter] = [oneofMembers(before), oneofMembers(after)]
  const namesAfter = new Set(after.oneofs.map(({ name }) => name))
  const independent = new Set(before.fields.filter(({ oneof }) => oneof === null).map(({ number }) => number))
  const found: Difference[] = []
  for (const { name } of before.oneofs) {
    const members = membersBefore.get(name) ?? []
    const gone = members.filter(({ number }) => !fresh.has(number))
    const livesOn = gone.length < members.length || namesAfter.has(name)
    if (!livesOn) continue
    for (const { number } of gone) {
      found.push(
        difference(
          'ONEOF_FIELD_REMOVED',
          `${path}/${name}/${number}`,
          'The %new schema is missing a field of a oneof of the %old one',
        ),
      )
    }
  }
  const existing = new Set(before.oneofs.map(({ name }) => name))
  for (const { name } of after.oneofs) {
    const moved = (membersAfter.get(name) ?? []).filter(({ number }) => independent.has(number))
    if (existing.has(name) && moved.length > 0) {
      found.push(
        difference(
          'FIELD_MOVED_TO_EXISTING_ONEOF',
          `${path}/${name}`,
          'The %new schema moves a field into an existing oneof',
        ),
      )
    } else if (moved.length > 1) {
      found.push(
        difference(
          'MULTIPLE_FIELDS_MOVED_TO_ONEOF',
          `${path}/${name}`,
          'The %new schema moves several fields into a oneof',
        ),
      )
    }
  }
  return found
}

function localName(definition: Definition | undefined, written: string): string {
  const name = definition?.fullName ?? written.replace(/^\./, '')
  const prefix = definition?.file.package
  return prefix && name.startsWith(`${prefix}.`) ? name.slice(prefix.length + 1) : name
}

function inner(scope: string, name: string): string {
  return scope === '' ? name : `${scope}.${name}`
}

function kindChanged(path: string): Difference {
  return difference('FIELD_KIND_CHANGED', path, 'The kind of a field in the %new schema differs from the %old one')
}

function difference(type: string, path: string, description: string): Difference {
  return { type, path, description: `${description} at path '${path}'`, detail: '' }
}
