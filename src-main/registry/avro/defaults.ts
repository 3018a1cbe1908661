import { isArray, isObject, type Json, JsonNumber } from '../json'
import { type AvroType, isNamed } from './schema'

/** How deep defaults of records are followed: one whose default holds the record itself has no end. */
const maxDepth = 200

/**
 * Whether a default fits its type (org.apache.avro.Schema.isValidDefault): of a union any branch will do. A record of `open`, whose fields
 * are not known yet, has none.
 */
export function isValidDefault(
  type: AvroType,
  value: Json | undefined,
  open: ReadonlySet<AvroType> = new Set(),
  depth = 0,
): boolean {
  if (value === undefined || depth > maxDepth) return false
  switch (type.kind) {
    case 'null':
      return value === null
    case 'boolean':
      return typeof value === 'boolean'
    case 'int':
      return value instanceof JsonNumber && value.isInteger && isWithin(value.text, 31n)
    case 'long':
      return value instanceof JsonNumber && value.isInteger && isWithin(value.text, 63n)
    case 'float':
    case 'double':
      return value instanceof JsonNumber
    case 'string':
    case 'bytes':
    case 'enum':
    case 'fixed':
      return typeof value === 'string'
    case 'array':
      return isArray(value) && value.every((item) => isValidDefault(type.items, item, open, depth + 1))
    case 'map':
      return isObject(value) && [...value.values()].every((item) => isValidDefault(type.values, item, open, depth + 1))
    case 'union':
      return type.branches.some((branch) => isValidDefault(branch, value, open, depth + 1))
    case 'record':
      return (
        isObject(value) &&
        !open.has(type) &&
        type.fields.every((field) =>
          isValidDefault(field.type, value.get(field.name) ?? field.default, open, depth + 1),
        )
      )
  }
}

function isWithin(text: string, bits: bigint): boolean {
  const value = BigInt(text)
  const limit = 1n << bits
  return value >= -limit && value < limit
}

/** Types that an example may visit: a small schema can describe a value of any size. */
const maxVisited = 20_000

/**
 * An example value of a type as JSON text, for forms. `null` where no value exists: a record that always contains itself.
 *
 * @throws Error when the example would be too large
 */
export function exampleOf(type: AvroType): string {
  let left = maxVisited
  const exampleIn = (of: AvroType, open: readonly AvroType[]): string | undefined => {
    if (--left < 0) throw new Error('This schema is too large for an example.')
    switch (of.kind) {
      case 'null':
        return 'null'
      case 'boolean':
        return 'false'
      case 'int':
      case 'long':
        return '0'
      case 'float':
      case 'double':
        return '0.0'
      case 'string':
      case 'bytes':
        return '""'
      case 'fixed':
        return JSON.stringify('\u0000'.repeat(Math.min(of.size, 1024)))
      case 'enum':
        return JSON.stringify(of.default ?? of.symbols[0] ?? '')
      case 'array':
        return `[${exampleIn(of.items, open) ?? ''}]`
      case 'map': {
        const value = exampleIn(of.values, open)
        return value === undefined ? '{}' : `{"key":${value}}`
      }
      case 'union': {
        for (const branch of of.branches.filter(({ kind }) => kind !== 'null')) {
          const value = exampleIn(branch, open)
          if (value === undefined) continue
          return `{${JSON.stringify(isNamed(branch) ? nameOf(branch) : branch.kind)}:${value}}`
        }
        return of.branches.length === 0 || of.branches.some(({ kind }) => kind === 'null') ? 'null' : undefined
      }
      case 'record': {
        if (open.includes(of)) return undefined
        const fields: string[] = []
        for (const { name, type: inner } of of.fields) {
          const value = exampleIn(inner, [...open, of])
          if (value === undefined) return undefined
          fields.push(`${JSON.stringify(name)}:${value}`)
        }
        return `{${fields.join(',')}}`
      }
    }
  }
  return exampleIn(type, []) ?? 'null'
}

function nameOf({ name: { simple, space } }: Extract<AvroType, { readonly name: unknown }>): string {
  return space === '' ? simple : `${space}.${simple}`
}
