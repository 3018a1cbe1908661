import type { InferredNote } from '../../contract/topic-schemas'
import { isArray, isObject, type Json, JsonNumber } from '../../registry/json'

/** Objects with more different names than this are maps: their names are data. */
const maxNames = 200

/** What was seen in one place of some JSON values. */
export interface Shape {
  values: number
  nulls: number
  booleans: number
  texts: number
  /** Whole numbers, and how large the largest is (without its sign); `decimals` are all others. */
  integers: number
  largest: bigint
  decimals: number
  objects: number
  /** By name, in the order in which they came. */
  readonly fields: Map<string, Shape>
  lists: number
  items: Shape | null
}

export function emptyShape(): Shape {
  return {
    values: 0,
    nulls: 0,
    booleans: 0,
    texts: 0,
    integers: 0,
    largest: 0n,
    decimals: 0,
    objects: 0,
    fields: new Map(),
    lists: 0,
    items: null,
  }
}

/** Adds a value to what was seen. */
export function note(shape: Shape, value: Json): void {
  shape.values++
  if (value === null) shape.nulls++
  else if (typeof value === 'boolean') shape.booleans++
  else if (typeof value === 'string') shape.texts++
  else if (value instanceof JsonNumber) noteNumber(shape, value)
  else if (isArray(value)) {
    shape.lists++
    shape.items ??= emptyShape()
    for (const item of value) note(shape.items, item)
  } else if (isObject(value)) {
    shape.objects++
    for (const [name, inner] of value) {
      const field = shape.fields.get(name) ?? emptyShape()
      shape.fields.set(name, field)
      note(field, inner)
    }
  }
}

function noteNumber(shape: Shape, { isInteger, text }: JsonNumber): void {
  if (!isInteger) {
    shape.decimals++
    return
  }
  shape.integers++
  const value = BigInt(text)
  // -2^63 fits in 64 bits, 2^63 does not.
  const size = value < 0n ? -value - 1n : value
  if (size > shape.largest) shape.largest = size
}

/** Names that are data: the values of all of them are of one kind. */
export function isMap({ fields }: Shape): boolean {
  return fields.size > maxNames
}

/** All values of a map as one. */
export function mapValues({ fields }: Shape): Shape {
  const all = emptyShape()
  for (const field of fields.values()) merge(all, field)
  return all
}

function merge(into: Shape, from: Shape): void {
  for (const key of ['values', 'nulls', 'booleans', 'texts', 'integers', 'decimals', 'objects', 'lists'] as const) {
    into[key] += from[key]
  }
  if (from.largest > into.largest) into.largest = from.largest
  for (const [name, field] of from.fields) {
    const known = into.fields.get(name) ?? emptyShape()
    into.fields.set(name, known)
    merge(known, field)
  }
  if (from.items) {
    into.items ??= emptyShape()
    merge(into.items, from.items)
  }
}

/** The kinds of value that were seen, besides null. */
export function kindsOf({ booleans, texts, integers, decimals, objects, lists }: Shape): string[] {
  const seen = { boolean: booleans, string: texts, number: integers + decimals, object: objects, array: lists }
  return Object.entries(seen).flatMap(([kind, count]) => (count > 0 ? [kind] : []))
}

/** What is not certain of a field. */
export function fieldNotes(parent: Shape, field: Shape, path: string, notes: InferredNote[]): void {
  if (field.values < parent.objects) notes.push({ kind: 'optional', path, present: field.values, of: parent.objects })
  if (field.nulls > 0) notes.push({ kind: 'nullable', path, nulls: field.nulls, of: field.values })
}
