import type { Uuid } from '../base/uuid'

/** Versions of a message; without `until` up to the newest. */
export interface VersionRange {
  readonly since?: number
  readonly until?: number
}

/** A tagged field (KIP-482): written only when not at its default, found by number. */
export interface Tag extends VersionRange {
  readonly id: number
}

export interface FieldOptions<T> extends VersionRange {
  /** `true`: in every version that has the field. */
  readonly nullable?: true | VersionRange
  /** Kafka's default where it is not 0, false, empty or the zero uuid. */
  readonly default?: T | null
  /** Left out silently by a version that cannot carry it; otherwise writing a non-default value is an EncodeError. */
  readonly ignorable?: true
  readonly tag?: Tag
}

export type Primitive =
  | 'bool'
  | 'int8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'int64'
  | 'float64'
  | 'string'
  | 'uuid'
  | 'bytes'
  | 'records'

/**
 * One field as data. The type parameters exist for the compiler alone: what decoding gives, what encoding takes,
 * and whether encoding may leave it out.
 */
export interface Field<Out = unknown, In = Out, Optional extends boolean = boolean> {
  readonly type: Primitive | 'struct' | 'array'
  readonly options: FieldOptions<unknown>
  /** Of an array: its element. */
  readonly item?: Field
  /** Of a struct: its fields. */
  readonly fields?: Fields
  readonly out?: Out
  readonly in?: In
  readonly optional?: Optional
}

/** The fields of a struct, in the order of the wire. */
export type Fields = { readonly [name: string]: Field }

type OutOf<F> = F extends Field<infer Out, infer _In, infer _Optional> ? Out : never
type InOf<F> = F extends Field<infer _Out, infer In, infer _Optional> ? In : never
type OptionalKeys<S> = {
  [K in keyof S]: S[K] extends Field<infer _O, infer _I, infer P> ? (P extends true ? K : never) : never
}[keyof S]

/** What decoding a struct gives: every field, whatever the version; absent ones at their default. */
export type ValueOf<S extends Fields> = { [K in keyof S]: OutOf<S[K]> } & {
  readonly unknownTaggedFields?: readonly UnknownTag[]
}

/** What encoding a struct takes: fields with a default, or that not every version has, may be left out. */
export type InputOf<S extends Fields> = { readonly [K in Exclude<keyof S, OptionalKeys<S>>]: InOf<S[K]> } & {
  readonly [K in OptionalKeys<S>]?: InOf<S[K]>
} & { readonly unknownTaggedFields?: readonly UnknownTag[] }

/** A tagged field that this schema does not know. It is kept, and written again. */
export interface UnknownTag {
  readonly tag: number
  readonly data: Uint8Array
}

type Nullable<O> = O extends { nullable: unknown } ? null : never
type Leavable<O> = O extends { default: unknown } | { since: number } | { until: number } | { tag: Tag } ? true : false

function primitive<T, In = T>(type: Primitive) {
  return <const O extends FieldOptions<In> = Record<never, never>>(
    options?: O,
  ): Field<T | Nullable<O>, In | Nullable<O>, Leavable<O>> => ({ type, options: options ?? {} })
}

export const bool = primitive<boolean>('bool')
export const int8 = primitive<number>('int8')
export const int16 = primitive<number>('int16')
export const uint16 = primitive<number>('uint16')
export const int32 = primitive<number>('int32')
/** Always a bigint: nothing on the wire is rounded. */
export const int64 = primitive<bigint>('int64')
export const float64 = primitive<number>('float64')
export const string = primitive<string>('string')
export const uuid = primitive<Uuid>('uuid')
/** Decodes to a view into the frame, not a copy. */
export const bytes = primitive<Uint8Array>('bytes')
/** Record batches: a view when decoded, chunks by reference when encoded, so that a fetch copies nothing. */
export const records = primitive<Uint8Array | null, Uint8Array | readonly Uint8Array[] | null>('records')

/** An array of one primitive, or of structs. */
export function array<const F extends Field | Fields, const O extends FieldOptions<never[]> = Record<never, never>>(
  item: F,
  options?: O,
): F extends Field
  ? Field<OutOf<F>[] | Nullable<O>, readonly InOf<F>[] | Nullable<O>, Leavable<O>>
  : F extends Fields
    ? Field<ValueOf<F>[] | Nullable<O>, readonly InputOf<F>[] | Nullable<O>, Leavable<O>>
    : never
export function array(item: Field | Fields, options?: FieldOptions<never[]>): unknown {
  return { type: 'array', item: isField(item) ? item : struct(item), options: options ?? {} } satisfies Field
}

/** A struct within a struct. */
export function struct<const S extends Fields, const O extends FieldOptions<null> = Record<never, never>>(
  fields: S,
  options?: O,
): Field<ValueOf<S> | Nullable<O>, InputOf<S> | Nullable<O>, Leavable<O>> {
  return { type: 'struct', fields, options: options ?? {} }
}

function isField(item: Field | Fields): item is Field {
  return typeof item.type === 'string'
}

/** One of Kafka's messages: a request, a response, or a blob with a version of its own. */
export interface Message<S extends Fields = Fields> {
  readonly name: string
  readonly versions: readonly [min: number, max: number]
  /** The first version with compact lengths and tags; `Infinity` where there is none. */
  readonly flexible: number
  readonly fields: S
}

/** A request and its response. */
export interface Api<Name extends string = string, Req extends Fields = Fields, Res extends Fields = Fields> {
  readonly name: Name
  readonly key: number
  readonly versions: readonly [min: number, max: number]
  readonly flexible: number
  readonly request: Message<Req>
  readonly response: Message<Res>
}

/** Declares an API. `versions` are those that this schema can read and write, not those that a broker serves. */
export function api<const Name extends string, const Req extends Fields, const Res extends Fields>(
  name: Name,
  of: {
    key: number
    versions: readonly [number, number]
    flexible: number
    request: Req
    response: Res
  },
): Api<Name, Req, Res> {
  const { key, versions, flexible } = of
  return {
    name,
    key,
    versions,
    flexible,
    request: { name: `${name} request`, versions, flexible, fields: of.request },
    response: { name: `${name} response`, versions, flexible, fields: of.response },
  }
}

/** Declares a message that travels inside another one, after its version number. */
export function message<const S extends Fields>(
  name: string,
  of: { versions: readonly [number, number]; flexible: number; fields: S },
): Message<S> {
  return { name, ...of }
}

/** Whether a version lies in a range. */
export function covers(range: VersionRange, version: number): boolean {
  return version >= (range.since ?? 0) && version <= (range.until ?? Number.POSITIVE_INFINITY)
}
