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

/** An example value of a type as JSON text, for forms: a field's default where it has one. */
export function exampleOf(type: AvroType, open: readonly AvroType[] = []): string {
  switch (type.kind) {
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
      return JSON.stringify('\u0000'.repeat(Math.min(type.size, 1024)))
    case 'enum':
      return JSON.stringify(type.default ?? type.symbols[0] ?? '')
    case 'array':
      return open.includes(type.items) ? '[]' : `[${exampleOf(type.items, open)}]`
    case 'map':
      return open.includes(type.values) ? '{}' : `{"key":${exampleOf(type.values, open)}}`
    case 'union': {
      const branch = type.branches.find((other) => other.kind !== 'null' && !open.includes(other)) ?? type.branches[0]
      if (!branch) return 'null'
      const inner = exampleOf(branch, open)
      return branch.kind === 'null'
        ? 'null'
        : `{${JSON.stringify(isNamed(branch) ? nameOf(branch) : branch.kind)}:${inner}}`
    }
    case 'record': {
      const inner = [...open, type]
      return `{${type.fields.map(({ name, type: of }) => `${JSON.stringify(name)}:${exampleOf(of, inner)}`).join(',')}}`
    }
  }
}

function nameOf({ name: { simple, space } }: Extract<AvroType, { readonly name: unknown }>): string {
  return space === '' ? simple : `${space}.${simple}`
}
