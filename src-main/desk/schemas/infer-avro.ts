import type { InferredNote } from '../../contract/topic-schemas'
import { fieldNotes, isMap, kindsOf, mapValues, type Shape } from './json-shape'

const int32 = 2n ** 31n
const int64 = 2n ** 63n

interface Context {
  readonly notes: InferredNote[]
  /** Names of records: each is used once. */
  readonly used: Set<string>
}

/** An Avro schema of what was seen. */
export function avroOf(shape: Shape, topic: string, notes: InferredNote[]): string {
  const context = { notes, used: new Set<string>() }
  return JSON.stringify(typeOf(shape, topic, '', context), null, 2)
}

/** @param name of the record, if it is one */
function typeOf(shape: Shape, name: string, path: string, context: Context): unknown {
  const branches = branchesOf(shape, name, path, context)
  const kinds = kindsOf(shape)
  if (kinds.length > 1) context.notes.push({ kind: 'mixed', path, types: kinds })
  if (branches.length === 0) {
    context.notes.push({ kind: 'unknown', path })
    return shape.nulls > 0 ? ['null', 'string'] : 'string'
  }
  const all = shape.nulls > 0 ? ['null', ...branches] : branches
  return all.length === 1 ? all[0] : all
}

function branchesOf(shape: Shape, name: string, path: string, context: Context): unknown[] {
  const { booleans, texts, integers, decimals, objects, lists } = shape
  return [
    ...(booleans > 0 ? ['boolean'] : []),
    ...(integers + decimals > 0 ? [numberOf(shape, path, context)] : []),
    ...(texts > 0 ? ['string'] : []),
    ...(lists > 0 ? [{ type: 'array', items: itemsOf(shape, name, path, context) }] : []),
    ...(objects > 0 ? [isMap(shape) ? mapOf(shape, name, path, context) : recordOf(shape, name, path, context)] : []),
  ]
}

function numberOf({ decimals, largest }: Shape, path: string, { notes }: Context): string {
  if (decimals > 0) return 'double'
  if (largest < int32) return 'int'
  if (largest < int64) return 'long'
  notes.push({ kind: 'large', path })
  return 'double'
}

function itemsOf({ items }: Shape, name: string, path: string, context: Context): unknown {
  if (items && items.values > 0) return typeOf(items, `${name}Item`, `${path}[]`, context)
  context.notes.push({ kind: 'unknown', path: `${path}[]` })
  return 'string'
}

function mapOf(shape: Shape, name: string, path: string, context: Context): unknown {
  return { type: 'map', values: typeOf(mapValues(shape), `${name}Value`, `${path}{}`, context) }
}

function recordOf(shape: Shape, name: string, path: string, context: Context): unknown {
  const record = { type: 'record', name: freeName(name, context.used) }
  const taken = new Set<string>()
  const fields = [...shape.fields].map(([given, field]) => {
    const place = path === '' ? given : `${path}.${given}`
    const own = freeFieldName(given, taken)
    if (own !== given) context.notes.push({ kind: 'renamed', path: place, name: own })
    fieldNotes(shape, field, place, context.notes)
    const type = typeOf(field, given, place, context)
    if (field.values === shape.objects) return { name: own, type }
    // What may be missing has a default, or no reader could do without it.
    const branches = Array.isArray(type) ? (type as unknown[]) : [type]
    return { name: own, type: ['null', ...branches.filter((branch) => branch !== 'null')], default: null }
  })
  return { ...record, fields }
}

/** `order-lines` is OrderLines; a second one OrderLines2. */
function freeName(given: string, used: Set<string>): string {
  const words = given.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '')
  const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  return unique(/^\p{L}/u.test(joined) ? joined : `R${joined}`, used)
}

function freeFieldName(given: string, taken: Set<string>): string {
  const plain = given.replace(/[^\p{L}\p{N}_]/gu, '_')
  return unique(/^[\p{L}_]/u.test(plain) ? plain : `_${plain}`, taken)
}

function unique(name: string, used: Set<string>): string {
  let free = name
  for (let n = 2; used.has(free); n++) free = `${name}${n}`
  used.add(free)
  return free
}
