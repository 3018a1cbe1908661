import type { Json, JsonObject } from '../json'

/** Avro schemas as values. A named type is one object wherever it is used, so that a recursive schema is a cycle of objects. */
export const primitives = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'] as const
export type Primitive = (typeof primitives)[number]

export interface AvroPrimitive {
  readonly kind: Primitive
  readonly properties: JsonObject
}

interface AvroArray {
  readonly kind: 'array'
  readonly items: AvroType
  readonly properties: JsonObject
}

interface AvroMap {
  readonly kind: 'map'
  readonly values: AvroType
  readonly properties: JsonObject
}

export interface AvroUnion {
  readonly kind: 'union'
  readonly branches: readonly AvroType[]
}

/** A name and its namespace; '' is the null namespace. */
export interface Name {
  readonly simple: string
  readonly space: string
}

interface Named {
  readonly name: Name
  readonly doc: string | null
  readonly aliases: readonly Name[]
  readonly properties: JsonObject
}

export interface AvroField {
  readonly name: string
  readonly type: AvroType
  readonly doc: string | null
  /** undefined: none. */
  readonly default: Json | undefined
  readonly order: 'ascending' | 'descending' | 'ignore'
  readonly aliases: readonly string[]
  readonly properties: JsonObject
}

export interface AvroRecord extends Named {
  readonly kind: 'record'
  readonly isError: boolean
  /** Filled while the record is read, because a field may be of the record itself. */
  readonly fields: readonly AvroField[]
}

export interface AvroEnum extends Named {
  readonly kind: 'enum'
  readonly symbols: readonly string[]
  readonly default: string | null
}

export interface AvroFixed extends Named {
  readonly kind: 'fixed'
  readonly size: number
}

export type AvroNamed = AvroRecord | AvroEnum | AvroFixed
export type AvroType = AvroPrimitive | AvroArray | AvroMap | AvroUnion | AvroNamed

export function isNamed(type: AvroType): type is AvroNamed {
  return type.kind === 'record' || type.kind === 'enum' || type.kind === 'fixed'
}

export function isPrimitive(type: AvroType): type is AvroPrimitive {
  return (primitives as readonly string[]).includes(type.kind)
}

export function fullName({ simple, space }: Name): string {
  return space === '' ? simple : `${space}.${simple}`
}

/** What names a branch of a union: the full name of a named type, else the kind. */
export function branchName(type: AvroType): string {
  return isNamed(type) ? fullName(type.name) : type.kind
}
