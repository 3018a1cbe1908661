/** A `.proto` file as a value. Comments are not kept; options keep their values as text. */
export interface ProtoFile {
  /** `proto2`, `proto3`, or an edition such as `2023`. */
  readonly syntax: string
  readonly package: string
  readonly imports: readonly ProtoImport[]
  readonly options: readonly ProtoOption[]
  readonly types: readonly ProtoType[]
  readonly extensions: readonly ProtoExtension[]
  readonly services: readonly ProtoService[]
}

export interface ProtoImport {
  readonly path: string
  readonly kind: '' | 'public' | 'weak'
}

export interface ProtoOption {
  /** `deprecated`, `(my.option).field`. */
  readonly name: string
  /** As it is written: `true`, `"text"`, `{ a: 1 }`. */
  readonly value: string
}

export type ProtoType = ProtoMessage | ProtoEnum

export interface ProtoMessage {
  readonly kind: 'message'
  readonly name: string
  readonly options: readonly ProtoOption[]
  readonly fields: readonly ProtoField[]
  readonly oneofs: readonly ProtoOneof[]
  readonly types: readonly ProtoType[]
  readonly extensions: readonly ProtoExtension[]
  /** As they are written: `1`, `2 to 5`, `"name"`. */
  readonly reserved: readonly string[]
  readonly extensionRanges: readonly string[]
}

export interface ProtoOneof {
  readonly name: string
  readonly options: readonly ProtoOption[]
}

export type ProtoLabel = '' | 'optional' | 'required' | 'repeated'

export interface ProtoField {
  readonly label: ProtoLabel
  /** `string`, `Item`, `.shop.Item`; of a map the type of its values; of a group its name. */
  readonly type: string
  readonly name: string
  readonly number: number
  readonly options: readonly ProtoOption[]
  /** The type of the keys, when the field is a map. */
  readonly mapKey: string | null
  /** The oneof that it is a member of. */
  readonly oneof: string | null
  /** It is written as a group (proto2): its type is a nested message of that name. */
  readonly isGroup: boolean
}

export interface ProtoEnum {
  readonly kind: 'enum'
  readonly name: string
  readonly options: readonly ProtoOption[]
  readonly values: readonly {
    readonly name: string
    readonly number: number
    readonly options: readonly ProtoOption[]
  }[]
  readonly reserved: readonly string[]
}

export interface ProtoExtension {
  readonly extendee: string
  readonly fields: readonly ProtoField[]
}

export interface ProtoService {
  readonly name: string
  readonly options: readonly ProtoOption[]
  readonly methods: readonly ProtoMethod[]
}

export interface ProtoMethod {
  readonly name: string
  readonly input: string
  readonly output: string
  readonly streamsInput: boolean
  readonly streamsOutput: boolean
  readonly options: readonly ProtoOption[]
}

/** The fields of each oneof, in their order. */
export function oneofMembers({ fields }: ProtoMessage): ReadonlyMap<string, readonly ProtoField[]> {
  const members = new Map<string, ProtoField[]>()
  for (const field of fields) {
    if (field.oneof === null) continue
    const known = members.get(field.oneof)
    if (known) known.push(field)
    else members.set(field.oneof, [field])
  }
  return members
}

export const scalarTypes = [
  'double',
  'float',
  'int64',
  'uint64',
  'int32',
  'fixed64',
  'fixed32',
  'bool',
  'string',
  'bytes',
  'uint32',
  'sfixed32',
  'sfixed64',
  'sint32',
  'sint64',
] as const
export type ScalarType = (typeof scalarTypes)[number]

export function isScalar(type: string): type is ScalarType {
  return (scalarTypes as readonly string[]).includes(type)
}
